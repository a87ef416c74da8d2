using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>What must hold of a router interface's state whatever has been sent to it.</summary>
internal sealed class RouterStateCheck(RouterInterface core, Addresses addresses)
{
    // The longest Group Membership Interval: the largest Robustness Variable that can be configured, the longest Query Interval that a
    // querier can tell (§4.1.6, §4.1.7, §8.1, §8.4).
    private static readonly TimeSpan Longest = (255 * TimeSpan.FromSeconds(31_744)) + TimeSpan.FromSeconds(60);

    private readonly Dictionary<Address, Instant> named = [];
    private int mostGroups = core.Settings.MaxGroups ?? int.MaxValue;
    private int mostSources = core.Settings.MaxSources ?? int.MaxValue;
    private HashSet<Address> excludedBefore = [];

    /// <summary>
    /// Other settings are in force. What is there beyond a lower limit, or in another source-specific range, stays, but nothing comes to
    /// it.
    /// </summary>
    public void Configured(Instant now)
    {
        mostGroups = Math.Max(core.Settings.MaxGroups ?? int.MaxValue, core.GroupCount);
        mostSources = Math.Max(core.Settings.MaxSources ?? int.MaxValue, core.SourceCount);
        excludedBefore = [.. core.Dump(now).Groups.Where(each => each.Mode == FilterMode.Exclude).Select(each => each.Group)];
    }

    /// <summary>Notes which groups a report names: state is held for these only, and not forever.</summary>
    public void Named(Report report, Instant now)
    {
        foreach (var record in report)
            named[record.Group] = now;
    }

    /// <summary>Notes the group of an older message.</summary>
    public void Named(Address group, Instant now) => named[group] = now;

    public void State(Instant now)
    {
        core.Advance(now);
        var state = core.Dump(now);
        Querier(state);
        Invariant.Holds(state.Groups.Count == core.GroupCount, $"{state.Groups.Count} groups are dumped, {core.GroupCount} counted");
        Invariant.Holds(
            state.Groups.Sum(each => each.Sources.Count) == core.SourceCount,
            $"{state.Groups.Sum(each => each.Sources.Count)} sources are dumped, {core.SourceCount} counted");
        Invariant.Holds(
            core.GroupCount <= mostGroups && core.SourceCount <= mostSources,
            $"{core.GroupCount} groups and {core.SourceCount} sources, {mostGroups} and {mostSources} are allowed");
        // A group has a timer, two for older hosts and a series of queries; a source a timer and a series; the election two, tracking one.
        Invariant.Holds(
            core.TimerCount <= 3 + (4 * core.GroupCount) + (2 * core.SourceCount),
            $"{core.TimerCount} timers for {core.GroupCount} groups and {core.SourceCount} sources");
        Address? before = null;
        foreach (var group in state.Groups)
        {
            Invariant.Holds(before is null || before < group.Group, $"{group.Group} is dumped twice or out of order");
            before = group.Group;
            Group(group, now);
        }
    }

    // §6.6.2: a router is the querier, or waits for the other one to fall silent; only the querier has a General Query coming.
    private void Querier(InterfaceState state)
    {
        Invariant.Holds(state.Up == core.IsUp, $"the dump says up: {state.Up}, the core {core.IsUp}");
        Invariant.Holds(
            !state.Up || state.IsQuerier == state.GeneralQueryExpires is not null,
            $"querier: {state.IsQuerier}, next General Query in {state.GeneralQueryExpires}");
        Invariant.Holds(
            !state.Up || state.IsQuerier == state.OtherQuerierPresentExpires is null,
            $"querier: {state.IsQuerier}, other querier present for {state.OtherQuerierPresentExpires}");
        // RFC 4541 §2.1.1: switches ask from 0.0.0.0 and elect nobody.
        Invariant.Holds(state.Querier is not { IsUnspecified: true }, $"the querier is {state.Querier}");
        Invariant.Holds(
            state.Up || (state.Groups.Count == 0 && core.NextDue == Instant.Never),
            $"an interface that is down holds {state.Groups.Count} groups and waits for {core.NextDue}");
    }

    private void Group(GroupState group, Instant now)
    {
        Invariant.Holds(core.Dialect.IsReportable(group.Group), $"state for {group.Group}, which is never reported (§5)");
        Invariant.Holds(group.Group != core.Dialect.ReportDestination, $"state for {group.Group}, which only routers are members of (§6)");
        Invariant.Holds(named.TryGetValue(group.Group, out var last), $"state for {group.Group}, which nobody has reported");
        Invariant.Holds(now - last <= Longest, $"state for {group.Group}, last reported {now - last} ago");
        // §6.2.2, §6.5: the group timer runs in EXCLUDE mode and only there; INCLUDE without sources is no state.
        Invariant.Holds(
            group.Mode == FilterMode.Exclude == group.Expires > TimeSpan.Zero,
            $"{group.Group} is {group.Mode} with a group timer of {group.Expires}");
        Invariant.Holds(group.Mode == FilterMode.Exclude || group.Sources.Count > 0, $"{group.Group} is INCLUDE without sources");
        // RFC 4604 §3.1.
        Invariant.Holds(
            group.Mode == FilterMode.Include
                || excludedBefore.Contains(group.Group)
                || !core.Settings.IsSourceSpecific(group.Group, core.Dialect),
            $"{group.Group} is source-specific and EXCLUDE");
        Invariant.Holds(group.Expires <= Longest, $"{group.Group} lives for {group.Expires}");
        // §7.3.2, §7.3.1: the mode is that of the timers, and the configured version is the newest.
        var mode =
            group.Version1HostPresentExpires is not null ? 1
            : group.Version2HostPresentExpires is not null ? 2
            : core.Dialect.CurrentVersion;
        Invariant.Holds(
            group.CompatibilityMode == Math.Min(mode, core.Version), $"{group.Group} is in mode {group.CompatibilityMode}: {group}");
        Invariant.Holds(
            !(group.Version1HostPresentExpires > Longest || group.Version2HostPresentExpires > Longest),
            $"an older host stays for ever: {group}");
        Address? before = null;
        foreach (var source in group.Sources)
        {
            Invariant.Holds(before is null || before < source.Source, $"{source.Source} is dumped twice or out of order in {group.Group}");
            before = source.Source;
            Invariant.Holds(core.Dialect.IsSource(source.Source), $"{source.Source} is a source of {group.Group}");
            Invariant.Holds(
                group.Mode == FilterMode.Exclude || source.Forward, $"{source.Source} is blocked in {group.Group}, which is INCLUDE");
            Invariant.Holds(source.Expires <= Longest, $"{source.Source} in {group.Group} lives for {source.Expires}");
            // §6.3: what is forwarded is what the timers say, and nothing of the local network (RFC 4541 §2.1.2 aside).
            Invariant.Holds(core.Forwards(source.Source, group.Group) == (source.Forward && core.Dialect.IsForwardable(group.Group)),
                $"{source.Source} in {group.Group} has {source.Expires} left; forwarded: {core.Forwards(source.Source, group.Group)}");
        }

        Invariant.Holds(
            core.Forwards(addresses.Sender, group.Group) == (group.Mode == FilterMode.Exclude && core.Dialect.IsForwardable(group.Group)),
            $"a source that nobody named is forwarded to {group.Group}, which is {group.Mode}: "
                + $"{core.Forwards(addresses.Sender, group.Group)}");
    }
}
