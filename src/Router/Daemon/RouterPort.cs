using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Router.Metrics;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// One interface of the router: its protocol core, and the packet socket through which the core hears and speaks while the interface is up.
/// </summary>
/// <remarks>
/// The socket takes all multicast frames of the interface without joining any group, so the kernel of this namespace has no membership
/// there: it answers no query and elects nobody.
/// </remarks>
internal sealed partial class RouterPort : IDisposable
{
    /// <summary>How much may wait to be heard, in bytes as the kernel counts half of.</summary>
    public const int ReceiveBuffer = 32 << 20;

    /// <summary>The most packets that are heard in one turn.</summary>
    public const int MostPerTurn = 1024;

    private static readonly PacketSocketOptions SocketOptions = new()
    {
        Protocol = PacketSocketOptions.Ipv4,
        LinkHeader = false,
        Filter = PacketFilter.Igmp,
        AllMulticast = true,
        IgnoreOutgoing = true,
        ReceiveBufferBytes = ReceiveBuffer,
    };

    // Room for a burst of that many small reports, in 8 MiB.
    private static readonly PacketRingOptions Ring = new() { Slots = 32_768, SlotLength = 256 };

    private readonly EventLoop loop;
    private readonly Counters counters = new();
    private readonly LatencyHistogram queryLatency = new();
    private readonly LatencyHistogram reportLatency = new();
    private readonly ReceiveWay way;
    private readonly Action<RouterPort, IReadOnlyList<Effect>> apply;
    private readonly DaemonLog log;
    private RouterSettings configured;
    private byte[] packet = new byte[2048];
    private PacketSocket? socket;
    private IPacketReader? reader;
    private Link? link;
    private Address address;
    private Instant lastHeard;
    private Instant dueAt;
    private long expirations;
    private long lostBefore;
    private long lostNow;

    public RouterPort(
        int number, string name, RouterSettings settings, ReceiveWay way, EventLoop loop, DaemonLog log, Action<RouterPort, IReadOnlyList<Effect>> apply)
    {
        Number = number;
        this.way = way;
        Core = new RouterInterface(name, Dialect.Igmp, settings);
        configured = settings;
        this.loop = loop;
        this.log = log;
        this.apply = apply;
    }

    /// <summary>0, 1, 2 … in the order of the command line: the VIF's number.</summary>
    public int Number { get; }

    /// <summary>The interface's name.</summary>
    public string Name => Core.Name;

    /// <summary>The protocol.</summary>
    public RouterInterface Core { get; }

    /// <summary>What was received, refused and sent here.</summary>
    public Counters Counters => counters;

    /// <summary>The figures for the metrics.</summary>
    public InterfaceFigures Figures() => new()
    {
        Name = Name,
        Up = Core.IsUp,
        IsQuerier = Core.IsUp && Core.IsQuerier,
        Groups = Core.GroupCount,
        Sources = Core.SourceCount,
        Timers = Core.TimerCount,
        Received = counters.Received(),
        Sent = counters.Sent(),
        Errors = counters.Errors(lost: 0),
        KernelDropped = Lost,
        QueryLatency = queryLatency.Figures(),
        ReportLatency = reportLatency.Figures(),
    };

    /// <summary>The interface's index; 0 while it is down.</summary>
    public int InterfaceIndex => Core.IsUp ? link!.Index : 0;

    /// <summary>What the interface lacks before it can be used; null when nothing.</summary>
    public static string? Obstacle(Link? link) => link switch
    {
        null => "there is no such interface",
        { IsSetUp: false } => "it is down",
        { HasCarrier: false } => "it has no carrier",
        { PrimaryAddress: null } => "it has no IPv4 address",
        _ => null,
    };

    /// <summary>How many packets the kernel had no room for.</summary>
    public long Lost
    {
        get
        {
            if (socket is not null)
                lostNow = socket.ReadStatistics().Dropped;
            return lostBefore + lostNow;
        }
    }

    /// <summary>
    /// Has the runtime compile what the first query takes. Compiled when it is sent, that would delay the first query but not the second,
    /// and the Startup Query Interval between them (§8.6) would come out short.
    /// </summary>
    public void Rehearse()
    {
        foreach (var send in new RouterInterface(Name, Core.Dialect, Core.Settings).LinkUp(Address.AnyV4, Instant.Epoch).OfType<SendQuery>())
            IgmpWriter.WriteQuery(packet, send.Query, Address.AnyV4, send.Destination);
    }

    /// <summary>The interface is now as <paramref name="found"/> says; null when it is gone.</summary>
    /// <returns>Whether the interface has come up or gone down.</returns>
    public bool Follow(Link? found)
    {
        var obstacle = Obstacle(found);
        var wasUp = Core.IsUp;
        if (wasUp && (obstacle is not null || found!.Index != link!.Index))
        {
            log.Warning(Name, $"down: {obstacle ?? "it was replaced by another"}");
            Close();
            apply(this, Core.LinkDown(KernelClock.Monotonic));
        }

        var before = link;
        link = found;
        if (obstacle is not null || found is null)
            return wasUp;
        if (socket is null && !TryOpen())
            return wasUp;
        Adapt(found, KernelClock.Monotonic);
        if (!Core.IsUp)
            log.Info(Name, $"up: address {found.PrimaryAddress}, MTU {found.Mtu}");
        else if (address != found.PrimaryAddress)
            log.Info(Name, $"address changed from {address} to {found.PrimaryAddress}");
        address = found.PrimaryAddress!.Value;
        // Before the first query, which it is to answer too.
        localJoins ??= new LocalJoins(Name, Core.Settings, loop, Send);
        // Read last: the first query is sent at this time, not before the socket was opened.
        dueAt = KernelClock.Monotonic;
        apply(this, Core.LinkUp(address, dueAt));
        localJoins.Follow(Core.Settings);
        return wasUp != Core.IsUp || before?.Index != found.Index;
    }

    /// <summary>Runs what is due.</summary>
    public void Advance(Instant now)
    {
        dueAt = Core.NextDue;
        if (dueAt <= now)
            apply(this, Core.Advance(now));
    }

    /// <summary>How many of the core's timers have ended since this was last asked.</summary>
    public int TakeExpirations()
    {
        var (before, now) = (expirations, Core.Expirations);
        expirations = now;
        return (int)(now - before);
    }

    /// <summary>Hears what has come, up to <see cref="MostPerTurn"/>, so that others get their turn.</summary>
    /// <returns>How many packets there were.</returns>
    public int Hear()
    {
        var total = 0;
        while (total < MostPerTurn && reader is not null)
        {
            int count;
            try
            {
                count = reader.Receive();
            }
            catch (LinuxException down) when (down.Error is Errno.NetworkDown or Errno.NoSuchDevice)
            {
                // Told once; the link watch will say what has become of the interface.
                return total;
            }

            if (count == 0)
                return total;
            Hear(reader, count);
            total += count;
        }

        return total;
    }

    /// <summary>Sends a query.</summary>
    public void Send(QueryContent query, Address destination)
    {
        if (socket is null)
            return;
        try
        {
            var length = IgmpWriter.WriteQuery(packet, query, address, destination);
            socket.Send(packet.AsSpan(0, length), PacketSocketOptions.Ipv4, MacAddress.ForGroup(destination));
            queryLatency.Observe((KernelClock.Monotonic - dueAt).Ticks * 100);
            counters.Sent(query.Kind);
            localJoins?.HearOwn(query, packet.AsSpan(0, length));
        }
        catch (LinuxException refused)
        {
            counters.SendFailures++;
            log.Warning(Name, $"query for {(query.Group.IsUnspecified ? "all groups" : query.Group)} not sent: {refused.Message}");
        }
    }

    /// <summary>Changes the configuration. What the link adds to it stays.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; nothing has changed then.</exception>
    public void Configure(RouterSettings settings)
    {
        apply(this, Core.Configure(link is null ? settings : LinkSettings.Of(settings, link), KernelClock.Monotonic));
        configured = settings;
        localJoins?.Follow(Core.Settings);
    }

    /// <summary>Drops a group, or all.</summary>
    public void ClearGroups(Address? group) => apply(this, Core.ClearGroups(group, KernelClock.Monotonic));

    /// <summary>The interface is no longer to be served: all its state is dropped.</summary>
    public void Retire()
    {
        log.Info(Name, "no longer served");
        LeaveLocalJoins();
        Close();
        apply(this, Core.LinkDown(KernelClock.Monotonic));
    }

    /// <summary>Leaves what it has joined itself, and closes the socket.</summary>
    public void Dispose()
    {
        LeaveLocalJoins();
        Close();
    }

    private bool TryOpen()
    {
        try
        {
            socket = Open();
        }
        catch (LinuxException gone) when (gone.Error is Errno.NoSuchDevice or Errno.NetworkDown)
        {
            // It has changed again since the message that is being followed; the next one is on its way.
            return false;
        }

        reader = socket.Reader(packet.Length);
        loop.Watch(socket.Descriptor, () => Heard?.Invoke(this));
        return true;
    }

    private PacketSocket Open()
    {
        PacketSocket? opened = null;
        if (way == ReceiveWay.Ring)
        {
            try
            {
                opened = PacketSocket.Open(Name, SocketOptions with { Ring = Ring });
            }
            catch (LinuxException refused) when (refused.Call.Contains("PACKET_", StringComparison.Ordinal))
            {
                log.Warning(Name, $"no packet ring to be had, reports are received by system calls: {refused.Message}");
            }
        }

        opened ??= PacketSocket.Open(Name, SocketOptions);
        if (opened.ReceiveBufferBytes < ReceiveBuffer)
        {
            log.Warning(Name, $"receive buffer limited to {opened.ReceiveBufferBytes} bytes of {ReceiveBuffer}: a burst of more than about "
                + $"{opened.ReceiveBufferBytes / 800} reports may lose some (raise net.core.rmem_max, or run with CAP_NET_ADMIN)");
        }

        return opened;
    }

    /// <summary>Raised on the loop when there is something to hear.</summary>
    public event Action<RouterPort>? Heard;

    private void Close()
    {
        localJoins?.Dispose();
        localJoins = null;
        if (socket is null)
            return;
        lostBefore = Lost;
        lostNow = 0;
        loop.Unwatch(socket.Descriptor);
        socket.Dispose();
        socket = null;
        reader = null;
    }

    // The MTU and, where the configuration says so, the senders that count are those of the link.
    private void Adapt(Link link, Instant now)
    {
        if (link!.Mtu > packet.Length)
        {
            packet = new byte[link.Mtu];
            reader = socket!.Reader(packet.Length);
        }

        if (LinkSettings.Agree(Core.Settings, configured, link))
            return;
        try
        {
            apply(this, Core.Configure(LinkSettings.Of(configured, link), now));
        }
        catch (ArgumentException refused)
        {
            log.Warning(Name, $"MTU {link.Mtu} not taken over: {refused.Message}");
        }
    }

    private void Hear(IPacketReader received, int count)
    {
        Span<long> reports = stackalloc long[received.Capacity];
        // The kernel stamps packets on the clock of the day, timers run on the monotonic one.
        var now = KernelClock.Monotonic;
        var age = KernelClock.RealTime;
        var heard = 0;
        for (var i = 0; i < count; i++)
        {
            var packet = received[i];
            if (Hear(packet, now - (age - packet.At), now))
                reports[heard++] = packet.At.Nanoseconds;
        }

        // One look at the clock for all of them.
        var done = heard > 0 ? KernelClock.RealTime.Nanoseconds : 0;
        foreach (var at in reports[..heard])
            reportLatency.Observe(done - at);
    }

    /// <returns>Whether it was a report.</returns>
    private bool Hear(in ReceivedPacket received, Instant at, Instant now)
    {
        // Never back behind what this interface knows, nor ahead of the present when the day's clock is set.
        at = at < lastHeard ? lastHeard : at > now ? now : at;
        lastHeard = at;
        if (received.Type == PacketType.Outgoing || received.Sender == link!.Mac)
        {
            counters.OwnReceived++;
            return false;
        }

        if (received.OriginalLength > received.Bytes.Length)
        {
            counters.Oversized++;
            return false;
        }

        var error = IgmpPacket.TryRead(received.Bytes, out var message);
        if (error != PacketError.None)
        {
            counters.Refused(error);
            return false;
        }

        // What was due before it goes first; the core does that too.
        dueAt = Core.NextDue < at ? Core.NextDue : at;
        counters.Received(message.Type);
        apply(this, Core.ReceiveIgmp(message, at));
        localJoins?.Hear(message, now);
        return message.Type is IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V3MembershipReport;
    }
}
