using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// A policy as the command line of a router has it: <c>--max-groups 1000</c>, or for one interface <c>--max-groups eth1=50</c>. The daemon and
/// simulated routers read it here, so that one line means the same to both.
/// </summary>
public sealed class PolicyOption
{
    private const string Membership = "a group, or a source and a group, such as 239.1.1.1 or 192.0.2.1,232.1.1.1";
    private const string Rule = "permit:PREFIX or deny:PREFIX";

    private readonly bool isList;
    private readonly Func<RouterSettings, IReadOnlyList<string>, RouterSettings?> with;

    private PolicyOption(string name, string? valueName, string form, bool isList, Func<RouterSettings, IReadOnlyList<string>, RouterSettings?> with)
    {
        Name = name;
        ValueName = valueName;
        Form = form;
        this.isList = isList;
        this.with = with;
    }

    private delegate bool Reader<T>(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>All of them. Their names are those of the settings.</summary>
    public static IReadOnlyList<PolicyOption> All { get; } =
    [
        Flag("require-router-alert", settings => settings with { RequireRouterAlert = true }),
        Flag("verify-source-subnet", settings => settings with { OnLinkSendersOnly = true }),
        List<AccessRule>("group-policy", "permit|deny:PREFIX", Rule, AccessRule.TryParse, (settings, rules) => settings with { GroupPolicy = new AccessList(rules) }),
        List<AccessRule>("source-policy", "permit|deny:PREFIX", Rule, AccessRule.TryParse, (settings, rules) => settings with { SourcePolicy = new AccessList(rules) }),
        Limit("max-groups", (settings, most) => settings with { MaxGroups = most }),
        Limit("max-group-sources", (settings, most) => settings with { MaxSources = most }),
        Limit("max-sources-per-group", (settings, most) => settings with { MaxSourcesPerGroup = most }),
        Flag("explicit-tracking", settings => settings with { ExplicitTracking = true }),
        One<int>("max-hosts", "N", "a number from 1", TryReadCount, (settings, most) => settings with { MaxHosts = most }),
        One<ImmediateLeave>("immediate-leave", "never|tracked|always", "never, tracked or always", TryReadWord, (settings, when) => settings with { ImmediateLeave = when }),
        One<LeaveScope>("immediate-leave-scope", "all|source-specific", "all or source-specific", TryReadWord, (settings, scope) => settings with { ImmediateLeaveScope = scope }),
        List<Prefix>("ssm-range", "PREFIX", "a prefix such as 232.0.0.0/8", Prefix.TryParse, (settings, range) => settings with { SourceSpecificRange = range }),
        List<SsmMapping>("ssm-map", "SOURCE,PREFIX", "a source and the prefix of groups, such as 192.0.2.1,232.1.0.0/16", SsmMapping.TryParse,
            (settings, mappings) => settings with { SsmMappings = mappings }),
        List<GroupAndSource>("static-group", "[SOURCE,]GROUP", Membership, GroupAndSource.TryParse, (settings, groups) => settings with { StaticGroups = groups }),
        List<GroupAndSource>("join-group", "[SOURCE,]GROUP", Membership, GroupAndSource.TryParse, (settings, groups) => settings with { LocalJoins = groups }),
        One<bool>("join-routers-group", "true|false", "true or false", TryReadTruth, (settings, joins) => settings with { JoinsRoutersGroup = joins }),
    ];

    /// <summary>The name, without the dashes: that of the setting.</summary>
    public string Name { get; }

    /// <summary>What a help calls the value; null for an option without one.</summary>
    public string? ValueName { get; }

    /// <summary>What a value looks like, for what is said of a wrong one; empty for an option without one.</summary>
    public string Form { get; }

    /// <summary>The interface that a value is for; null when it is for all.</summary>
    public static string? InterfaceOf(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? null : value[..at];
    }

    /// <summary>Whether this is a value of the option, with or without an interface before it.</summary>
    public bool Accepts(string value) => with(new RouterSettings(), [Bare(value)]) is not null;

    /// <summary>The settings of an interface with what was given.</summary>
    /// <param name="settings">The settings without.</param>
    /// <param name="values">All values that were given, in their order; one empty one where the option has none.</param>
    /// <param name="interfaceName">The interface. Of the values of a list all for it count, of others the last one that names it, otherwise the last one for all.</param>
    /// <exception cref="FormatException">A value is none.</exception>
    public RouterSettings Apply(RouterSettings settings, IEnumerable<string> values, string interfaceName)
    {
        var fitting = values.Where(each => InterfaceOf(each) is not { } only || only == interfaceName).ToList();
        if (fitting.Count == 0)
            return settings;
        if (!isList)
            fitting = [fitting.FindLast(each => InterfaceOf(each) is not null) ?? fitting[^1]];
        return with(settings, [.. fitting.Select(Bare)]) ?? throw new FormatException($"{Name} is {Form}, not {string.Join(' ', fitting)}.");
    }

    private static string Bare(string value) => value[(value.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static PolicyOption Flag(string name, Func<RouterSettings, RouterSettings> with) => new(name, null, "", isList: false, (settings, _) => with(settings));

    private static PolicyOption Limit(string name, Func<RouterSettings, int?, RouterSettings> with) =>
        One<int?>(name, "N|unlimited", "a number from 1, or unlimited", TryReadLimit, with);

    private static PolicyOption One<T>(string name, string valueName, string form, Reader<T> read, Func<RouterSettings, T, RouterSettings> with) =>
        new(name, valueName, form, isList: false, (settings, texts) => read(texts[0], out var value) ? with(settings, value) : null);

    private static PolicyOption List<T>(string name, string valueName, string form, Reader<T> read, Func<RouterSettings, IReadOnlyList<T>, RouterSettings> with) =>
        new(name, valueName, form, isList: true, (settings, texts) =>
        {
            var values = new List<T>();
            foreach (var text in texts)
            {
                if (!read(text, out var value))
                    return null;
                values.Add(value);
            }

            return with(settings, values);
        });

    private static bool TryReadLimit(string text, out int? most)
    {
        most = TryReadCount(text, out var count) ? count : null;
        return most is not null || text == "unlimited";
    }

    private static bool TryReadCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;

    private static bool TryReadTruth(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false";
    }

    private static bool TryReadWord<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (var each in Enum.GetValues<T>())
        {
            value = each;
            if (Word(each.ToString()) == text)
                return true;
        }

        value = default;
        return false;
    }

    // SourceSpecific is source-specific on the command line.
    private static string Word(string name) =>
        string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"-{letter}" : $"{letter}")).ToLowerInvariant();
}
