using System.Net;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Http;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Daemon.Services;
using MulticastLab.Forwarding;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;
using MulticastLab.Router.Forwarding;
using MulticastLab.Router.Metrics;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// The running router: one loop on one thread that serves the packet sockets, the link watch, the forwarding upcalls, the timers and the
/// commands; bytes go into the interfaces of a <see cref="RouterNode"/>, and their effects come out as queries, forwarding entries and
/// events.
/// </summary>
internal sealed partial class RouterDaemon : IDisposable
{
    private readonly DaemonLog log;
    private readonly EventLoop loop = new();
    private readonly LoopTimer timer;
    private readonly RouterNode node;
    private readonly Instant started = KernelClock.RealTime;
    private readonly EventFeed events;
    private readonly CommandTable commands = new("the router");
    private readonly ServiceReport service;
    private readonly WakeUpModeration moderation = new();
    private readonly GarbagePacing collections = new();
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
        // A seed that no two routers share. The cryptographic library would provide one too, but loading it takes longer than the first
        // query may.
        node = new RouterNode(options.Dialect, new Random(Guid.NewGuid().GetHashCode()));
        timer = loop.AddTimer(RunDue);
        loop.Served = ModerateWakeUps;
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
    /// <exception cref="ControlException">There is no such interface, or the control socket is not available.</exception>
    /// <exception cref="InvalidFileException">An interface that a file names is not there.</exception>
    /// <exception cref="LinuxException">A privilege is missing.</exception>
    public void Run()
    {
        links = LinkWatch.Open();
        RequireUsable();
        SwitchForwarding(options);
        loop.Watch(links.Descriptor, LinksChanged);
        node.Interfaces[0].Rehearse();
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

    /// <summary>Closes everything: the kernel has no memberships to leave.</summary>
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
            // Distinguished from the sockets that need a capability: this is about a file.
            throw ControlException.Failed($"no control socket: {refused.Message}");
        }
    }

    private void Hear(RouterPort port)
    {
        heard += port.Hear();
        collections.AfterTurn();
    }

    private void RunDue()
    {
        // What has arrived before a timer expires is heard before the timer acts, however late this thread was woken.
        foreach (var port in ports)
            Hear(port);
        var now = KernelClock.Monotonic;
        foreach (var port in ports)
            port.Advance(now);
        foreach (var port in ports)
            Arm(port);
    }

    private void ModerateWakeUps()
    {
        var happened = heard;
        foreach (var port in ports)
            happened += port.Node.TakeExpirations();
        if (happened == 0)
            return;
        var sleep = moderation.Woken(happened, KernelClock.Monotonic, timer.DueAt);
        // There is more of what arrived together.
        if (heard < RouterPort.MostPerTurn)
            loop.Rest(sleep);
        heard = 0;
    }

    private RouterFigures Figures(ControlFigures served) => new()
    {
        Interfaces = [.. ports.Select(port => port.Figures())],
        WrongInterface = node.Counters.WrongInterface,
        Daemon = new DaemonFigures(served, log.Figures(), started),
    };

    /// <summary>The interfaces, after handling everything that has arrived until now and everything that is due.</summary>
    private IReadOnlyList<NodeInterface> UpToDate()
    {
        foreach (var port in ports)
            port.Hear();
        var now = KernelClock.Monotonic;
        foreach (var port in ports)
            port.Advance(now);
        return node.Interfaces;
    }

    private StatisticsState Statistics()
    {
        foreach (var port in ports)
            port.ReadCounters();
        return node.Statistics();
    }
}
