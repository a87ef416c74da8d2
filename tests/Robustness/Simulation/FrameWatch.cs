using MulticastLab.Lab.Engines;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Robustness.Simulation;

/// <summary>Reads every frame of the lab: how often routers ask, and where datagrams go.</summary>
internal sealed class FrameWatch(LabPlan plan, Windows windows, LanModel[] models, Func<NodePlan, int, bool> isUp, Action<string>? tell)
{
    private readonly QueryRate rate = new(plan, windows);
    private readonly DataPlane datagrams = new();
    private readonly NodePlan forwarder = plan.Nodes[0];

    /// <summary>A router's interface has come up.</summary>
    public void Started(int lan, Address router) => rate.Started(lan, router);

    /// <summary>Looks at the frames since the last time, during which the model has not changed.</summary>
    public void Look(IReadOnlyList<LabFrame> frames, Instant now)
    {
        foreach (var frame in frames)
            Look(frame);
        if (datagrams.Settle(now - windows.Slack, ChangedAt) is { } wrong)
            throw new ViolationException(new Violation(Law.Datagrams, now, wrong));
    }

    private void Look(LabFrame frame)
    {
        var lan = frame.Lan[0] - 'A';
        if (EthernetView.TryRead(frame.Bytes.Span, out var ethernet) != PacketError.None || Ipv4View.TryRead(ethernet.Payload, out var ip) != PacketError.None)
            throw new ViolationException(new Violation(Law.NoException, frame.At, $"{frame.Node} has sent what is no IPv4 packet"));
        if (ip.Protocol == IpProtocol.Udp)
        {
            Datagram(frame, lan, ip);
            return;
        }

        tell?.Invoke($"{frame.At,16}  {frame.Lan} {frame.Node,-4} {FrameDecoder.Decode(frame.Bytes.Span, LinkType.Ethernet)}");
        if (IgmpPacket.TryRead(ethernet.Payload, out var igmp) != PacketError.None)
            throw new ViolationException(new Violation(Law.NoException, frame.At, $"{frame.Node} has sent an IGMP message that nobody would take"));
        if (igmp.Type == IgmpType.V3MembershipReport)
            rate.Seen(lan, igmp.Report);
        else if (igmp.Type == IgmpType.V2LeaveGroup)
            rate.SeenLeave(lan, igmp.Group);
        else if (igmp.Type == IgmpType.MembershipQuery && rate.Seen(lan, igmp.Envelope.Source, igmp.Query, frame.At) is { } wrong)
            throw new ViolationException(new Violation(Law.QueryRate, frame.At, wrong));
    }

    private void Datagram(LabFrame frame, int lan, Ipv4View ip)
    {
        if (UdpView.TryRead(ip, out var udp) != PacketError.None || !StreamDatagram.TryRead(udp.Payload, out var datagram))
            return;
        if (frame.Node != DataPlane.Node)
            datagrams.Forwarded(datagram, lan);
        else if (isUp(forwarder, 0))
            datagrams.Sent(datagram, ip.Destination, ip.Source, frame.At, Expected(ip.Destination, ip.Source, frame.At));
    }

    // Only what is settled on the way and where it would come to.
    private Dictionary<int, bool> Expected(Address group, Address source, Instant at)
    {
        var expected = new Dictionary<int, bool>();
        if (models[0].CalmSince is null || models[0].IsDark)
            return expected;
        for (var lan = 1; lan < models.Length; lan++)
        {
            var model = models[lan];
            if (model.CalmSince is not { } calm || !isUp(forwarder, lan))
                continue;
            var (wanted, since) = model.Wants(group, source);
            if (wanted && at >= Later(since + windows.Slack, calm + windows.EverybodyHeard))
                expected[lan] = true;
            else if (!wanted && at >= Later(windows.SettledAt(model, group, at), calm) + windows.Steady)
                expected[lan] = false;
        }

        return expected;
    }

    private Instant ChangedAt(int lan, Address group)
    {
        var latest = models[lan].ChangedAt(group);
        foreach (var model in (LanModel[])[models[0], models[lan]])
            latest = Later(latest, model.CalmSince ?? Instant.Never);
        return latest;
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;
}
