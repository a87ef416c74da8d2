using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Robustness.Simulation;

/// <summary>Plays a plan in a simulated lab and holds every law against it.</summary>
internal sealed class SimulationRun : IDisposable
{
    // A stream's datagrams per Query Interval.
    private const int Datagrams = 12;

    // How often the laws are looked at when nothing happens, per Query Interval.
    private const int Looks = 3;

    private readonly LabPlan plan;
    private readonly SimulatedLab lab;
    private readonly Windows windows;
    private readonly LanModel[] models;
    private readonly HashSet<string> running = [];
    private readonly Dictionary<string, Instant> started = [];
    private readonly Dictionary<string, Instant> lastWish = [];
    private readonly HashSet<(string Node, int Lan)> linksDown = [];
    private readonly Dictionary<(string Node, int Lan), int> sides = [];
    private readonly Laws laws;
    private readonly FrameWatch watch;
    private readonly Action<string>? tell;

    private SimulationRun(LabPlan plan, Topology topology, Action<string>? tell)
    {
        this.plan = plan;
        this.tell = tell;
        windows = new Windows(plan);
        models = [.. plan.Lans.Select(each => new LanModel(each))];
        lab = new SimulatedLab(topology, new LabOptions { Timing = plan.Timing, Seed = plan.Seed });
        watch = new FrameWatch(plan, windows, models, IsUp, tell);
        laws = new Laws(plan, windows, models, lab, IsUp, watch.Heard);
    }

    /// <summary>Plays the plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="files">Where its startup files are.</param>
    /// <param name="tell">Receives everything that happens, line by line; null for none.</param>
    /// <returns>The first law that was broken; null when none was.</returns>
    public static Violation? Play(LabPlan plan, StartupFiles files, Action<string>? tell = null)
    {
        using var run = new SimulationRun(plan, files.Topology(plan), tell);
        try
        {
            run.Play();
            return null;
        }
        catch (ViolationException broken)
        {
            return broken.Violation;
        }
        catch (Exception thrown)
        {
            return new Violation(Law.NoException, run.lab.Now, thrown.ToString());
        }
    }

    public void Dispose() => lab.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Play()
    {
        Prepare();
        foreach (var (at, happening) in Moments())
        {
            Wait(lab.PassUntil(Instant.Epoch + at, CancellationToken.None));
            watch.Look(lab.TakeFrames(), lab.Now);
            laws.Check(running);
            if (happening is null)
                continue;
            tell?.Invoke($"{lab.Now,16}  ** {happening}");
            Happen(happening);
        }
    }

    private void Prepare()
    {
        foreach (var node in plan.Nodes)
            lab.SetDrift(node.Name, node.Drift);
        foreach (var lan in plan.Lans)
            lab.Impair(lan.Name, lan.Calm);
        foreach (
            var (group, source) in new[]
            {
                (LabPlan.Groups[0], LabPlan.Sources[0]),
                (LabPlan.Groups[1], LabPlan.Unnamed),
                (LabPlan.Groups[2], LabPlan.Sources[1]),
            })
            Wait(lab.Send(DataPlane.Node, group, source, plan.Timing.QueryInterval / Datagrams, CancellationToken.None));
    }

    // Events, what they are to have brought about when, and now and then nothing.
    private IEnumerable<(TimeSpan At, PlanEvent? Happening)> Moments()
    {
        var moments = new List<(TimeSpan At, PlanEvent? Happening)>();
        for (var at = plan.Timing.QueryInterval / Looks; at < plan.End; at += plan.Timing.QueryInterval / Looks)
            moments.Add((at, null));
        foreach (var each in plan.Events)
        {
            moments.Add((each.At, each));
            moments.Add((each.At + windows.Slack + TimeSpan.FromMilliseconds(1), null));
            moments.Add((each.At + windows.LastMemberGone + TimeSpan.FromMilliseconds(1), null));
            if (each is Blackout { Duration: var duration })
                moments.Add((each.At + duration, each));
        }

        moments.Add((plan.End, null));
        return moments.Where(each => each.At <= plan.End).OrderBy(each => each.At);
    }

    private void Happen(PlanEvent happening)
    {
        var now = lab.Now;
        switch (happening)
        {
            case StartNode { Node: var name } when running.Add(name):
                Wait(lab.Start(name, CancellationToken.None));
                // Its startup file sets its links up.
                linksDown.RemoveWhere(each => each.Node == name);
                started[name] = now;
                foreach (var lan in RouterLans(name))
                    Restarted(lan, Node(name), now);
                break;
            case KillNode { Node: var name } when running.Remove(name):
                Wait(lab.Kill(name, CancellationToken.None));
                foreach (var lan in RouterLans(name))
                    models[lan].Disturb(now);
                foreach (var port in Node(name).Ports)
                    models[port.Lan].Silence(name, now);
                break;
            case WantGroup want when running.Contains(want.Node):
                Want(want, Node(want.Node), now);
                break;
            case MisreportGroup report:
                Tell(Node(report.Node), new RecordContent(report.Type, MisreportGroup.Group, report.Sources));
                break;
            case ImpairLan { Lan: var lan, Impairment: var impairment }:
                lab.Impair(plan.Lans[lan].Name, impairment);
                models[lan].Trouble("impaired", impairment != plan.Lans[lan].Calm, now);
                break;
            case TearPort torn:
                lab.Impair(torn.Node, Node(torn.Node).InterfaceOn(torn.Lan), new Impairment { Side = torn.Side });
                sides[(torn.Node, torn.Lan)] = torn.Side;
                models[torn.Lan].Trouble($"torn {torn.Node}", torn.Side != 0, now);
                break;
            case SetLink link:
                Wait(lab.SetLink(link.Node, Node(link.Node).InterfaceOn(link.Lan), link.Up, CancellationToken.None));
                if (!link.Up)
                    linksDown.Add((link.Node, link.Lan));
                else if (linksDown.Remove((link.Node, link.Lan)) && running.Contains(link.Node) && Node(link.Node).IsRouter)
                    Restarted(link.Lan, Node(link.Node), now);
                models[link.Lan].Trouble($"link {link.Node}", !link.Up, now);
                break;
            case Blackout blackout:
                // Calm all the same: nobody is to notice.
                models[blackout.Lan].IsDark = now - Instant.Epoch < blackout.At + blackout.Duration;
                lab.Impair(plan.Lans[blackout.Lan].Name, plan.Lans[blackout.Lan].Calm with { Partitioned = models[blackout.Lan].IsDark });
                break;
        }
    }

    private void Want(WantGroup want, NodePlan host, Instant now)
    {
        // The first report goes out at once. Only hosts of version 3 repeat all they say: a leave of version 2 is said once (RFC 2236 §3).
        // And they cannot make up for more losses than repetitions.
        var isLost = want.IsLost && plan.Version == 3 && host.Version == 3
            && (!lastWish.TryGetValue(host.Name, out var last) || now - last > plan.Timing.RobustnessVariable * windows.Retold);
        lastWish[host.Name] = now;
        var port = host.InterfaceOn(host.Ports[0].Lan);
        if (isLost)
        {
            lab.Impair(host.Name, port, new Impairment { Loss = 1 });
            watch.Lost(host.Name, now);
        }

        Wait(lab.Listen(host.Name, want.Group, SourceFilter.Of(want.Mode, want.Sources), CancellationToken.None));
        if (isLost)
            lab.Impair(
                host.Name, port,
                sides.TryGetValue((host.Name, host.Ports[0].Lan), out var side) ? new Impairment { Side = side } : Impairment.None);
        var heard =
            isLost ? now + windows.Retold
            : host.Version > plan.Version && started[host.Name] + windows.VersionFound > now ? started[host.Name] + windows.VersionFound
            : now;
        var (mode, sources) = plan.OnTheWire(host, want.Group, want.Mode, want.Sources);
        models[host.Ports[0].Lan].Want(host.Name, want.Group, new Wish((want.Mode, want.Sources), mode, sources, host.Version, heard), now);
    }

    private void Tell(NodePlan host, RecordContent record)
    {
        Span<byte> packet = stackalloc byte[200];
        var length = IgmpWriter.WriteReport(
            packet, new ReportContent([record]), host.AddressOn(host.Ports[0].Lan), Dialect.Igmp.ReportDestination);
        lab.Transmit(host.Name, host.InterfaceOn(host.Ports[0].Lan), packet[..length]);
    }

    private void Restarted(int lan, NodePlan router, Instant now)
    {
        models[lan].Disturb(now);
        watch.Started(lan, router.AddressOn(lan), now);
    }

    private bool IsUp(NodePlan node, int lan) => running.Contains(node.Name) && !linksDown.Contains((node.Name, lan));

    private NodePlan Node(string name) => plan.Nodes.First(each => each.Name == name);

    private IEnumerable<int> RouterLans(string name) =>
        Node(name) is { IsRouter: true } router ? router.Ports.Select(each => each.Lan) : [];

    // A simulated lab's tasks are complete when they are returned.
    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
