using MulticastLab.Membership;
using MulticastLab.Membership.State;

namespace MulticastLab.Daemon.State;

/// <summary>
/// State as leaves and back. The RFC's times are whole seconds, rounded; the exact ones are given next to them in milliseconds and take
/// precedence. What is left out is as in a router that has just started: timers by their defaults, no other querier, no counter.
/// </summary>
internal static class StateLeafMapping
{
    public static InterfaceLeaves ToLeaves(this InterfaceState state)
    {
        var timing = state.Timing;
        return new InterfaceLeaves
        {
            InterfaceName = state.Name,
            OperStatus = state.Up ? OperStatus.Up : OperStatus.Down,
            Address = state.Address,
            UpTime = state.UpTime,
            Version = state.Version,
            Querier = state.Querier,
            RobustnessVariable = timing.RobustnessVariable,
            QueryInterval = Seconds(timing.QueryInterval),
            QueryMaxResponseTime = Seconds(timing.QueryResponseInterval),
            LastMemberQueryInterval = Seconds(timing.LastMemberQueryInterval),
            ExactQueryInterval = timing.QueryInterval,
            ExactQueryMaxResponseTime = timing.QueryResponseInterval,
            ExactLastMemberQueryInterval = timing.LastMemberQueryInterval,
            LastMemberQueryCount = timing.LastMemberQueryCount,
            StartupQueryInterval = timing.StartupQueryInterval,
            StartupQueryCount = timing.StartupQueryCount,
            UnsolicitedReportInterval = timing.UnsolicitedReportInterval,
            QuerierRole = state.IsQuerier ? QuerierRole.Querier : QuerierRole.NonQuerier,
            OtherQuerierPresentExpires = state.OtherQuerierPresentExpires,
            GeneralQueryExpires = state.GeneralQueryExpires,
            StartupQueriesLeft = state.StartupQueriesLeft,
            GroupsCount = state.GroupCount > state.Groups.Count ? state.GroupCount : null,
        };
    }

    public static GroupLeaves ToLeaves(this GroupState state) => new()
    {
        GroupAddress = state.Group,
        FilterMode = state.Mode,
        Expire = Seconds(state.Expires),
        ExactExpire = state.Expires,
        UpTime = Seconds(state.UpTime),
        ExactUpTime = state.UpTime,
        LastReporter = state.LastReporter,
        CompatibilityMode = state.CompatibilityMode,
        Version1HostPresentExpires = state.Version1HostPresentExpires,
        Version2HostPresentExpires = state.Version2HostPresentExpires,
        IsStatic = state.IsStatic ? true : null,
        Host = ToLeaves(state.Hosts),
        Source = [.. state.Sources.Select(ToLeaves)],
    };

    public static InterfaceState ToState(this InterfaceLeaves leaves, string place) => new()
    {
        Name = leaves.InterfaceName ?? throw LeafFault.Missing("interface-name", place),
        Up = leaves.OperStatus != OperStatus.Down,
        Address = leaves.Address,
        UpTime = leaves.UpTime,
        Version = leaves.Version ?? 3,
        Querier = leaves.Querier,
        IsQuerier = leaves.QuerierRole == QuerierRole.Querier,
        Timing = TimingOf(leaves),
        OtherQuerierPresentExpires = leaves.OtherQuerierPresentExpires,
        GeneralQueryExpires = leaves.GeneralQueryExpires,
        StartupQueriesLeft = leaves.StartupQueriesLeft ?? 0,
        Groups = leaves.Group ?? [],
        GroupCount = leaves.GroupsCount ?? 0,
    };

    public static GroupState ToState(this GroupLeaves leaves) => new()
    {
        Group = leaves.GroupAddress ?? throw LeafFault.Missing("group-address"),
        Mode = leaves.FilterMode ?? throw LeafFault.Missing("filter-mode"),
        Expires = Exact(leaves.ExactExpire, leaves.Expire),
        UpTime = Exact(leaves.ExactUpTime, leaves.UpTime),
        LastReporter = leaves.LastReporter ?? Packets.Address.AnyV4,
        CompatibilityMode = leaves.CompatibilityMode ?? 3,
        Version1HostPresentExpires = leaves.Version1HostPresentExpires,
        Version2HostPresentExpires = leaves.Version2HostPresentExpires,
        IsStatic = leaves.IsStatic ?? false,
        Hosts = Hosts(leaves.Host, $".{RouterStateJson.Own}host"),
        Sources = leaves.Source is not { Count: > 0 } sources ? [] : [.. sources.Select(ToState)],
    };

    public static StatisticsState ToState(this StatisticsLeaves? leaves) => new()
    {
        Error = leaves?.Error ?? [],
        Received = leaves?.Received ?? [],
        Sent = leaves?.Sent ?? [],
    };

    private static SourceLeaves ToLeaves(SourceState state) => new()
    {
        SourceAddress = state.Source,
        Expire = Seconds(state.Expires),
        ExactExpire = state.Expires,
        Forward = state.Forward,
        IsStatic = state.IsStatic ? true : null,
        HostCount = state.Hosts.Count > 0 ? state.Hosts.Count : null,
        Host = ToLeaves(state.Hosts),
    };

    // Only where hosts are tracked: the leaves are optional (RFC 8652, feature explicit-tracking).
    private static List<HostLeaves?>? ToLeaves(IReadOnlyList<HostState> hosts) =>
        hosts.Count == 0
            ? null
            :
            [
                .. hosts.Select(each => new HostLeaves
                {
                    HostAddress = each.Host,
                    HostFilterMode = each.Mode,
                    ExactUpTime = each.UpTime,
                    ExactExpire = each.Expires,
                }),
            ];

    private static SourceState ToState(SourceLeaves? leaves, int index)
    {
        var place = $".source[{index}]";
        if (leaves is null)
            throw LeafFault.NoObject(place);
        return new SourceState
        {
            Source = leaves.SourceAddress ?? throw LeafFault.Missing("source-address", place),
            Expires = Exact(leaves.ExactExpire, leaves.Expire),
            IsStatic = leaves.IsStatic ?? false,
            Hosts = Hosts(leaves.Host, $"{place}.host"),
        };
    }

    private static HostState[] Hosts(List<HostLeaves?>? leaves, string place) => leaves is not { Count: > 0 } hosts
        ? []
        : [.. hosts.Select((each, index) => ToState(each, $"{place}[{index}]"))];

    private static HostState ToState(HostLeaves? leaves, string place) => leaves is null ? throw LeafFault.NoObject(place) : new HostState
    {
        Host = leaves.HostAddress ?? throw LeafFault.Missing("host-address", place),
        Mode = leaves.HostFilterMode ?? throw LeafFault.Missing("host-filter-mode", place),
        UpTime = leaves.ExactUpTime ?? TimeSpan.Zero,
        Expires = leaves.ExactExpire ?? TimeSpan.Zero,
    };

    private static Timing TimingOf(InterfaceLeaves leaves)
    {
        var standard = Timing.Default;
        var timing = standard with
        {
            RobustnessVariable = leaves.RobustnessVariable ?? standard.RobustnessVariable,
            QueryInterval = Exact(leaves.ExactQueryInterval, leaves.QueryInterval, standard.QueryInterval),
            QueryResponseInterval = Exact(leaves.ExactQueryMaxResponseTime, leaves.QueryMaxResponseTime, standard.QueryResponseInterval),
            LastMemberQueryInterval = Exact(
                leaves.ExactLastMemberQueryInterval, leaves.LastMemberQueryInterval, standard.LastMemberQueryInterval),
            UnsolicitedReportInterval = leaves.UnsolicitedReportInterval ?? standard.UnsolicitedReportInterval,
        };
        // These follow the others unless they were set: a value that is the derived one is taken as derived.
        if (leaves.StartupQueryInterval is { } interval && Math.Abs((interval - timing.StartupQueryInterval).TotalMilliseconds) >= 1)
            timing = timing with { StartupQueryInterval = interval };
        if (leaves.StartupQueryCount is { } startupCount && startupCount != timing.StartupQueryCount)
            timing = timing with { StartupQueryCount = startupCount };
        if (leaves.LastMemberQueryCount is { } lastMemberCount && lastMemberCount != timing.LastMemberQueryCount)
            timing = timing with { LastMemberQueryCount = lastMemberCount };
        return timing;
    }

    // Of the milliseconds that stand next to them, so that a dump that is read and written again stays as it is.
    private static long Seconds(TimeSpan time) => (MillisecondsConverter.Of(time) + 500) / 1000;

    private static TimeSpan Exact(TimeSpan? exact, long? seconds, TimeSpan otherwise = default) => exact
        ?? (seconds is not { } told ? otherwise
            : told <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond ? new TimeSpan(told * TimeSpan.TicksPerSecond) : TimeSpan.MaxValue);
}
