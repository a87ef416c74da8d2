using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// Makes a plan out of a seed: times of disorder in which anything goes, and quiet ones after them in which things must be right.
/// </summary>
internal sealed class Planner
{
    private readonly Random random;
    private readonly List<PlanEvent> events = [];
    private LabPlan plan;

    private Planner(int seed)
    {
        random = new Random(seed);
        var timing = Timers();
        var lans = Enumerable.Range(0, random.Next(1, 4)).Select(index => new LanPlan(
            $"{(char)('A' + index)}", TimeSpan.FromMilliseconds(Pick(0, 0, 1, 20, 100)), Pick(0, 0, 0.1, 0.5))).ToList();
        var version = Pick(3, 3, 3, 3, 3, 2, 2, 1);
        plan = new LabPlan(seed, version, timing, lans, Nodes(lans.Count, version), [], default);
    }

    public static LabPlan Make(int seed) => new Planner(seed).Make();

    private LabPlan Make()
    {
        var windows = new Windows(plan);
        var interval = plan.Timing.QueryInterval;
        foreach (var node in plan.Nodes)
            events.Add(new StartNode(random.Next(2) == 0 ? TimeSpan.Zero : Within(TimeSpan.Zero, interval), node.Name));
        var now = interval;
        for (var rounds = random.Next(1, 3); rounds > 0; rounds--)
        {
            if (random.Next(4) > 0)
            {
                Disorder(now, now + (3 * interval));
                now += 3 * interval;
                Restore(now);
            }

            Changes(now, now + windows.EverybodyHeard, random.Next(4));
            now += windows.EverybodyHeard;
            var quiet = now + (Pick(1, 3) * interval);
            Changes(now, quiet, random.Next(1, 25));
            // Hosts that find out about an older version first do not have a round to spare. Whoever has changed his mind last has told it
            // RV times when the blackout comes.
            now = quiet + windows.LastMemberGone + (plan.Timing.RobustnessVariable * 2 * plan.Timing.UnsolicitedReportInterval);
            if (plan.Version == 3 && random.Next(2) == 0 && windows.LongestBlackout is { } longest)
            {
                events.Add(new Blackout(now, random.Next(plan.Lans.Count), longest * random.NextDouble()));
                now += longest + windows.EverybodyHeard;
            }
        }

        now += windows.Steady + interval;
        return plan with { Events = [.. events.OrderBy(each => each.At)], End = now };
    }

    private Timing Timers()
    {
        if (random.Next(2) == 0)
            return Timing.Default;
        return new Timing
        {
            RobustnessVariable = random.Next(2, 4),
            QueryInterval = TimeSpan.FromSeconds(Pick(20, 60, 100)),
            QueryResponseInterval = TimeSpan.FromSeconds(Pick(2, 5, 10)),
            LastMemberQueryInterval = TimeSpan.FromSeconds(Pick(0.5, 1, 2)),
        };
    }

    private List<NodePlan> Nodes(int lans, int version)
    {
        var worst = Pick(0, 100, 1_000, 10_000);
        var free = Enumerable.Range(0, lans).Select(_ => new Queue<int>(Enumerable.Range(1, 99).OrderBy(_ => random.Next()))).ToList();
        var oldest = 3;
        var nodes = new List<NodePlan>
        {
            new("r1", true, version, Drift(), [.. Enumerable.Range(0, lans).Select(lan => (lan, free[lan].Dequeue()))]),
        };
        for (var i = Pick(0, 0, 1, 1, 2, 3, 7) - 1; i >= 0; i--)
            nodes.Add(On(random.Next(lans), $"r{nodes.Count + 1}", true));
        var routers = nodes.Count;
        oldest = Pick(3, 3, 3, 2, 1);
        for (var i = random.Next(Pick(5, 5, 5, 12, 12, 51)); i > 0; i--)
            nodes.Add(On(random.Next(lans), $"h{nodes.Count - routers + 1}", false));
        return nodes;

        int Drift() => random.Next(-worst, worst + 1);

        NodePlan On(int lan, string name, bool isRouter) =>
            new(
                name, isRouter, isRouter ? version : random.Next(oldest, 4), Drift(),
                [(lan, isRouter ? free[lan].Dequeue() : 100 + nodes.Count)]);
    }

    private void Disorder(TimeSpan from, TimeSpan until)
    {
        for (var lan = 0; lan < plan.Lans.Count; lan++)
        {
            if (random.Next(3) > 0)
                events.Add(new ImpairLan(Within(from, until), lan, Impairment(plan.Lans[lan])));
        }

        for (var i = random.Next(8); i > 0; i--)
        {
            var node = plan.Nodes[random.Next(plan.Nodes.Count)];
            var lan = node.Ports[random.Next(node.Ports.Count)].Lan;
            var at = Within(from, until);
            var back = Within(at, until);
            switch (random.Next(3))
            {
                case 0:
                    events.Add(new KillNode(at, node.Name));
                    if (random.Next(3) > 0)
                        events.Add(new StartNode(back, node.Name));
                    break;
                case 1:
                    events.Add(new TearPort(at, node.Name, lan, random.Next(1, 3)));
                    break;
                default:
                    events.Add(new SetLink(at, node.Name, lan, false));
                    events.Add(new SetLink(back, node.Name, lan, true));
                    break;
            }
        }

        Changes(from, until, random.Next(12));
    }

    private Impairment Impairment(LanPlan lan) => lan.Calm with
    {
        Loss = random.Next(2) == 0 ? random.NextDouble() * 0.5 : 0,
        Reordering = random.Next(2) == 0 ? random.NextDouble() * 0.3 : 0,
        ReorderingDelay = TimeSpan.FromMilliseconds(random.Next(1, 500)),
        Partitioned = random.Next(10) == 0,
    };

    // Everything is whole again; a router that died may stay dead.
    private void Restore(TimeSpan at)
    {
        for (var lan = 0; lan < plan.Lans.Count; lan++)
            events.Add(new ImpairLan(at, lan, plan.Lans[lan].Calm));
        foreach (var torn in events.OfType<TearPort>().Where(each => each.Side != 0).ToList())
            events.Add(new TearPort(at, torn.Node, torn.Lan, 0));
    }

    private void Changes(TimeSpan from, TimeSpan until, int count)
    {
        var hosts = plan.Nodes.Where(each => !each.IsRouter).ToList();
        if (hosts.Count == 0)
            return;
        for (; count > 0; count--)
        {
            var host = hosts[random.Next(hosts.Count)].Name;
            var at = Within(from, until);
            if (random.Next(25) == 0)
            {
                events.Add(new KillNode(at, host));
                events.Add(new StartNode(Within(at, until), host));
                continue;
            }

            if (random.Next(25) == 0)
            {
                events.Add(new MisreportGroup(at, host, Pick(RecordType.IsExclude, RecordType.ToExclude), Some()));
                continue;
            }

            var group = LabPlan.Groups[random.Next(LabPlan.Groups.Length)];
            var mode = Dialect.Igmp.IsSourceSpecific(group) || random.Next(2) == 0 ? FilterMode.Include : FilterMode.Exclude;
            events.Add(new WantGroup(at, host, group, mode, Some(), IsLost: random.Next(6) == 0));
        }

        Address[] Some() => random.Next(3) == 0 ? [] : [.. LabPlan.Sources.Where(_ => random.Next(3) == 0)];
    }

    private TimeSpan Within(TimeSpan from, TimeSpan until) => from + ((until - from) * random.NextDouble());

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
