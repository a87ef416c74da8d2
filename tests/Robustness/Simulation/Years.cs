using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// One small lab for as long as it is told, up to a century: two routers whose clocks are wrong in opposite ways, three hosts one of which
/// comes and goes. Nothing may drift, pile up or overflow.
/// </summary>
internal static class Years
{
    private static readonly Address Group = LabPlan.Groups[0];

    /// <summary>What was left in memory.</summary>
    /// <param name="Early">The managed heap after a tenth of the time, in bytes.</param>
    /// <param name="Late">The same at the end.</param>
    /// <param name="GeneralQueries">How many General Queries were sent.</param>
    /// <param name="SpecificQueries">How many queries of the group or of sources of it.</param>
    internal sealed record Result(long Early, long Late, long GeneralQueries, long SpecificQueries);

    /// <summary>Plays it; throws when a day ends otherwise than the one before.</summary>
    public static Result Play(int days)
    {
        using var files = new StartupFiles();
        var plan = new LabPlan(
            1,
            3,
            Timing.Default,
            [new LanPlan("A", TimeSpan.FromMilliseconds(1), 0)],
            [
                new NodePlan("r1", true, 3, 1_000, [(0, 1)]), new NodePlan("r2", true, 3, -1_000, [(0, 2)]),
                new NodePlan("h1", false, 3, 500, [(0, 101)]), new NodePlan("h2", false, 3, -500, [(0, 102)]),
                new NodePlan("h3", false, 3, 0, [(0, 103)])],
            [],
            TimeSpan.FromDays(days));
        var lab = new SimulatedLab(files.Topology(plan), new LabOptions());
        foreach (var node in plan.Nodes)
        {
            lab.SetDrift(node.Name, node.Drift);
            Wait(lab.Start(node.Name, CancellationToken.None));
        }

        Want("h1", FilterMode.Exclude, []);
        Want("h2", FilterMode.Include, [LabPlan.Sources[0]]);
        var (early, general, specific) = (0L, 0L, 0L);
        for (var day = 1; day <= days; day++)
        {
            Want("h3", FilterMode.Exclude, [LabPlan.Sources[1]]);
            Pass(TimeSpan.FromHours(12));
            Want("h3", FilterMode.Include, []);
            Pass(TimeSpan.FromHours(12));
            Check(day);
            if (day == Math.Max(days / 10, 1))
                early = GC.GetTotalMemory(forceFullCollection: true);
        }

        var late = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(lab);
        return new Result(early, late, general, specific);

        void Want(string host, FilterMode mode, Address[] sources) =>
            Wait(lab.Listen(host, Group, SourceFilter.Of(mode, sources), CancellationToken.None));

        void Pass(TimeSpan time)
        {
            Wait(lab.PassUntil(lab.Now + time, CancellationToken.None));
            foreach (var frame in lab.TakeFrames())
            {
                if (QueriedGroup(frame) is not { } group)
                    continue;
                if (group.IsUnspecified)
                    general++;
                else
                    specific++;
            }
        }

        // Every evening the same: r1 the querier, the group EXCLUDE with nothing blocked, all timers where a day's end finds them.
        void Check(int day)
        {
            foreach (var name in (string[])["r1", "r2"])
            {
                var state = lab.RouterState(name, CancellationToken.None).GetAwaiter().GetResult().Interfaces[0];
                Invariant.Holds(state.IsQuerier == (name == "r1"), $"on day {day} {name} is the querier: {state.IsQuerier}");
                Invariant.Holds(
                    state.Groups is [{ Mode: FilterMode.Exclude } group] && group.Sources.All(each => each.Forward),
                    $"on day {day} {name} has {state.Groups.Count} groups");
                Invariant.Holds(
                    state.Groups[0].UpTime >= TimeSpan.FromDays(day) * 0.998,
                    $"on day {day} the group of {name} is {state.Groups[0].UpTime} old: it was gone in between");
            }
        }
    }

    // Null: it is no query.
    private static Address? QueriedGroup(LabFrame frame) =>
        IgmpPacket.TryRead(frame.Bytes.Span[EthernetView.HeaderLength..], out var message) == PacketError.None
        && message.Type == IgmpType.MembershipQuery
            ? message.Query.Group
            : null;

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
