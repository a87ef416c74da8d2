using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Settings;

/// <summary>The settings of a router's interface.</summary>
public static class RouterInterfaceSettings
{
    /// <summary>
    /// The maximum number of groups of an interface unless set otherwise: forged reports must not fill the memory of the machine (RFC 9776
    /// §9.2), so groups and sources are bounded, far above what a LAN has, at about 155 MB per interface when both limits are reached. The
    /// protocol core has no bound.
    /// </summary>
    private const int MaxGroups = 250_000;

    /// <summary>The maximum number of sources of an interface, of all groups together.</summary>
    private const int MaxSources = 500_000;

    private static readonly RouterSettings Defaults = new() { MaxGroups = MaxGroups, MaxSources = MaxSources };

    private static readonly IReadOnlyList<Setting<RouterSettings>> Timers =
    [
        new(
            "query-interval",
            () =>
                Time(
                    Interval, "RFC 9776 §8.2", "Between General Queries.", t => t.QueryInterval,
                    (t, value) => t with { QueryInterval = value })),
        new(
            "query-max-response-time",
            () =>
                Time(
                    ResponseTime, "RFC 9776 §8.3", "Time to answer a General Query; less than the query-interval.",
                    t => t.QueryResponseInterval, (t, value) => t with { QueryResponseInterval = value })),
        new(
            "last-member-query-interval",
            () =>
                Time(
                    ResponseTime, "RFC 9776 §8.8", "Between queries after a leave, and time to answer them.",
                    t => t.LastMemberQueryInterval, (t, value) => t with { LastMemberQueryInterval = value })),
        new(
            "last-member-query-count",
            () =>
                Count(
                    "RFC 9776 §8.9", "How many queries after a leave.", t => t.LastMemberQueryCount,
                    (t, value) => t with { LastMemberQueryCount = value }, "robustness-variable")),
        new(
            "robustness-variable",
            () =>
                Count(
                    "RFC 9776 §8.1", "How many consecutive losses to survive.", t => t.RobustnessVariable,
                    (t, value) => t with { RobustnessVariable = value })),
        new(
            "startup-query-interval",
            () =>
                Time(
                    Interval, "RFC 9776 §8.6", "Between the first General Queries.", t => t.StartupQueryInterval,
                    (t, value) => t with { StartupQueryInterval = value }, "query-interval ÷ 4")),
        new(
            "startup-query-count",
            () =>
                Count(
                    "RFC 9776 §8.7", "How many General Queries at that interval.", t => t.StartupQueryCount,
                    (t, value) => t with { StartupQueryCount = value }, "robustness-variable")),
        new(
            "unsolicited-report-interval",
            () =>
                Time(
                    ResponseTime, "RFC 9776 §8.11", "The interval within which the router repeats reports of its own memberships.",
                    t => t.UnsolicitedReportInterval, (t, value) => t with { UnsolicitedReportInterval = value })),
    ];

    /// <summary>The table.</summary>
    public static SettingTable<RouterSettings> Table { get; } =
        new(
            Defaults,
            perInterface: true,
            [
                new(
                    "version",
                    () =>
                        Value(
                            new NumberType(1, 3), "RFC 9776 §7", "The protocol version.", s => s.Version ?? Dialect.Igmp.CurrentVersion,
                            (s, value) => s with { Version = value }))
                {
                    OptionName = "igmp-version",
                },
                new(
                    "oldest-version",
                    () =>
                        Value(
                            new NumberType(1, 3), "RFC 9776 §7.3.1, §9.2",
                            "The oldest version whose reports and leaves are served; at most the version.", s => s.OldestVersion,
                            (s, value) => s with { OldestVersion = value })),
                .. Timers,
                new(
                    "require-router-alert",
                    () =>
                        Flag(
                            "RFC 9776 §9.2", "Ignore messages without the Router Alert option.", s => s.RequireRouterAlert,
                            (s, value) => s with { RequireRouterAlert = value })),
                new(
                    "verify-source-subnet",
                    () =>
                        Flag(
                            "RFC 9776 §9.1", "Ignore messages from outside the interface's subnets, but for 0.0.0.0.",
                            s => s.OnLinkSendersOnly, (s, value) => s with { OnLinkSendersOnly = value })),
                new(
                    "accepted-senders",
                    () =>
                        Value(
                            PolicyTypes.Prefixes, "RFC 9776 §9.1", "Ignore messages from outside these prefixes, but for 0.0.0.0.",
                            s => s.AcceptedSenders, (s, value) => s with { AcceptedSenders = value }, "all")),
                new(
                    "immediate-leave",
                    () =>
                        Value(
                            new ChoiceType<ImmediateLeave>(
                                ("never", ImmediateLeave.Never), ("tracked", ImmediateLeave.Tracked), ("always", ImmediateLeave.Always)),
                            "RFC 8652",
                            "When a leave takes effect at once, without querying others; "
                                + "tracked: when explicit-tracking knows of no other.",
                            s => s.ImmediateLeave,
                            (s, value) => s with { ImmediateLeave = value })),
                new(
                    "immediate-leave-scope",
                    () =>
                        Value(
                            new ChoiceType<LeaveScope>(("all", LeaveScope.All), ("source-specific", LeaveScope.SourceSpecific)),
                            "RFC 4604 §2", "For which groups immediate-leave applies.", s => s.ImmediateLeaveScope,
                            (s, value) => s with { ImmediateLeaveScope = value })),
                new(
                    "explicit-tracking",
                    () =>
                        Flag(
                            "RFC 9776 appendix A.2", "Remember which host wants what.", s => s.ExplicitTracking,
                            (s, value) => s with { ExplicitTracking = value })),
                new(
                    "max-groups",
                    () => Bound("RFC 8652", "The maximum number of groups.", s => s.MaxGroups, (s, value) => s with { MaxGroups = value })),
                new(
                    "max-group-sources",
                    () =>
                        Bound(
                            "RFC 8652", "The maximum number of sources, of all groups together.", s => s.MaxSources,
                            (s, value) => s with { MaxSources = value })),
                new(
                    "max-sources-per-group",
                    () =>
                        Bound(
                            "RFC 9776 §9.2", "The maximum number of sources of one group.", s => s.MaxSourcesPerGroup,
                            (s, value) => s with { MaxSourcesPerGroup = value })),
                new(
                    "max-hosts",
                    () =>
                        Value(
                            new NumberType(1, int.MaxValue), "RFC 9776 §9.2", "The maximum number of entries of explicit-tracking.",
                            s => s.MaxHosts,
                            (s, value) => s with { MaxHosts = value })),
                new(
                    "group-policy",
                    () =>
                        Value(
                            PolicyTypes.Rules, "RFC 8652",
                            "The groups that hosts may join: the first rule that matches decides, and what matches none is denied.",
                            s => s.GroupPolicy.Rules, (s, value) => s with { GroupPolicy = new AccessList(value) }, "all")),
                new(
                    "source-policy",
                    () =>
                        Value(
                            PolicyTypes.Rules, "RFC 8652", "The sources that hosts may request, by such rules.", s => s.SourcePolicy.Rules,
                            (s, value) => s with { SourcePolicy = new AccessList(value) }, "all")),
                new(
                    "ssm-range",
                    () =>
                        Value(
                            PolicyTypes.Prefixes, "RFC 4604 §2", "The source-specific range.",
                            s => s.SourceSpecificRange ?? SourceSpecificRange, (s, value) => s with { SourceSpecificRange = value })),
                new(
                    "ssm-map",
                    () =>
                        Value(
                            PolicyTypes.Mappings, "RFC 8652",
                            "The sources that a join of a source-specific group without a source stands for.",
                            s => s.SsmMappings, (s, value) => s with { SsmMappings = value }, "none")),
                new(
                    "static-group",
                    () =>
                        Value(
                            PolicyTypes.Memberships, "RFC 8652", "What is forwarded to the LAN whether or not a host wants it.",
                            s => s.StaticGroups, (s, value) => s with { StaticGroups = value }, "none")),
                new(
                    "join-group",
                    () =>
                        Value(
                            PolicyTypes.Memberships, "RFC 8652", "What the router itself joins on the LAN, as a host.", s => s.LocalJoins,
                            (s, value) => s with { LocalJoins = value }, "none")),
                new(
                    "join-routers-group",
                    () =>
                        Value(
                            new FlagType(), "RFC 9776 §6",
                            "Be a member of 224.0.0.22, the routers' own group, as a router of version 3 must be; "
                                + "routers of other versions never are.",
                            s => s.JoinsRoutersGroup, (s, value) => s with { JoinsRoutersGroup = value })),
            ]);

    // What the codes of the wire can hold: 31744 seconds (RFC 9776 §4.1.7) and as many tenths (§4.1.1).
    private static SecondsType Interval => new(31744);

    private static SecondsType ResponseTime => new(3174.4);

    // RFC 4607 §1.
    private static IReadOnlyList<Prefix> SourceSpecificRange => [Prefix.Parse("232.0.0.0/8")];

    /// <summary>The options that make a router's timers these: all of them, defaults too.</summary>
    public static string OptionsFor(Timing timing)
    {
        var settings = Defaults with { Timing = timing };
        return string.Join(
            ' ', Table.Options.Where(each => Timers.Contains(each.Setting)).Select(each => $"{each.Name} {each.Setting.Text(settings)}"));
    }

    private static SettingDefinition<RouterSettings> Time(
        SecondsType type, string section, string summary, Func<Timing, TimeSpan> get, Func<Timing, TimeSpan, Timing> with,
        string? whenUnset = null) =>
        Value(
            type, section, summary, s => get(s.Timing), (s, value) => s with { Timing = with(s.Timing, value) }, whenUnset,
            followsOthers: whenUnset is not null);

    private static SettingDefinition<RouterSettings> Count(
        string section, string summary, Func<Timing, int> get, Func<Timing, int, Timing> with, string? whenUnset = null) =>
        Value(
            new NumberType(1, 255), section, summary, s => get(s.Timing), (s, value) => s with { Timing = with(s.Timing, value) },
            whenUnset, followsOthers: whenUnset is not null);

    private static SettingDefinition<RouterSettings> Bound(
        string section, string summary, Func<RouterSettings, int?> get, Func<RouterSettings, int?, RouterSettings> with) =>
        Value(PolicyTypes.Limit, section, summary, s => new Limit(get(s)), (s, value) => with(s, value.Most));

    private static FlagDefinition<RouterSettings> Flag(
        string section, string summary, Func<RouterSettings, bool> get,
        Func<RouterSettings, bool, RouterSettings> with) => new(section, summary, Defaults, get, with);

    private static SettingDefinition<RouterSettings> Value<T>(
        SettingType<T> type, string section, string summary, Func<RouterSettings, T?> get, Func<RouterSettings, T, RouterSettings> with,
        string? whenUnset = null, bool followsOthers = false)
        where T : notnull => new(type, section, summary, Defaults, whenUnset, s => get(s), (s, value) => with(s, (T)value), followsOthers);
}
