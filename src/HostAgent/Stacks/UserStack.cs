using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.State;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>
/// Our own IGMP: the Membership host core on a packet socket. The kernel joins nothing and so stays silent; all multicast frames are
/// received from the interface (PACKET_MR_ALLMULTI).
/// </summary>
internal sealed class UserStack : IHostStack
{
    private const int MostSources = 16384;

    private readonly EventLoop loop;
    private readonly DaemonLog log;
    private readonly LinkWatch links;
    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new();
    private readonly HostInterface core;
    private readonly LoopTimer timer;
    private readonly LoopTimer farewell;
    private readonly HostSockets sockets = new();
    private readonly byte[] packet;
    private bool isUp;
    private Action? left;

    /// <summary>Takes an interface of this network namespace.</summary>
    /// <param name="loop">The agent's loop.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="dialect">The protocol that it speaks.</param>
    /// <param name="settings">The version, and whether older queriers change it; the MTU is the interface's.</param>
    /// <param name="random">Where the random delays are drawn from.</param>
    /// <param name="log">Takes lines for the operator.</param>
    /// <exception cref="LinuxException">No such interface, or no CAP_NET_RAW.</exception>
    public UserStack(EventLoop loop, string interfaceName, Dialect dialect, HostSettings settings, Random random, DaemonLog log)
    {
        this.loop = loop;
        this.log = log;
        Interface = interfaceName;
        links = LinkWatch.Open();
        var link = links.Find(interfaceName) ?? throw new LinuxException("rtnetlink(RTM_GETLINK)", Errno.NoSuchDevice, interfaceName);
        var mtu = link.Mtu;
        packet = new byte[mtu];
        core = new HostInterface(interfaceName, dialect, settings with { Mtu = mtu, MaxSources = MostSources }, random);
        socket = PacketSocket.Open(interfaceName, new PacketSocketOptions
        {
            Protocol = dialect.Filter.EtherType,
            LinkHeader = false,
            Filter = PacketFilter.Of(dialect.Filter),
            AllMulticast = true,
            // Our own report must not be taken for another host's, which would suppress its repetition (RFC 2236 §3).
            IgnoreOutgoing = true,
        });
        timer = loop.AddTimer(() => Perform(core.Advance(KernelClock.Monotonic)));
        farewell = loop.AddTimer(SayLeft);
        loop.Watch(socket.Descriptor, Receive);
        isUp = IsUp(link);
        loop.Watch(links.Descriptor, LinksChanged);
    }

    /// <inheritdoc/>
    public string Name => "user";

    /// <inheritdoc/>
    public string Interface { get; }

    /// <inheritdoc/>
    public SourceFilter Filter(string socket, Address group) => core.Filter(sockets[socket], group);

    /// <inheritdoc/>
    public void Replace(string socket, Address group, SourceFilter filter) => Listen(sockets[socket], group, filter);

    /// <inheritdoc/>
    public void Allow(string socket, Address group, IReadOnlyList<Address> sources) =>
        Replace(socket, group, Filter(socket, group).Allowing(sources));

    /// <inheritdoc/>
    public void Block(string socket, Address group, IReadOnlyList<Address> sources) =>
        Replace(socket, group, Filter(socket, group).Blocking(sources));

    /// <inheritdoc/>
    public StackState Dump()
    {
        var expires = core.CompatibilityModeEnds - KernelClock.Monotonic;
        var named = sockets.Named
            .SelectMany(socket => core.Dump(socket.Value).Select(state => new SocketState(socket.Key, state.Group, state.Filter)));
        return new StackState(
            Name, Interface, core.CompatibilityMode, (long?)expires?.TotalMilliseconds, core.Dump(), SocketState.Listing(named), []);
    }

    /// <inheritdoc/>
    public IReceiver Receive(Address group, ushort port, SourceFilter filter, DatagramHandler handle)
    {
        var number = sockets.Add();
        Listen(number, group, filter);
        try
        {
            return new UserReceiver(
                loop, Interface, group, port, source => core.Accepts(source, group) && filter.Wants(source), handle, Leave);
        }
        catch
        {
            Leave();
            throw;
        }

        void Leave() => Listen(number, group, SourceFilter.None);
    }

    /// <inheritdoc/>
    // §5.1: a state-change report is repeated; the process stays until that is done.
    public void LeaveAll(Action left)
    {
        foreach (var socket in sockets.Named.Values)
            Perform(core.Close(socket, KernelClock.Monotonic));
        this.left = left;
        if (core.IsIdle)
            SayLeft();
        else
            farewell.Set(
                KernelClock.Monotonic + (core.Settings.Timing.UnsolicitedReportInterval * core.Settings.Timing.RobustnessVariable));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        loop.Unwatch(socket.Descriptor);
        loop.Unwatch(links.Descriptor);
        links.Dispose();
        timer.Dispose();
        farewell.Dispose();
        socket.Dispose();
        batch.Dispose();
    }

    private void Listen(int number, Address group, SourceFilter filter) =>
        Perform(core.Listen(number, group, filter, KernelClock.Monotonic));

    private static bool IsUp(Link? link) => link is { IsSetUp: true, HasCarrier: true };

    private void LinksChanged()
    {
        links.ReadChanges();
        var wasUp = isUp;
        isUp = IsUp(links.Find(Interface));
        if (isUp && !wasUp)
            Perform(core.LinkUp(KernelClock.Monotonic));
    }

    private void Receive()
    {
        try
        {
            socket.Receive(batch);
        }
        catch (LinuxException exception) when (exception.Error == Errno.NetworkDown)
        {
            log.Warning(Interface, $"{Interface} is down");
            return;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            // Malformed messages are ignored (RFC 9776 §4).
            if (core.Dialect.TryRead(batch[i].Bytes, out var received) == PacketError.None)
                Perform(core.Receive(received, KernelClock.Monotonic));
        }
    }

    private void Perform(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is SendAsMember message)
                Send(message);
            else if (effect is OlderVersionQuery { Group.IsUnspecified: true } query)
                log.Warning(
                    Interface,
                    $"{query.Querier} sends queries of version {query.Version}: sources cannot be reported, source-specific groups may "
                        + "stay silent (RFC 9776 §7.2.1)");
            else if (effect is OlderVersionQuery specific)
                log.Warning(
                    Interface,
                    $"{specific.Querier} asks for {specific.Group}, which is source-specific, by a query of version {specific.Version} "
                        + "(RFC 4604 §2.2)");
        }

        timer.Set(core.NextDue);
        if (left is not null && core.IsIdle)
            SayLeft();
    }

    private void Send(SendAsMember message)
    {
        try
        {
            // 0.0.0.0 is the right source while the interface has no address (RFC 9776 §4.2.14). It is known from the watch: asking the
            // kernel would mean waiting for its network configuration lock, which other work on the machine may hold for seconds.
            var source = links.Find(Interface)?.PrimaryAddress ?? core.Dialect.Unspecified;
            var length = core.Dialect.Write(packet, message, source);
            socket.Send(packet.AsSpan(0, length), core.Dialect.Filter.EtherType, MacAddress.ForGroup(message.Destination));
        }
        catch (LinuxException exception)
        {
            // As with any lost report, the repetition or the next query makes up for it (RFC 9776 §5.1).
            log.Warning(Interface, $"a report was not sent: {exception.Message}");
        }
    }

    private void SayLeft()
    {
        var say = left;
        left = null;
        say?.Invoke();
    }
}
