using MulticastLab.Daemon.Settings;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Router.Shell;

/// <summary>What may take the place of <c>&lt;group&gt;</c>.</summary>
/// <param name="name">Its name in patterns.</param>
/// <param name="help">What it is.</param>
/// <param name="accepts">Whether a word can be it.</param>
/// <param name="values">The values to offer, given the words before.</param>
internal sealed class ArgumentKind(
    string name, string help, Func<string, bool> accepts, Func<ILiveValues, IReadOnlyList<string>, IEnumerable<string>> values)
{
    /// <summary>The kinds by name.</summary>
    public static IReadOnlyDictionary<string, ArgumentKind> All { get; } =
        new ArgumentKind[]
        {
            new("interface", "An interface", InterfaceName.IsValid, (live, _) => live.Interfaces()),
            new("group", "A group, such as 239.1.1.1", IsGroup, (live, _) => live.Groups()),
            new("groups", "A group or a prefix of groups, such as 239.1.0.0/16", IsGroups, (live, _) => live.Groups()),
            new("source", "A source, such as 192.0.2.1", IsSource, (_, _) => []),
            new("sources", "A source, a prefix of sources, or * for all", IsSources, (_, _) => ["*"]),
            new(
                "output", "An interface where packets go out, eth1, or with the TTL that they must be above, eth1=16", IsOutput,
                (live, _) => live.Interfaces()),
            new("number", "A number", text => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit), (_, _) => []),
            new("setting", "A setting of the interface", text => text.Length > 0, (_, _) => RouterInterfaceSettings.Table.Names),
            new("value", "Its value, or default", text => text.Length > 0, ValuesOf),
            new("word", "A word of a command", text => text.Length > 0, (_, _) => []),
        }.ToDictionary(each => each.Name);

    /// <summary>Its name in patterns.</summary>
    public string Name => name;

    /// <summary>What it is.</summary>
    public string Help => help;

    /// <summary>Whether a word can be it.</summary>
    public bool Accepts(string word) => accepts(word);

    /// <summary>The values to offer.</summary>
    /// <param name="live">The running router.</param>
    /// <param name="before">The words before.</param>
    public IEnumerable<string> Values(ILiveValues live, IReadOnlyList<string> before) => values(live, before);

    private static bool IsGroup(string text) => Address.TryParse(text, out var address) && address.IsMulticast;

    private static bool IsGroups(string text) => IsGroup(text) || (Prefix.TryParse(text, out var prefix) && prefix.Address.IsMulticast);

    private static bool IsSources(string text) =>
        text == "*" || IsSource(text) || (Prefix.TryParse(text, out var prefix) && !prefix.Address.IsMulticast);

    private static bool IsOutput(string text) => InterfaceName.IsValid(text.Split('=')[0]);

    private static bool IsSource(string text) => Address.TryParse(text, out var address) && !address.IsMulticast;

    private static IEnumerable<string> ValuesOf(ILiveValues live, IReadOnlyList<string> before) =>
        before.Count > 0 && RouterInterfaceSettings.Table.Find(before[^1]) is { } setting ? [.. setting.Type.Words, "default"] : [];
}

/// <summary>The running router's data, for completion.</summary>
internal interface ILiveValues
{
    /// <summary>The interfaces that it serves.</summary>
    IEnumerable<string> Interfaces();

    /// <summary>The groups that it knows.</summary>
    IEnumerable<string> Groups();
}
