using MulticastLab.Lab.Engines;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Scenarios.Frames;

/// <summary>A captured frame, decoded once into values that patterns are held against.</summary>
public sealed class SeenFrame
{
    private SeenFrame(LabFrame frame, Dialect dialect)
    {
        Frame = frame;
        Dialect = dialect;
    }

    /// <summary>The protocol whose messages are distinguished from other frames.</summary>
    public Dialect Dialect { get; }

    /// <summary>The frame as captured.</summary>
    public LabFrame Frame { get; }

    /// <summary>Its number over all LANs, from 1.</summary>
    public int Number => Frame.Number;

    /// <summary>When it entered the LAN.</summary>
    public Instant At => Frame.At;

    /// <summary>The node that sent it, or the station of the tester.</summary>
    public string Sender { get => field ?? Frame.Node; internal set; }

    /// <summary>Whether the tester has sent it: see <see cref="IRunningLab.Transmit"/>.</summary>
    public bool IsTesters => Frame.Node == LabFrame.Tester;

    /// <summary>Whether it is a message of the protocol, of IGMP that is, valid or not.</summary>
    public bool IsIgmp { get; private init; }

    /// <summary>What is wrong with a message that is not valid.</summary>
    public PacketError Error { get; private init; }

    /// <summary>Source, destination, TTL and Router Alert of an IP packet.</summary>
    public Envelope Envelope { get; private init; }

    /// <summary>The query, if it is one.</summary>
    public QueryContent? Query { get; private init; }

    /// <summary>The report of the current version, if it is one.</summary>
    public ReportContent? Report { get; private init; }

    /// <summary>The report or leave of an older version, if it is one.</summary>
    public GroupMessage? GroupMessage { get; private init; }

    /// <summary>The payload of a UDP datagram; null for everything else.</summary>
    public ReadOnlyMemory<byte>? Datagram { get; private init; }

    /// <summary>Decodes a frame. What is neither a message of the protocol nor UDP over IPv4 stays undecoded.</summary>
    public static SeenFrame Decode(LabFrame frame, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        var bytes = frame.Bytes.Span;
        if (EthernetView.TryRead(bytes, out var ethernet) != PacketError.None)
            return new SeenFrame(frame, dialect);
        var packet = ethernet.Payload;
        // A broken header that names the protocol was meant to be of it: it must not pass for something else.
        if (ethernet.EtherType == dialect.Filter.EtherType && dialect.Filter.Matches(packet))
            return DecodeMessage(frame, packet, dialect);
        if (ethernet.EtherType != EtherType.Ipv4)
            return new SeenFrame(frame, dialect);
        var error = Ipv4View.TryRead(packet, out var ip);
        if (error != PacketError.None)
            return new SeenFrame(frame, dialect) { Error = error };
        if (ip.Protocol != IpProtocol.Udp || UdpView.TryRead(ip, out var udp, checkChecksum: false) != PacketError.None)
            return new SeenFrame(frame, dialect);
        var packetAt = bytes.Length - packet.Length;
        return new SeenFrame(frame, dialect)
        {
            Envelope = new Envelope(ip.Source, ip.Destination, ip.TimeToLive, ip.HasRouterAlert),
            Datagram = frame.Bytes.Slice(packetAt + ip.HeaderLength + UdpView.HeaderLength, udp.Payload.Length),
        };
    }

    private static SeenFrame DecodeMessage(LabFrame frame, ReadOnlySpan<byte> packet, Dialect dialect)
    {
        var error = dialect.TryRead(packet, out var message);
        if (error != PacketError.None)
            return new SeenFrame(frame, dialect) { IsIgmp = true, Error = error };
        return message.Kind switch
        {
            MessageKind.Query => new SeenFrame(frame, dialect)
            {
                IsIgmp = true,
                Envelope = message.Envelope,
                Query = message.Query.ToContent(),
            },
            MessageKind.Report => new SeenFrame(frame, dialect)
            {
                IsIgmp = true,
                Envelope = message.Envelope,
                Report = message.Report.ToContent(),
            },
            MessageKind.GroupMessage => new SeenFrame(frame, dialect)
            {
                IsIgmp = true,
                Envelope = message.Envelope,
                GroupMessage = message.GroupMessage,
            },
        };
    }

    /// <summary>Whether a node has sent it on just as it got it.</summary>
    /// <param name="sent">What the node got.</param>
    /// <param name="node">The node.</param>
    internal bool IsCopyOf(SeenFrame sent, string node) =>
        Frame.Node == node && At >= sent.At && Frame.Bytes.Span.SequenceEqual(sent.Frame.Bytes.Span);

    /// <summary>The frame in one line: from, to, what it says.</summary>
    public override string ToString() => FrameDecoder.Decode(Frame.Bytes.Span).ToString();
}
