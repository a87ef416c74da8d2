using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Router.Metrics;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// One interface of the router on a real link: what comes through its packet socket goes into the node's interface, with the kernel's time,
/// and what that asks to send goes out.
/// </summary>
internal sealed class RouterPort : IDisposable
{
    /// <summary>The maximum number of packets that are handled in one turn.</summary>
    public const int MostPerTurn = 1024;

    private const int ShortestBuffer = 2048;

    private readonly ReceiveMode way;
    private readonly EventLoop loop;
    private readonly DaemonLog log;
    private readonly Action<RouterPort, IReadOnlyList<Effect>> apply;
    private readonly LatencyHistogram queryLatency = new();
    private readonly LatencyHistogram reportLatency = new();
    private byte[] packet = new byte[ShortestBuffer];
    private PortSocket? socket;
    private Link? link;
    private Address address;
    private long lostBefore;

    /// <summary>A port that is down.</summary>
    /// <param name="node">The node's interface.</param>
    /// <param name="way">How packets are to be received.</param>
    /// <param name="loop">On which it runs.</param>
    /// <param name="log">Where it logs what happens to it.</param>
    /// <param name="apply">Carries out what the interface asks for.</param>
    public RouterPort(NodeInterface node, ReceiveMode way, EventLoop loop, DaemonLog log, Action<RouterPort, IReadOnlyList<Effect>> apply)
    {
        Node = node;
        this.way = way;
        this.loop = loop;
        this.log = log;
        this.apply = apply;
    }

    /// <summary>Raised on the loop when there is something to receive.</summary>
    public event Action<RouterPort>? Heard;

    /// <summary>The router's interface, without I/O.</summary>
    public NodeInterface Node { get; }

    /// <summary>0, 1, 2 … in the order of the command line: the VIF's number.</summary>
    public int Number => Node.Number;

    /// <summary>The interface's name.</summary>
    public string Name => Node.Name;

    /// <summary>The interface's index; 0 while it is down.</summary>
    public int InterfaceIndex => Node.IsUp ? link!.Index : 0;

    /// <summary>What the interface lacks before it can be used; null when nothing.</summary>
    public static string? Obstacle(Link? link) => link switch
    {
        null => "there is no such interface",
        { IsSetUp: false } => "it is down",
        { HasCarrier: false } => "it has no carrier",
        { PrimaryAddress: null } => "it has no IPv4 address",
        _ => null,
    };

    /// <summary>The counters, including what the kernel has dropped so far.</summary>
    public RouterCounters ReadCounters()
    {
        Node.Counters.ReceiveBufferFull = lostBefore + (socket?.Lost ?? 0);
        return Node.Counters;
    }

    /// <summary>The figures for the metrics.</summary>
    public InterfaceFigures Figures()
    {
        var counters = ReadCounters();
        return new InterfaceFigures
        {
            Name = Name,
            Up = Node.IsUp,
            IsQuerier = Node.IsUp && Node.IsQuerier,
            Groups = Node.GroupCount,
            Sources = Node.SourceCount,
            Timers = Node.TimerCount,
            Received = counters.Received(),
            Sent = counters.Sent(),
            Errors = counters.Errors(),
            KernelDropped = counters.ReceiveBufferFull,
            QueryLatency = queryLatency.Figures(),
            ReportLatency = reportLatency.Figures(),
        };
    }

    /// <summary>The interface is now as <paramref name="found"/> says; null when it is gone.</summary>
    /// <returns>Whether the interface has come up or gone down.</returns>
    public bool Follow(Link? found)
    {
        var obstacle = Obstacle(found);
        var wasUp = Node.IsUp;
        if (wasUp && (obstacle is not null || found!.Index != link!.Index))
        {
            log.Warning(Name, $"down: {obstacle ?? "it was replaced by another"}");
            Close();
            apply(this, Node.LinkDown(KernelClock.Monotonic));
        }

        var before = link;
        link = found;
        if (obstacle is not null || found is null || !TryOpen(found))
            return wasUp;
        var primary = found.PrimaryAddress!.Value;
        if (!Node.IsUp)
            log.Info(Name, $"up: address {primary}, MTU {found.Mtu}");
        else if (address != primary)
            log.Info(Name, $"address changed from {address} to {primary}");
        address = primary;
        // Read last: the first query is sent at this time, not before the socket was opened.
        apply(this, Node.LinkUp(NodeLinkOf(found), KernelClock.Monotonic));
        return wasUp != Node.IsUp || before?.Index != found.Index;
    }

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        if (Node.NextDue <= now)
            apply(this, Node.Advance(now));
    }

    /// <summary>Handles what has arrived, up to <see cref="MostPerTurn"/>, so that others get their turn.</summary>
    /// <returns>How many packets there were.</returns>
    public int Hear()
    {
        var total = 0;
        while (total < MostPerTurn && socket is not null)
        {
            int count;
            try
            {
                count = socket.Reader.Receive();
            }
            catch (LinuxException down) when (down.Error is Errno.NetworkDown or Errno.NoSuchDevice)
            {
                // Logged once; the link watch will report the state of the interface.
                return total;
            }

            if (count == 0)
                return total;
            Hear(socket.Reader, count);
            total += count;
        }

        return total;
    }

    /// <summary>Sends a message.</summary>
    public void Send(SendMessage message)
    {
        if (socket is null)
            return;
        try
        {
            var written = packet.AsSpan(0, Node.Write(packet, message));
            socket.Send(written, message.Destination);
            var now = KernelClock.Monotonic;
            if (message is SendQuery)
                queryLatency.Observe((now - Node.ActedOn).Ticks * 100);
            Node.Sent(message, written, now);
        }
        catch (LinuxException refused)
        {
            Node.NotSent();
            log.Warning(Name, $"{Kind(message)} not sent: {refused.Message}");
        }

        static string Kind(SendMessage message) => message switch
        {
            SendQuery { Query.Group: { IsUnspecified: false } group } => $"query for {group}",
            SendQuery => "query for all groups",
            _ => "report",
        };
    }

    /// <summary>Changes the configuration. What the link adds to it stays.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; nothing has changed then.</exception>
    public void Configure(RouterSettings settings) => apply(this, Node.Configure(settings, KernelClock.Monotonic));

    /// <summary>Drops a group, or all.</summary>
    public void ClearGroups(Address? group) => apply(this, Node.ClearGroups(group, KernelClock.Monotonic));

    /// <summary>The interface is no longer to be served: all its state is dropped.</summary>
    public void Retire()
    {
        log.Info(Name, "no longer served");
        Dispose();
        apply(this, Node.LinkDown(KernelClock.Monotonic));
        ReadCounters();
    }

    /// <summary>Leaves what the router has joined itself, and closes the socket.</summary>
    public void Dispose()
    {
        foreach (var message in Node.Leave(KernelClock.Monotonic).OfType<SendMessage>())
            Send(message);
        Close();
    }

    private static NodeLink NodeLinkOf(Link link) => new(
        link.PrimaryAddress!.Value, link.Mac, link.Mtu, [.. link.Addresses.SelectMany(each => each.OnLink)]);

    private bool TryOpen(Link link)
    {
        var room = Math.Max(link.Mtu, packet.Length);
        if (socket is null)
        {
            if ((socket = PortSocket.TryOpen(Name, Node.Dialect.Filter, way, room, log)) is null)
                return false;
            loop.Watch(socket.Descriptor, () => Heard?.Invoke(this));
        }

        if (room > packet.Length)
        {
            packet = new byte[room];
            socket.Fit(room);
        }

        return true;
    }

    private void Close()
    {
        if (socket is null)
            return;
        lostBefore += socket.Lost;
        loop.Unwatch(socket.Descriptor);
        socket.Dispose();
        socket = null;
    }

    private void Hear(IPacketReader received, int count)
    {
        Span<long> reports = stackalloc long[received.Capacity];
        // The kernel timestamps packets by the real-time clock, timers run on the monotonic one.
        var now = KernelClock.Monotonic;
        var age = KernelClock.RealTime;
        var heard = 0;
        for (var i = 0; i < count; i++)
        {
            var packet = received[i];
            var arrival = new Arrival(now - (age - packet.At), packet.Sender, packet.OriginalLength, packet.Type == PacketType.Outgoing);
            apply(this, Node.Receive(packet.Bytes, arrival, now));
            if (Node.WasReport)
                reports[heard++] = packet.At.Nanoseconds;
        }

        // One look at the clock for all of them.
        var done = heard > 0 ? KernelClock.RealTime.Nanoseconds : 0;
        foreach (var at in reports[..heard])
            reportLatency.Observe(done - at);
    }
}
