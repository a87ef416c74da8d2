using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// What a bridge learns from the messages that it carries, and where groups go by that (RFC 4541 §2.1): reports to the ports of routers,
/// groups to those of their members too. It changes and says nothing.
/// </summary>
internal sealed class BridgeSnooping(NodeClock clock, Dialect dialect)
{
    // The defaults of the protocol, and of the kernel's bridge, which derives none from what queries announce (RFC 9776 §8.4, §8.5, §8.9).
    private static readonly TimeSpan MembershipInterval = TimeSpan.FromSeconds(260);
    private static readonly TimeSpan RouterInterval = TimeSpan.FromSeconds(255);
    private const int LastMemberQueryCount = 2;

    private readonly Dictionary<SimulatedPort, Instant> routers = [];
    private readonly Dictionary<Address, Dictionary<SimulatedPort, Instant>> members = [];

    /// <summary>Learns from a frame, and says where it goes: only to ports for which this holds; null for everywhere.</summary>
    public Func<SimulatedPort, bool>? Take(SimulatedPort from, ReadOnlySpan<byte> frame)
    {
        var packet = SimulatedFrames.IpPacket(frame);
        if (Ipv4View.TryRead(packet, out var ip) != PacketError.None)
            return null;
        var group = ip.Destination;
        // §2.1.2: what stays on its LAN goes everywhere, and so does all else while nobody asks who wants it.
        if (!dialect.Filter.Matches(packet))
            return dialect.IsForwardable(group) && HasRouter ? port => IsMember(port, group) || IsRouter(port) : null;
        // §2.1.1 (3), (4): what is not understood is not learnt from, and goes everywhere.
        if (dialect.TryRead(packet, out var message) != PacketError.None)
            return null;
        switch (message.Kind)
        {
            case MessageKind.Query:
                Learn(from, message.Envelope, message.Query);
                return null;
            case MessageKind.Report:
                foreach (var record in message.Report)
                {
                    if (Wants(record))
                        Join(from, record.Group);
                }

                return IsRouter;
            case MessageKind.GroupMessage when message.GroupMessage.Kind == GroupMessageKind.Report:
                Join(from, message.GroupMessage.Group);
                return IsRouter;
            default:
                return IsRouter;
        }
    }

    private Instant Now => clock.Now;

    private bool HasRouter => routers.Values.Any(until => until > Now);

    private bool IsRouter(SimulatedPort port) => routers.GetValueOrDefault(port) > Now;

    private bool IsMember(SimulatedPort port, Address group) =>
        members.TryGetValue(group, out var ports) && ports.GetValueOrDefault(port) > Now;

    private void Join(SimulatedPort port, Address group)
    {
        if (!members.TryGetValue(group, out var ports))
            members.Add(group, ports = []);
        ports[port] = Now + MembershipInterval;
    }

    private void Learn(SimulatedPort from, in Envelope envelope, in Query query)
    {
        // §2.1.1 (1): not from proxies, which have no address.
        if (!envelope.Source.IsUnspecified)
            routers[from] = Now + RouterInterval;
        if (query.Kind != QueryKind.GroupSpecific || !members.TryGetValue(query.Group, out var ports))
            return;
        // Who answers has its time back.
        var end = Now + (LastMemberQueryCount * query.MaxResponseTime);
        foreach (var port in ports.Keys.Where(port => ports[port] > end).ToList())
            ports[port] = end;
    }

    // A host that names no source, or wants any, is a member; which sources it wants is the router's affair.
    private static bool Wants(in GroupRecord record) => record.Type switch
    {
        RecordType.IsExclude or RecordType.ToExclude => true,
        RecordType.IsInclude or RecordType.ToInclude or RecordType.Allow => !record.Sources.IsEmpty,
        _ => false,
    };
}
