using System.Diagnostics;
using System.Net;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Http;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Daemon.Services;
using MulticastLab.Forwarding;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Router.Forwarding;
using MulticastLab.Router.Metrics;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// The running router: one loop on one thread that serves the packet sockets, the link watch, the forwarding upcalls, the timers and the
/// commands; bytes go into the interfaces' cores, and their effects come out as queries, forwarding entries and events.
/// </summary>
internal sealed partial class RouterDaemon : IDisposable
{
    private readonly DaemonLog log;
    private readonly EventLoop loop = new();
    private readonly LoopTimer timer;
    // Of what belongs to no interface, and of interfaces that are served no longer; each port has its own.
    private readonly Counters counters = new();
    private long lostBefore;
    private readonly Instant started = KernelClock.RealTime;
    private readonly EventFeed events;
    private readonly CommandTable commands = new("the router");
    private readonly ServiceReport service;
    private readonly WakeUpModeration moderation = new();
    private readonly SmallCollections collections = new();
    private readonly List<RouterPort> ports = [];
    private readonly MembershipContribution members = new();
    private readonly ConfigurationCommands configuration;
    private RouterOptions options;
    private LinkWatch? links;
    private KernelForwarding? forwarding;
    private ControlServer? control;
    private HttpServer? metrics;
    private bool ready;

    // Packets since the loop last waited.
    private int heard;

    /// <summary>A router that does nothing yet.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public RouterDaemon(RouterOptions options, DaemonLog log)
    {
        this.options = options;
        this.log = log;
        timer = loop.AddTimer(RunDue);
        loop.Served = Nap;
        foreach (var each in options.Interfaces)
            Add(each);

        events = new EventFeed(loop);
        service = new ServiceReport(ServiceManager.FromEnvironment(), loop, Describe);
        var dumps = new StateDumps(loop, UpToDate, Statistics);
        commands.Add("show", dumps.Answer);
        commands.Add("events", call => events.Add(call.Stream()));
        configuration = new ConfigurationCommands(loop, log, () => this.options, Reconfigure, ClearGroups);
        configuration.AddTo(commands);
        new ForwardingCommands(() => forwarding, () => this.options, wanted => Reconfigure(wanted)).AddTo(commands);
    }

    /// <summary>Runs until <see cref="Stop"/>, on the calling thread.</summary>
    /// <exception cref="ControlException">An interface is not there, or the control socket cannot be had.</exception>
    /// <exception cref="LinuxException">A privilege is missing.</exception>
    public void Run()
    {
        links = LinkWatch.Open();
        foreach (var port in ports)
            RequireUsable(port.Name, links.Find(port.Name));
        SwitchForwarding(options);
        loop.Watch(links.Descriptor, LinksChanged);
        ports[0].Rehearse();
        FollowLinks();
        control = StartControl();
        if (options.Metrics is { } endPoint)
        {
            metrics = MetricsServer.Start(endPoint, control, loop, MetricCatalog.All, Figures);
            if (!IPAddress.IsLoopback(endPoint.Address))
                log.Warning("metrics", $"served on {endPoint} to whoever can reach it, without authentication");
        }

        TellWhenReady();
        service.Ready();
        loop.Run();
        service.Stopping();
    }

    /// <summary>Ends <see cref="Run"/>. From any thread.</summary>
    public void Stop() => loop.Stop();

    /// <summary>Closes everything: the kernel's membership of nothing needs no leaving.</summary>
    public void Dispose()
    {
        metrics?.Dispose();
        service.Dispose();
        control?.Dispose();
        forwarding?.Dispose();
        foreach (var port in ports)
            port.Dispose();
        links?.Dispose();
        timer.Dispose();
        loop.Dispose();
    }

    private ControlServer StartControl()
    {
        try
        {
            return ControlServer.Start(options.ControlPath ?? ControlPaths.ForDaemon("router"), loop.Post, commands.Run);
        }
        catch (LinuxException refused)
        {
            // Told apart from the sockets that need a capability: here it is about a file.
            throw ControlException.Failed($"no control socket: {refused.Message}");
        }
    }

    private void RequireUsable(string name, Link? link)
    {
        if (link is null)
        {
            var others = string.Join(", ", links!.Links.Select(each => each.Name).Order(StringComparer.Ordinal));
            throw ControlException.Failed($"there is no interface {name}; there are {others}");
        }

        if (!link.IsMulticast)
            throw ControlException.Failed($"interface {name} knows no multicast");
    }

    private void LinksChanged()
    {
        links!.ReadChanges();
        FollowLinks();
        TellWhenReady();
        service.Changed();
    }

    private void FollowLinks()
    {
        foreach (var port in ports)
        {
            var wasUp = port.Core.IsUp;
            if (!port.Follow(links!.Find(port.Name)))
                continue;
            forwarding?.InterfaceChanged(port.Number, port.Name, port.InterfaceIndex);
            if (wasUp != port.Core.IsUp)
                events.Tell(KernelClock.RealTime, port.Name, port.Core.IsUp);
        }
    }

    private void TellWhenReady()
    {
        if (ready)
            return;
        ready = true;
        foreach (var port in ports)
        {
            if (port.Core.IsUp)
                continue;
            ready = false;
            log.Info(port.Name, $"waiting: {RouterPort.Obstacle(links!.Find(port.Name)) ?? "it is changing"}");
        }

        if (ready)
            log.Ready();
    }

    private void Hear(RouterPort port)
    {
        heard += port.Hear();
        collections.AfterTurn();
    }

    private void RunDue()
    {
        // What has arrived before a timer's end is heard before the timer acts, however late this thread was woken.
        foreach (var port in ports)
            Hear(port);
        var now = KernelClock.Monotonic;
        foreach (var port in ports)
            port.Advance(now);
        foreach (var port in ports)
            Arm(port);
    }

    private void Nap()
    {
        var happened = heard;
        foreach (var port in ports)
            happened += port.TakeExpirations();
        if (happened == 0)
            return;
        var nap = moderation.Woken(happened, KernelClock.Monotonic, timer.DueAt);
        // Of what came in one go there is more.
        if (heard < RouterPort.MostPerTurn)
            loop.Rest(nap);
        heard = 0;
    }

    /// <summary>Carries out what a core asks for. A refreshed group asks for nothing.</summary>
    private void Apply(RouterPort port, IReadOnlyList<Effect> effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            switch (effects[i])
            {
                case SendQuery send:
                    port.Send(send.Query, send.Destination);
                    break;
                case ForwardingChanged changed:
                    members.GroupChanged(changed.Group);
                    break;
                case StateChanged changed:
                    Tell(port, changed);
                    break;
                case QueryOfOtherVersion other:
                    Tell(port, other);
                    break;
                case Dropped dropped:
                    port.Counters.Dropped(dropped.Reason);
                    break;
                default:
                    throw new UnreachableException($"A router does not {effects[i].GetType().Name}.");
            }
        }

        Arm(port);
    }

    private void Arm(RouterPort port)
    {
        // Only ever brought forward: a timer that goes off for a deadline that has moved on costs less than to set it at every refresh.
        if (port.Core.NextDue < timer.DueAt)
            timer.Set(port.Core.NextDue);
    }

    private void Tell(RouterPort port, StateChanged change)
    {
        if (change.What == StateChange.QuerierChanged && change.Querier is { } querier)
            log.Info(port.Name, $"querier {querier}{(port.Core.IsQuerier ? " (this router)" : "")}");
        if (LimitNotice.Of(change) is { } notice)
            log.Warning(port.Name, notice);
        events.Tell(KernelClock.RealTime, port.Name, change);
        if (change.What == StateChange.QuerierChanged)
            service.Changed();
    }

    private void Tell(RouterPort port, QueryOfOtherVersion other)
    {
        port.Counters.QueriesOfOtherVersions++;
        if (other.Warn)
        {
            log.Warning(port.Name, $"{other.From} queries in version {other.Version}, this router in version {port.Core.Settings.Version}: all routers of "
                + "a LAN must be configured for the lowest version among them (RFC 9776 §7.3.1)");
        }
    }

    private string Describe() => string.Join("; ", ports.Select(port => port.Core.IsUp
        ? $"{port.Name}: {(port.Core.IsQuerier ? "querier" : "not querier")}"
        : $"{port.Name}: {RouterPort.Obstacle(links?.Find(port.Name)) ?? "it is changing"}"));

    private RouterFigures Figures(ControlFigures served) => new()
    {
        Interfaces = [.. ports.Select(port => port.Figures())],
        WrongInterface = counters.WrongInterface,
        Daemon = new DaemonFigures(served, log.Figures(), started),
    };

    /// <summary>The cores with all that has come until now heard and all that is due done.</summary>
    private IReadOnlyList<RouterInterface> UpToDate()
    {
        foreach (var port in ports)
            port.Hear();
        var now = KernelClock.Monotonic;
        foreach (var port in ports)
            port.Advance(now);
        return [.. ports.Select(port => port.Core)];
    }

    private StatisticsState Statistics()
    {
        var sum = Counters.Sum([counters, .. ports.Select(port => port.Counters)]);
        return new StatisticsState
        {
            Error = sum.Errors(lostBefore + ports.Sum(port => port.Lost)),
            Received = sum.Received(),
            Sent = sum.Sent(),
        };
    }
}
