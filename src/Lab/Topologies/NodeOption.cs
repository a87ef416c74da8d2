using System.Globalization;
using System.Text.RegularExpressions;

namespace MulticastLab.Lab.Topologies;

/// <summary>
/// One option that a line of <c>lab.conf</c> may set, of those that Kathará documents. It accepts any other name too, and ignores it.
/// </summary>
/// <param name="Name">The name in brackets.</param>
/// <param name="Form">What its values look like, for the error text.</param>
/// <param name="IsValid">Whether a value has that form.</param>
internal sealed partial record NodeOption(string Name, string Form, Predicate<string> IsValid)
{
    /// <summary>Whether the engines act on it. The others are read, with a warning.</summary>
    public bool HasEffect { get; init; }

    /// <summary>Gives the part of a value that may be set only once; null for an option that holds one value.</summary>
    public Func<string, string>? Key { get; init; }

    private static readonly Func<string, string> BeforeEquals = value => value[..value.IndexOf('=', StringComparison.Ordinal)];

    public static readonly IReadOnlyDictionary<string, NodeOption> All = new NodeOption[]
    {
        new("image", "an image name", value => !value.Any(char.IsWhiteSpace)) { HasEffect = true },
        new("exec", "a shell command", _ => true) { HasEffect = true, Key = value => value },
        new("sysctl", "net.NAME=VALUE", Sysctl().IsMatch) { HasEffect = true, Key = BeforeEquals },
        new("env", "NAME=VALUE", Environment().IsMatch) { HasEffect = true, Key = BeforeEquals },
        new("ipv6", "true or false", IsTruth) { HasEffect = true },
        new("mem", "a number with b, k, m (as without) or g", Memory().IsMatch),
        new(
            "cpus",
            "a number, not negative",
            value =>
                double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var count)
                && count >= 0
                && double.IsFinite(count)),
        new("port", "[HOST:]GUEST[/tcp|udp|sctp]", Port().IsMatch) { Key = value => value },
        new("bridged", "true or false", IsTruth),
        new("shell", "a path", _ => true),
        new("num_terms", "a number", value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)),
        new("ulimit", "NAME=SOFT[:HARD]", Limit().IsMatch) { Key = BeforeEquals },
        new("privileged", "true or false", IsTruth),
        new("entrypoint", "a command", _ => true),
        new("args", "arguments", _ => true),
        new("volume", "HOST|GUEST[|ro, rw or rx]", IsVolume) { Key = value => value },
    }.ToDictionary(option => option.Name);

    /// <summary>Whether a valid value of an option that is <c>true or false</c> says true.</summary>
    public static bool IsTrue(string value) => value.ToLowerInvariant() is "y" or "yes" or "t" or "true" or "on" or "1";

    // The words that Kathará takes for a Boolean.
    private static bool IsTruth(string value) =>
        IsTrue(value) || value.ToLowerInvariant() is "n" or "no" or "f" or "false" or "off" or "0";

    private static bool IsVolume(string value) =>
        value.Split('|', StringSplitOptions.RemoveEmptyEntries) is [_, _] or [_, _, "ro" or "rw" or "rx"];

    [GeneratedRegex(@"^net\.([\w-]+\.)+[\w-]+=[^=]*$")]
    private static partial Regex Sysctl();

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Environment();

    // Kathará takes a number without a unit for megabytes.
    [GeneratedRegex("^[0-9]+ *[bkmgBKMG]?$")]
    private static partial Regex Memory();

    [GeneratedRegex("^([0-9]{1,5}:)?[0-9]{1,5}(/(tcp|udp|sctp))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Port();

    [GeneratedRegex(@"^\w+=(-1|[0-9]+)(:(-1|[0-9]+))?$")]
    private static partial Regex Limit();
}
