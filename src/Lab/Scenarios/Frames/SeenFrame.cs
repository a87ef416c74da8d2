using MulticastLab.Lab.Engines;
using MulticastLab.Packets;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Scenarios.Frames;

/// <summary>A captured frame, decoded once into values that patterns are held against.</summary>
public sealed class SeenFrame
{
    private const int ProtocolAt = 9;

    private SeenFrame(LabFrame frame) => Frame = frame;

    /// <summary>The frame as captured.</summary>
    public LabFrame Frame { get; }

    /// <summary>Its number over all LANs, from 1.</summary>
    public int Number => Frame.Number;

    /// <summary>When it entered the LAN.</summary>
    public Instant At => Frame.At;

    /// <summary>The node that sent it.</summary>
    public string Sender => Frame.Node;

    /// <summary>Whether it is an IGMP message, valid or not.</summary>
    public bool IsIgmp { get; private init; }

    /// <summary>What is wrong with an IGMP message that is not valid.</summary>
    public PacketError Error { get; private init; }

    /// <summary>Source, destination, TTL and Router Alert of an IP packet.</summary>
    public Envelope Envelope { get; private init; }

    /// <summary>The query, if it is one.</summary>
    public QueryContent? Query { get; private init; }

    /// <summary>The version 3 report, if it is one.</summary>
    public ReportContent? Report { get; private init; }

    /// <summary>The type of a version 1 or 2 report or a leave.</summary>
    public IgmpType? GroupMessage { get; private init; }

    /// <summary>The payload of a UDP datagram; null for everything else.</summary>
    public ReadOnlyMemory<byte>? Datagram { get; private init; }

    /// <summary>Decodes a frame. What is neither IGMP nor UDP over IPv4 stays undecoded.</summary>
    public static SeenFrame Decode(LabFrame frame)
    {
        var bytes = frame.Bytes.Span;
        if (EthernetView.TryRead(bytes, out var ethernet) != PacketError.None || ethernet.EtherType != EtherType.Ipv4)
            return new SeenFrame(frame);
        var packet = ethernet.Payload;
        var packetAt = bytes.Length - packet.Length;
        var error = Ipv4View.TryRead(packet, out var ip);
        // A broken header that names IGMP was meant to be IGMP: it must not pass for something else.
        if (error != PacketError.None)
            return new SeenFrame(frame) { IsIgmp = packet.Length > ProtocolAt && packet[ProtocolAt] == IpProtocol.Igmp, Error = error };
        if (ip.Protocol == IpProtocol.Igmp)
            return DecodeIgmp(frame, packet);
        if (ip.Protocol != IpProtocol.Udp || UdpView.TryRead(ip, out var udp, checkChecksum: false) != PacketError.None)
            return new SeenFrame(frame);
        return new SeenFrame(frame)
        {
            Envelope = new Envelope(ip.Source, ip.Destination, ip.TimeToLive, ip.HasRouterAlert),
            Datagram = frame.Bytes.Slice(packetAt + ip.HeaderLength + UdpView.HeaderLength, udp.Payload.Length),
        };
    }

    private static SeenFrame DecodeIgmp(LabFrame frame, ReadOnlySpan<byte> packet)
    {
        var error = IgmpPacket.TryRead(packet, out var igmp);
        if (error != PacketError.None)
            return new SeenFrame(frame) { IsIgmp = true, Error = error };
        return igmp.Type switch
        {
            IgmpType.MembershipQuery => new SeenFrame(frame) { IsIgmp = true, Envelope = igmp.Envelope, Query = igmp.Query.ToContent() },
            IgmpType.V3MembershipReport => new SeenFrame(frame) { IsIgmp = true, Envelope = igmp.Envelope, Report = igmp.Report.ToContent() },
            _ => new SeenFrame(frame) { IsIgmp = true, Envelope = igmp.Envelope, GroupMessage = igmp.Type },
        };
    }

    /// <summary>The frame in one line: from, to, what it says.</summary>
    public override string ToString() => FrameDecoder.Decode(Frame.Bytes.Span).ToString();
}
