using MulticastLab.Daemon.Configuration;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// The router daemon of a simulated node: the same <see cref="RouterNode"/> as the real one, on ports and a virtual clock, and forwarding
/// between them.
/// </summary>
internal sealed class SimulatedRouter
{
    private readonly NodeClock clock;
    private readonly Dialect dialect;
    private readonly Action stateChanged;
    private readonly SimulatedRoutes routes;
    private readonly SimulatedForwarding? forwarding;
    private readonly List<Side> sides = [];

    public SimulatedRouter(SimulatedNode at, Random random, Action stateChanged, RouterOptions options)
    {
        clock = at.Clock;
        routes = at.Routes;
        dialect = options.Dialect;
        this.stateChanged = stateChanged;
        Options = options;
        Node = new RouterNode(dialect, random);
        forwarding = options.Forward ? new SimulatedForwarding(options.Forwarding, routes, Node.Counters) : null;
        foreach (var (name, settings) in options.Interfaces)
        {
            var served = Node.Add(name, settings);
            Side side = null!;
            side = new Side(at.Port(name)!, served, new Alarm(clock, Advance), new Alarm(clock, Advance));
            sides.Add(side);
            forwarding?.Add(served);

            void Advance() => Apply(side, served.Advance(clock.Now));
        }
    }

    /// <summary>Its options.</summary>
    public RouterOptions Options { get; }

    /// <summary>The router, without I/O.</summary>
    public RouterNode Node { get; }

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
            ? side.Interface.LinkUp(new NodeLink(address, port.Mac, SimulatedPort.Mtu, port.Subnets), clock.Now)
            : side.Interface.LinkDown(clock.Now));
        forwarding?.Follow(side.Interface, routes.IndexOf(port));
    }

    public void Receive(SimulatedPort port, ReadOnlyMemory<byte> frame)
    {
        // Where the link is down the daemon has no socket.
        if (sides.Find(each => each.Port == port) is not { Interface.IsUp: true } side)
            return;
        var packet = SimulatedFrames.IpPacket(frame.Span);
        if (dialect.Filter.Matches(packet))
            Apply(side, side.Interface.Receive(packet, new Arrival(clock.Now, MacAddress.Read(frame.Span[6..]), packet.Length), clock.Now));
        else if (Ipv4View.TryRead(packet, out var ip) == PacketError.None && dialect.IsForwardable(ip.Destination))
            Forward(side, frame, ip);
    }

    public RouterState Dump() => Node.Dump(clock.Now);

    private void Forward(Side arrival, ReadOnlyMemory<byte> frame, in Ipv4View ip)
    {
        if (forwarding is null)
            return;
        var outgoing = forwarding.Take(ip.Source, ip.Destination, arrival.Interface.Number, clock.Now);
        foreach (var side in sides)
        {
            var number = side.Interface.Number;
            if (outgoing.Contains(number) && ip.TimeToLive > outgoing[number])
                side.Port.Send(SimulatedFrames.Forwarded(frame.Span, side.Port.Mac));
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

        // Two, so that what is due on several LANs at the same time runs in the order in which it was set: a report does not affect the
        // queries.
        side.RouterAlarm.Set(side.Interface.RouterDue);
        side.MemberAlarm.Set(side.Interface.MemberDue);
        // Whoever waits for a state may wait for a timer's value, which no effect reports.
        stateChanged();
    }

    private void Send(Side side, SendMessage message)
    {
        Span<byte> buffer = stackalloc byte[SimulatedPort.Mtu];
        var packet = buffer[..side.Interface.Write(buffer, message)];
        side.Port.Send(SimulatedFrames.Of(packet, side.Port));
        side.Interface.Sent(message, packet, clock.Now);
    }

    private sealed record Side(SimulatedPort Port, NodeInterface Interface, Alarm RouterAlarm, Alarm MemberAlarm);
}
