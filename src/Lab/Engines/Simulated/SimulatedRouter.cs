using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// The router daemon of a simulated node: a <see cref="RouterInterface"/> per interface, with a <see cref="RouterAsMember"/> beside it, and forwarding
/// between them.
/// </summary>
internal sealed class SimulatedRouter
{
    private readonly NodeClock clock;
    private readonly Random random;
    private readonly Action stateChanged;
    private readonly bool forwards;
    private readonly List<Side> sides = [];
    private readonly RouterStatistics statistics = new();

    public SimulatedRouter(
        NodeClock clock, Random random, Action stateChanged, IEnumerable<(SimulatedPort Port, RouterSettings Settings)> ports, bool forwards)
    {
        this.clock = clock;
        this.random = random;
        this.stateChanged = stateChanged;
        this.forwards = forwards;
        foreach (var (port, settings) in ports)
        {
            var core = new RouterInterface(port.Name, Dialect.Igmp, settings);
            Side side = null!;
            side = new Side(
                port, core, new Alarm(clock, () => Apply(side, core.Advance(clock.Now))), new Alarm(clock, () => Send(side, side.Member!.Advance(clock.Now))));
            sides.Add(side);
        }
    }

    public void Begin()
    {
        foreach (var side in sides)
            LinkChanged(side.Port);
    }

    public void End() => sides.ForEach(side =>
    {
        side.Alarm.Set(Instant.Never);
        EndMember(side);
    });

    public void LinkChanged(SimulatedPort port)
    {
        if (sides.Find(each => each.Port == port) is not { } side)
            return;
        if (port is not { Up: true, Address: { } address })
        {
            EndMember(side);
            Apply(side, side.Core.LinkDown(clock.Now));
            return;
        }

        // Before the first query, which it is to answer too.
        side.Member ??= new RouterAsMember(port.Name, Dialect.Igmp, side.Core.Settings, random);
        Apply(side, side.Core.LinkUp(address, clock.Now));
        Send(side, side.Member.Follow(side.Core.Settings, clock.Now));
    }

    public void Receive(SimulatedPort port, ReadOnlyMemory<byte> frame)
    {
        if (sides.Find(each => each.Port == port) is not { } side)
            return;
        var packet = Frames.IpPacket(frame.Span);
        if (packet.IsEmpty || Ipv4View.TryRead(packet, out var ip) != PacketError.None)
            return;
        if (ip.Protocol == IpProtocol.Igmp)
            ReceiveIgmp(side, packet);
        else if (forwards && Dialect.Igmp.IsForwardable(ip.Destination) && ip.TimeToLive > 1)
            Forward(side, frame, ip.Source, ip.Destination);
    }

    public RouterState Dump() => new()
    {
        Interfaces = [.. sides.Select(side => side.Core.Dump(clock.Now))],
        Statistics = statistics.ToState(),
    };

    private void ReceiveIgmp(Side side, ReadOnlySpan<byte> packet)
    {
        var error = IgmpPacket.TryRead(packet, out var igmp);
        if (error != PacketError.None)
        {
            statistics.Rejected(error);
            return;
        }

        statistics.Received(igmp.Type);
        Apply(side, side.Core.ReceiveIgmp(igmp, clock.Now));
        Hear(side, igmp);
    }

    private void Hear(Side side, in IgmpPacket igmp)
    {
        if (side.Member is { } member && member.Concerns(igmp))
            Send(side, member.ReceiveIgmp(igmp, clock.Now));
    }

    // The router's own query, when it has done with what made it speak.
    private void HearOwn(Side side, ReadOnlyMemory<byte> frame) => clock.At(clock.Now, () =>
    {
        if (IgmpPacket.TryRead(Frames.IpPacket(frame.Span), out var igmp) == PacketError.None)
            Hear(side, igmp);
    });

    // The core need not hear it: here a router joins the routers' own group only.
    private void Send(Side side, IReadOnlyList<SendAsMember> messages)
    {
        foreach (var message in messages)
        {
            statistics.Sent(message);
            side.Port.Send(Frames.AsMember(message, side.Port));
        }

        side.MemberAlarm.Set(side.Member!.NextDue);
    }

    private static void EndMember(Side side)
    {
        side.MemberAlarm.Set(Instant.Never);
        side.Member = null;
    }

    private void Forward(Side arrival, ReadOnlyMemory<byte> frame, Address source, Address group)
    {
        foreach (var side in sides)
        {
            if (side != arrival && side.Core.Forwards(source, group))
                side.Port.Send(Frames.Forwarded(frame.Span, side.Port.Mac));
        }
    }

    private void Apply(Side side, IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case SendQuery query:
                    statistics.Sent(query.Query);
                    var frame = Frames.Query(query, side.Port);
                    side.Port.Send(frame);
                    if (side.Member?.IsAsked(query.Query.Group) ?? false)
                        HearOwn(side, frame);
                    break;
                case Dropped dropped:
                    statistics.Dropped(dropped.Reason);
                    break;
                case QueryOfOtherVersion:
                    statistics.ReceivedQueryOfOtherVersion();
                    break;
                case StateChanged or ForwardingChanged:
                    break;
                default:
                    throw new InvalidOperationException($"A router interface has asked for {effect}.");
            }
        }

        side.Alarm.Set(side.Core.NextDue);
        // Whoever waits for a state may wait for a timer's value, which no effect tells.
        stateChanged();
    }

    private sealed record Side(SimulatedPort Port, RouterInterface Core, Alarm Alarm, Alarm MemberAlarm)
    {
        /// <summary>The router as a host of the LAN, while the link is up.</summary>
        public RouterAsMember? Member { get; set; }
    }
}
