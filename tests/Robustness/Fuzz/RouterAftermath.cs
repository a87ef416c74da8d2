using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>After the storm: everything heals by itself, and then a join, a leave and an election go right, to the nanosecond.</summary>
internal sealed class RouterAftermath(RouterInterface core, Addresses addresses, Instant start)
{
    private const int MostSteps = 200_000;
    private readonly byte[] buffer = new byte[2000];
    private readonly Instant began = start;
    private Instant now = start;

    public void Check()
    {
        core.LinkUp(addresses.Own, now);
        Heal();
        JoinAndLeave();
        Election();
        core.LinkDown(now);
        new RouterByTheBook(core, addresses, now).Check();
        Invariant.Holds(
            core.GroupCount == 0 && core.NextDue == Instant.Never,
            $"{core.GroupCount} groups and a timer at {core.NextDue} are left when the link is down");
    }

    // Without a word from anybody every group ends (§6.5) and the router is the querier again (§6.6.2).
    private void Heal()
    {
        var steps = 0;
        for (; core.GroupCount > 0 || !core.IsQuerier; steps++)
        {
            Invariant.Holds(
                steps < MostSteps,
                $"after {MostSteps} timers and {now - began} there are {core.GroupCount} groups still, querier: {core.IsQuerier}");
            now = core.NextDue;
            core.Advance(now);
        }

        // Tracking trusts itself only when every member has had the time to be heard.
        now += core.Dump(now).Timing.GroupMembershipInterval;
        core.Advance(now);
    }

    private void JoinAndLeave()
    {
        var timing = core.Dump(now).Timing;
        Join();
        var group = core.Dump(now).Groups.Single();
        Invariant.Holds(
            group is { Mode: FilterMode.Exclude, Sources: [] } && group.Expires == timing.GroupMembershipInterval,
            $"after a join there is {group}");
        Invariant.Holds(core.Forwards(addresses.Sender, addresses.Untouched), $"after a join nothing is forwarded");

        now += TimeSpan.FromMilliseconds(1);
        var left = now;
        var (lives, queries) = AfterLeave(core.Dump(now).Groups.Single().Expires, timing);
        var asked = Asked(Leave());
        while (core.GroupCount > 0)
        {
            Invariant.Holds(core.NextDue - left <= lives, $"the group outlives {lives}: {core.NextDue - left}");
            now = core.NextDue;
            asked.AddRange(Asked(core.Advance(now)));
        }

        Invariant.Holds(now - left == lives, $"the group ends {now - left} after the leave, not after {lives}");
        var expected = Enumerable
            .Range(0, queries)
            .Select(each => left + (each * timing.LastMemberQueryInterval))
            .Where(each => each - left < lives);
        Invariant.Holds(asked.SequenceEqual(expected), $"asked at {string.Join(", ", asked.Select(each => each - left))} after the leave");
        Invariant.Holds(!core.Forwards(addresses.Sender, addresses.Untouched), $"forwarded after the last member has left");
    }

    // §6.6.3.1: LMQC queries, LMQI apart, and the end after LMQT, as the group timer is lowered but never raised. IGMPv1 has no leave.
    private (TimeSpan Lives, int Queries) AfterLeave(TimeSpan expires, Timing timing)
    {
        if (!core.Generation.HasLeaves)
            return (expires, 0);
        // After a group that none but one host has ever wanted, nobody need be asked.
        if (core.Settings is { ImmediateLeave: not ImmediateLeave.Never, ImmediateLeaveScope: LeaveScope.All })
            return (TimeSpan.Zero, 0);
        return (expires < timing.LastMemberQueryTime ? expires : timing.LastMemberQueryTime, timing.LastMemberQueryCount);
    }

    private void Election()
    {
        // IGMPv1 has none.
        if (!core.Generation.HasElection)
            return;
        var timing = core.Settings.Timing;
        var query = new QueryContent(
            core.Generation, TimeSpan.FromSeconds(1), core.Dialect.Unspecified, false,
            timing.RobustnessVariable > 7 ? 0 : timing.RobustnessVariable, timing.QueryInterval, []);
        Receive(new SendQuery(query, core.Dialect.AllSystems), addresses.Lower);
        var lost = core.Dump(now);
        Invariant.Holds(
            !lost.IsQuerier && lost.Querier == addresses.Lower, $"after a query of {addresses.Lower} the querier is {lost.Querier}");

        // A member is heard by the router that is not the querier too.
        Join();
        Invariant.Holds(
            core.Forwards(addresses.Sender, addresses.Untouched), $"a router that is not the querier does not forward after a join");

        var back = now + lost.Timing.OtherQuerierPresentInterval;
        core.Advance(new Instant(back.Nanoseconds - 1));
        Invariant.Holds(!core.IsQuerier, $"the Other Querier Present timer ends too early");
        now = back;
        var effects = core.Advance(now);
        Invariant.Holds(
            core.IsQuerier && effects.OfType<SendQuery>().Any(each => each.Query.Kind == QueryKind.General),
            $"when the other querier is gone, this one does not ask");
    }

    private IReadOnlyList<Effect> Join() =>
        core.Generation.HasSources
            ? Report(RecordType.ToExclude)
            : Receive(new SendOlderReport(core.Generation, addresses.Untouched), addresses.Member);

    private IReadOnlyList<Effect> Leave() => core.Generation.HasSources
        ? Report(RecordType.ToInclude)
        : Receive(new SendLeave(addresses.Untouched, core.Dialect.AllRouters), addresses.Member);

    private IReadOnlyList<Effect> Report(RecordType type) =>
        Receive(
            new SendReport(new ReportContent([new RecordContent(type, addresses.Untouched, [])]), core.Dialect.ReportDestination),
            addresses.Member);

    private IReadOnlyList<Effect> Receive(SendMessage sent, Address from)
    {
        core.Dialect.TryRead(buffer.AsSpan(0, core.Dialect.Write(buffer, sent, from)), out var message);
        return core.Receive(message, now);
    }

    private List<Instant> Asked(IReadOnlyList<Effect> effects) =>
        [
            .. effects
                .OfType<SendQuery>()
                .Where(each => each.Query.Kind == QueryKind.GroupSpecific && each.Query.Group == addresses.Untouched)
                .Select(_ => now),
        ];
}
