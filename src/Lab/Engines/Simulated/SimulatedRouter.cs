using MulticastLab.Membership;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The router daemon of a simulated node: the same <see cref="RouterNode"/> as the real one, on ports and a virtual clock, and forwarding between them.</summary>
internal sealed class SimulatedRouter
{
    private readonly NodeClock clock;
    private readonly Action stateChanged;
    private readonly bool forwards;
    private readonly RouterNode node;
    private readonly List<Side> sides = [];

    public SimulatedRouter(
        NodeClock clock, Random random, Action stateChanged, IEnumerable<(SimulatedPort Port, RouterSettings Settings)> ports, bool forwards)
    {
        this.clock = clock;
        this.stateChanged = stateChanged;
        this.forwards = forwards;
        node = new RouterNode(Dialect.Igmp, random);
        foreach (var (port, settings) in ports)
        {
            var served = node.Add(port.Name, settings);
            Side side = null!;
            side = new Side(port, served, new Alarm(clock, Advance), new Alarm(clock, Advance));
            sides.Add(side);

            void Advance() => Apply(side, served.Advance(clock.Now));
        }
    }

    public void Begin()
    {
        foreach (var side in sides)
            LinkChanged(side.Port);
    }

    public void End() => sides.ForEach(side =>
    {
        side.RouterAlarm.Set(Instant.Never);
        side.MemberAlarm.Set(Instant.Never);
    });

    public void LinkChanged(SimulatedPort port)
    {
        if (sides.Find(each => each.Port == port) is not { } side)
            return;
        Apply(side, port is { Up: true, Address: { } address }
            ? side.Interface.LinkUp(new NodeLink(address, port.Mac, SimulatedPort.Mtu, port.Addresses), clock.Now)
            : side.Interface.LinkDown(clock.Now));
    }

    public void Receive(SimulatedPort port, ReadOnlyMemory<byte> frame)
    {
        // Where the link is down the daemon has no socket.
        if (sides.Find(each => each.Port == port) is not { Interface.IsUp: true } side)
            return;
        var packet = Frames.IpPacket(frame.Span);
        if (Frames.IsIgmp(packet))
            Apply(side, side.Interface.Receive(packet, new Arrival(clock.Now, MacAddress.Read(frame.Span[6..]), packet.Length), clock.Now));
        else if (forwards && Ipv4View.TryRead(packet, out var ip) == PacketError.None && Dialect.Igmp.IsForwardable(ip.Destination) && ip.TimeToLive > 1)
            Forward(side, frame, ip.Source, ip.Destination);
    }

    public RouterState Dump() => node.Dump(clock.Now);

    private void Forward(Side arrival, ReadOnlyMemory<byte> frame, Address source, Address group)
    {
        foreach (var side in sides)
        {
            if (side != arrival && side.Interface.Forwards(source, group))
                side.Port.Send(Frames.Forwarded(frame.Span, side.Port.Mac));
        }
    }

    private void Apply(Side side, IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case SendMessage message:
                    Send(side, message);
                    break;
                case StateChanged or ForwardingChanged or QueryOfOtherVersion or LinkRefused:
                    break;
                default:
                    throw new InvalidOperationException($"A router interface has asked for {effect}.");
            }
        }

        // Two, so that what is due on several LANs at one time comes in the order in which it was set: a report changes nothing of the queries.
        side.RouterAlarm.Set(side.Interface.RouterDue);
        side.MemberAlarm.Set(side.Interface.MemberDue);
        // Whoever waits for a state may wait for a timer's value, which no effect tells.
        stateChanged();
    }

    private void Send(Side side, SendMessage message)
    {
        Span<byte> buffer = stackalloc byte[SimulatedPort.Mtu];
        var packet = buffer[..side.Interface.Write(buffer, message)];
        side.Port.Send(Frames.Of(packet, side.Port));
        side.Interface.Sent(message, packet, clock.Now);
    }

    private sealed record Side(SimulatedPort Port, NodeInterface Interface, Alarm RouterAlarm, Alarm MemberAlarm);
}
