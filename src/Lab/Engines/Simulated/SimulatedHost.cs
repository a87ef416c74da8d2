using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The host agent of a simulated node: a <see cref="HostInterface"/> and its receive filter.</summary>
internal sealed class SimulatedHost
{
    private readonly NodeClock clock;
    private readonly Action stateChanged;
    private readonly SimulatedPort port;
    private readonly HostInterface core;
    private readonly HostSockets sockets = new();
    private readonly Alarm alarm;
    private readonly Dictionary<(Address Source, Address Group), long> accepted = [];

    public SimulatedHost(NodeClock clock, Dialect dialect, Action stateChanged, SimulatedPort port, HostSettings settings, Random random)
    {
        this.clock = clock;
        this.stateChanged = stateChanged;
        this.port = port;
        core = new HostInterface(port.Name, dialect, settings, random);
        alarm = new Alarm(clock, () => Apply(core.Advance(clock.Now)));
    }

    public void LinkChanged(SimulatedPort changed)
    {
        if (changed == port && port.Up)
            Apply(core.LinkUp(clock.Now));
    }

    public void End() => alarm.Set(Instant.Never);

    /// <summary>What a socket wants of a group.</summary>
    public SourceFilter Filter(string socket, Address group) => core.Filter(sockets[socket], group);

    public void Listen(string socket, Address group, SourceFilter filter)
    {
        Apply(core.Listen(sockets[socket], group, filter, clock.Now));
        stateChanged();
    }

    public IReadOnlyList<ReceptionState> Dump() => core.Dump();

    /// <summary>How many datagrams of this source and group the receive filter has let through.</summary>
    public long Accepted(Address source, Address group) => accepted.GetValueOrDefault((source, group));

    public void Receive(SimulatedPort at, ReadOnlyMemory<byte> frame)
    {
        if (at != port)
            return;
        var packet = SimulatedFrames.IpPacket(frame.Span);
        if (packet.IsEmpty || Ipv4View.TryRead(packet, out var ip) != PacketError.None)
            return;
        if (ip.Protocol == IpProtocol.Udp && core.Accepts(ip.Source, ip.Destination))
            accepted[(ip.Source, ip.Destination)] = Accepted(ip.Source, ip.Destination) + 1;
        else if (core.Dialect.TryRead(packet, out var message) == PacketError.None)
            Apply(core.Receive(message, clock.Now));
    }

    private void Send(SendAsMember message)
    {
        Span<byte> packet = stackalloc byte[SimulatedPort.Mtu];
        port.Send(SimulatedFrames.Of(packet[..core.Dialect.Write(packet, message, port.Address ?? core.Dialect.Unspecified)], port));
    }

    private void Apply(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case SendAsMember message:
                    Send(message);
                    break;
                case OlderVersionQuery:
                    break;
                default:
                    throw new InvalidOperationException($"A host interface has asked for {effect}.");
            }
        }

        alarm.Set(core.NextDue);
    }
}
