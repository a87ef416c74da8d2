using System.Buffers.Binary;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The Ethernet frames of the simulated world: real bytes, so that a capture of it is a real capture.</summary>
internal static class Frames
{
    private const int HeaderLength = 14;
    private const ushort Ipv4Type = 0x0800;

    public static ReadOnlyMemory<byte> Query(SendQuery effect, SimulatedPort from)
    {
        var frame = new byte[HeaderLength + 24 + IgmpWriter.QueryLength(effect.Query)];
        IgmpWriter.WriteQuery(frame.AsSpan(HeaderLength), effect.Query, from.Address ?? Address.AnyV4, effect.Destination);
        return WithHeader(frame, from.Mac, effect.Destination);
    }

    public static ReadOnlyMemory<byte> Report(SendReport effect, SimulatedPort from)
    {
        var frame = new byte[HeaderLength + 24 + IgmpWriter.ReportLength(effect.Report)];
        IgmpWriter.WriteReport(frame.AsSpan(HeaderLength), effect.Report, from.Address ?? Address.AnyV4, effect.Destination);
        return WithHeader(frame, from.Mac, effect.Destination);
    }

    /// <summary>A datagram of a stream: its number and the time when it was sent, both 64 bits in network byte order.</summary>
    public static ReadOnlyMemory<byte> Datagram(long number, Instant at, Address source, Address group, MacAddress from)
    {
        const int udpLength = 8;
        const ushort port = 5000;
        Span<byte> payload = stackalloc byte[udpLength + 16];
        BinaryPrimitives.WriteUInt16BigEndian(payload, port);
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], port);
        BinaryPrimitives.WriteUInt16BigEndian(payload[4..], (ushort)payload.Length);
        BinaryPrimitives.WriteInt64BigEndian(payload[udpLength..], number);
        BinaryPrimitives.WriteInt64BigEndian(payload[(udpLength + 8)..], at.Nanoseconds);
        var header = new Ipv4Header(source, group, IpProtocol.Udp) { TimeToLive = 16 };
        var frame = new byte[HeaderLength + header.Length + payload.Length];
        Ipv4Writer.Write(frame.AsSpan(HeaderLength), header, payload);
        return WithHeader(frame, from, group);
    }

    /// <summary>The frame as a router sends it on: one hop less to live, its own MAC address as the sender.</summary>
    public static ReadOnlyMemory<byte> Forwarded(ReadOnlySpan<byte> frame, MacAddress from)
    {
        var copy = frame.ToArray();
        from.Write(copy.AsSpan(6));
        var header = copy.AsSpan(HeaderLength, (copy[HeaderLength] & 0xF) * 4);
        header[8]--;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Compute(header));
        return copy;
    }

    /// <summary>What an Ethernet frame carries if that is IPv4; otherwise nothing.</summary>
    public static ReadOnlySpan<byte> IpPacket(ReadOnlySpan<byte> frame) =>
        frame.Length > HeaderLength && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == Ipv4Type ? frame[HeaderLength..] : [];

    private static byte[] WithHeader(byte[] frame, MacAddress from, Address destination)
    {
        MacAddress.ForGroup(destination).Write(frame);
        from.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), Ipv4Type);
        return frame;
    }
}
