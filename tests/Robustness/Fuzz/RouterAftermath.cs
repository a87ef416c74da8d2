using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>After the storm: everything heals by itself, and then a join, a leave and an election go right, to the nanosecond.</summary>
internal sealed class RouterAftermath(RouterInterface core, Instant start)
{
    private const int MostSteps = 200_000;
    private readonly byte[] buffer = new byte[2000];
    private readonly Instant began = start;
    private Instant now = start;

    public void Check()
    {
        core.LinkUp(Addresses.Own, now);
        Heal();
        JoinAndLeave();
        Election();
        core.LinkDown(now);
        Invariant.Holds(core.GroupCount == 0 && core.NextDue == Instant.Never, $"{core.GroupCount} groups and a timer at {core.NextDue} are left when the link is down");
    }

    // Without a word from anybody every group ends (§6.5) and the router is the querier again (§6.6.2).
    private void Heal()
    {
        var steps = 0;
        for (; core.GroupCount > 0 || !core.IsQuerier; steps++)
        {
            Invariant.Holds(steps < MostSteps, $"after {MostSteps} timers and {now - began} there are {core.GroupCount} groups still, querier: {core.IsQuerier}");
            now = core.NextDue;
            core.Advance(now);
        }
    }

    private void JoinAndLeave()
    {
        var timing = core.Dump(now).Timing;
        Report(RecordType.ToExclude);
        var group = core.Dump(now).Groups.Single();
        Invariant.Holds(group is { Mode: FilterMode.Exclude, Sources: [] } && group.Expires == timing.GroupMembershipInterval, $"after a join there is {group}");
        Invariant.Holds(core.Forwards(Addresses.Sender, Addresses.Untouched), $"after a join nothing is forwarded");

        // §6.6.3.1: LMQC queries, LMQI apart, and the end after LMQT: the group timer is lowered, never raised.
        now += TimeSpan.FromMilliseconds(1);
        var left = now;
        var lives = core.Dump(now).Groups.Single().Expires;
        if (lives > timing.LastMemberQueryTime)
            lives = timing.LastMemberQueryTime;
        var asked = Asked(Report(RecordType.ToInclude));
        while (core.GroupCount > 0)
        {
            Invariant.Holds(core.NextDue - left <= lives, $"the group outlives {lives}: {core.NextDue - left}");
            now = core.NextDue;
            asked.AddRange(Asked(core.Advance(now)));
        }

        Invariant.Holds(now - left == lives, $"the group ends {now - left} after the leave, not after {lives}");
        var expected = Enumerable.Range(0, timing.LastMemberQueryCount).Select(each => left + (each * timing.LastMemberQueryInterval)).Where(each => each - left < lives);
        Invariant.Holds(asked.SequenceEqual(expected), $"asked at {string.Join(", ", asked.Select(each => each - left))} after the leave");
        Invariant.Holds(!core.Forwards(Addresses.Sender, Addresses.Untouched), $"forwarded after the last member has left");
    }

    private void Election()
    {
        var timing = core.Settings.Timing;
        var query = new QueryContent(3, TimeSpan.FromSeconds(1), Address.AnyV4, false, timing.RobustnessVariable > 7 ? 0 : timing.RobustnessVariable, timing.QueryInterval, []);
        var length = IgmpWriter.WriteQuery(buffer, query, Addresses.Lower, core.Dialect.AllSystems);
        IgmpPacket.TryRead(buffer.AsSpan(0, length), out var packet);
        core.Receive(packet.Envelope, packet.Query, now);
        var lost = core.Dump(now);
        Invariant.Holds(!lost.IsQuerier && lost.Querier == Addresses.Lower, $"after a query of {Addresses.Lower} the querier is {lost.Querier}");

        // A member is heard by the router that is not the querier too.
        Report(RecordType.ToExclude);
        Invariant.Holds(core.Forwards(Addresses.Sender, Addresses.Untouched), $"a router that is not the querier does not forward after a join");

        var back = now + lost.Timing.OtherQuerierPresentInterval;
        core.Advance(new Instant(back.Nanoseconds - 1));
        Invariant.Holds(!core.IsQuerier, $"the Other Querier Present timer ends too early");
        now = back;
        var effects = core.Advance(now);
        Invariant.Holds(core.IsQuerier && effects.OfType<SendQuery>().Any(each => each.Query.Kind == QueryKind.General), $"when the other querier is gone, this one does not ask");
    }

    private IReadOnlyList<Effect> Report(RecordType type)
    {
        var length = IgmpWriter.WriteReport(buffer, new ReportContent([new RecordContent(type, Addresses.Untouched, [])]), Addresses.Member, core.Dialect.ReportDestination);
        IgmpPacket.TryRead(buffer.AsSpan(0, length), out var packet);
        return core.Receive(packet.Envelope, packet.Report, now);
    }

    private List<Instant> Asked(IReadOnlyList<Effect> effects) =>
        [.. effects.OfType<SendQuery>().Where(each => each.Query.Kind == QueryKind.GroupSpecific && each.Query.Group == Addresses.Untouched).Select(_ => now)];
}
