using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Cli;

/// <summary>The options of <c>router run</c> that are policy: whom to believe, how much to keep, when a leave counts.</summary>
internal static class PolicyOptions
{
    private const string Membership = "a group, or a source and a group, such as 239.1.1.1 or 192.0.2.1,232.1.1.1";

    private static readonly Option<bool> RequireRouterAlert = new("--require-router-alert")
    {
        Description = "Ignore messages without the Router Alert option (RFC 9776 §9.2)",
    };

    private static readonly Option<bool> VerifySourceSubnet = new("--verify-source-subnet")
    {
        Description = "Ignore messages from outside the interface's subnets, but for 0.0.0.0 (§9.1, §9.2)",
    };

    private static readonly Option<bool> ExplicitTracking = new("--explicit-tracking")
    {
        Description = "Remember which host wants what (appendix A.2)",
    };

    private static readonly Option<Scoped<ImmediateLeave>[]> ImmediateLeave = Scoped.Option<ImmediateLeave>(
        "--immediate-leave", "never|tracked|always", "When a leave counts at once, without asking others (otherwise §6.6.3; default never)",
        TryReadWord, "never, tracked or always");

    private static readonly Option<Scoped<LeaveScope>[]> ImmediateLeaveScope = Scoped.Option<LeaveScope>(
        "--immediate-leave-scope", "all|source-specific", "For which groups --immediate-leave counts (default all)", TryReadWord, "all or source-specific");

    private static readonly Option<Scoped<int?>[]> MaxGroups =
        Limit("--max-groups", $"The most groups per interface (§9.2; default {DaemonDefaults.MaxGroups})");

    private static readonly Option<Scoped<int?>[]> MaxSources =
        Limit("--max-group-sources", $"The most sources per interface, of all groups together (default {DaemonDefaults.MaxSources})");

    private static readonly Option<Scoped<int?>[]> MaxSourcesPerGroup = Limit("--max-sources-per-group", "The most sources per group (default unlimited)");

    private static readonly Option<Scoped<int>[]> MaxHosts = Scoped.Option<int>(
        "--max-hosts", "N", "The most entries of --explicit-tracking per interface (default 100000)", TryReadCount, "a number from 1");

    private static readonly Option<Scoped<AccessRule>[]> GroupPolicy = Scoped.Option<AccessRule>(
        "--group-policy", "permit|deny:PREFIX", "The groups that hosts may join: the first rule that fits decides, none denies", AccessRule.TryParse,
        "permit:PREFIX or deny:PREFIX");

    private static readonly Option<Scoped<AccessRule>[]> SourcePolicy = Scoped.Option<AccessRule>(
        "--source-policy", "permit|deny:PREFIX", "The sources that hosts may ask for, by the same kind of rules", AccessRule.TryParse,
        "permit:PREFIX or deny:PREFIX");

    private static readonly Option<Scoped<Prefix>[]> SourceSpecificRange = Scoped.Option<Prefix>(
        "--ssm-range", "PREFIX", "The source-specific range (RFC 4604 §2; default 232.0.0.0/8)", Prefix.TryParse, "a prefix such as 232.0.0.0/8");

    private static readonly Option<Scoped<SsmMapping>[]> SsmMappings = Scoped.Option<SsmMapping>(
        "--ssm-map", "SOURCE,PREFIX", "In these groups of that range a join of all sources means this source", SsmMapping.TryParse,
        "a source and the prefix of groups, such as 192.0.2.1,232.1.0.0/16");

    private static readonly Option<Scoped<GroupAndSource>[]> StaticGroups = Scoped.Option<GroupAndSource>(
        "--static-group", "[SOURCE,]GROUP", "Forward to the LAN whether or not a host wants it", GroupAndSource.TryParse, Membership);

    private static readonly Option<Scoped<GroupAndSource>[]> LocalJoins = Scoped.Option<GroupAndSource>(
        "--join-group", "[SOURCE,]GROUP", "Join as a host of the LAN, with reports and all", GroupAndSource.TryParse, Membership);

    private static readonly Option<Scoped<bool>[]> JoinsRoutersGroup = Scoped.Option<bool>(
        "--join-routers-group", "true|false", "Be a member of 224.0.0.22 in version 3 (RFC 9776 §6; default true)", bool.TryParse, "true or false");

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All { get; } =
    [
        RequireRouterAlert, VerifySourceSubnet, GroupPolicy, SourcePolicy, MaxGroups, MaxSources, MaxSourcesPerGroup, ExplicitTracking, MaxHosts, ImmediateLeave,
        ImmediateLeaveScope, SourceSpecificRange, SsmMappings, StaticGroups, LocalJoins, JoinsRoutersGroup,
    ];

    /// <summary>The settings with what the command line says of this interface.</summary>
    public static RouterSettings Apply(RouterSettings settings, ParseResult arguments, string interfaceName)
    {
        settings = settings with
        {
            RequireRouterAlert = arguments.GetValue(RequireRouterAlert),
            OnLinkSendersOnly = arguments.GetValue(VerifySourceSubnet),
            ExplicitTracking = arguments.GetValue(ExplicitTracking),
        };
        if (arguments.GetValue(ImmediateLeave).TryFor(interfaceName, out var leave))
            settings = settings with { ImmediateLeave = leave };
        if (arguments.GetValue(ImmediateLeaveScope).TryFor(interfaceName, out var scope))
            settings = settings with { ImmediateLeaveScope = scope };
        if (arguments.GetValue(MaxGroups).TryFor(interfaceName, out var groups))
            settings = settings with { MaxGroups = groups };
        if (arguments.GetValue(MaxSources).TryFor(interfaceName, out var sources))
            settings = settings with { MaxSources = sources };
        if (arguments.GetValue(MaxSourcesPerGroup).TryFor(interfaceName, out var sourcesPerGroup))
            settings = settings with { MaxSourcesPerGroup = sourcesPerGroup };
        if (arguments.GetValue(MaxHosts).TryFor(interfaceName, out var hosts))
            settings = settings with { MaxHosts = hosts };
        if (arguments.GetValue(GroupPolicy).For(interfaceName) is { Count: > 0 } groupRules)
            settings = settings with { GroupPolicy = new AccessList(groupRules) };
        if (arguments.GetValue(SourcePolicy).For(interfaceName) is { Count: > 0 } sourceRules)
            settings = settings with { SourcePolicy = new AccessList(sourceRules) };
        if (arguments.GetValue(SourceSpecificRange).For(interfaceName) is { Count: > 0 } range)
            settings = settings with { SourceSpecificRange = range };
        if (arguments.GetValue(SsmMappings).For(interfaceName) is { Count: > 0 } mappings)
            settings = settings with { SsmMappings = mappings };
        if (arguments.GetValue(StaticGroups).For(interfaceName) is { Count: > 0 } statics)
            settings = settings with { StaticGroups = statics };
        if (arguments.GetValue(LocalJoins).For(interfaceName) is { Count: > 0 } joins)
            settings = settings with { LocalJoins = joins };
        if (arguments.GetValue(JoinsRoutersGroup).TryFor(interfaceName, out var joinsRoutersGroup))
            settings = settings with { JoinsRoutersGroup = joinsRoutersGroup };
        return settings;
    }

    /// <summary>Adds an error for every value that is for an interface which is not served.</summary>
    public static void Check(CommandResult command, string[] interfaces)
    {
        foreach (var token in All.Where(each => each.HelpName?.StartsWith("[IF=]", StringComparison.Ordinal) ?? false)
            .Select(command.GetResult).OfType<OptionResult>().SelectMany(each => each.Tokens))
        {
            var at = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (at >= 0 && !interfaces.Contains(token.Value[..at]))
                command.AddError($"'{token.Value}' is for the interface {token.Value[..at]}, which is not served");
        }
    }

    private static Option<Scoped<int?>[]> Limit(string name, string description) =>
        Scoped.Option<int?>(name, "N|unlimited", description, TryReadLimit, "a number from 1, or unlimited");

    private static bool TryReadLimit(string text, out int? most)
    {
        most = TryReadCount(text, out var count) ? count : null;
        return most is not null || text == "unlimited";
    }

    private static bool TryReadCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;

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
    private static string Word(string name) => string.Concat(name.Select((letter, at) => at > 0 && char.IsUpper(letter) ? $"-{letter}" : $"{letter}"))
        .ToLowerInvariant();
}
