using System.Buffers.Binary;
using System.Globalization;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Conformance.Judging;

/// <summary>
/// An IP packet of a capture, whatever link layer it was captured on: as an untagged Ethernet frame, with the segment that it was on.
/// </summary>
/// <param name="Frame">The packet as an Ethernet frame; the addresses are zero where the link layer does not tell them.</param>
/// <param name="Segment">The interface and the VLANs, which tell one broadcast domain from another: <c>eth0 VLAN 10</c>.</param>
/// <param name="Source">The IP source.</param>
/// <param name="Station">The sender's Ethernet address; null when it is not known.</param>
/// <param name="IsEthernet">Whether it was captured as an Ethernet frame, whose destination address is known.</param>
internal sealed record LinkedPacket(
    ReadOnlyMemory<byte> Frame, string Segment, Address Source, MacAddress? Station, bool IsEthernet)
{
    private const int MinimumHeader = 20;
    private const int TotalLengthAt = 2;
    private const int SourceAt = 12;
    private const int AddressLength = 4;
    private const int MacLength = 6;
    private const string Igmp = "2";

    /// <summary>Whether there is as much of the IP packet as it says.</summary>
    internal bool IsComplete =>
        Frame.Length - EthernetView.HeaderLength
        >= BinaryPrimitives.ReadUInt16BigEndian(Frame.Span[(EthernetView.HeaderLength + TotalLengthAt)..]);

    /// <summary>The IGMP packet of a frame; null when it has none, or ends within the IP header.</summary>
    internal static LinkedPacket? Of(CapturedPacket packet, DecodedFrame decoded)
    {
        if (decoded.Layers.LastOrDefault(each => each.Name == "ip") is not { } ip || packet.Data.Length < ip.Offset + MinimumHeader
            || !ip.Children.Any(each => each is { Name: "ip.proto", Value: Igmp }))
        {
            return null;
        }

        var ethernet = decoded.Fields("eth.dst").FirstOrDefault();
        var source = SourceOf(decoded);
        var bytes = packet.Data[ip.Offset..];
        var frame = new byte[EthernetView.HeaderLength + bytes.Length];
        Copy(packet, ethernet, frame);
        Copy(packet, source, frame.AsSpan(MacLength));
        (frame[^(bytes.Length + 2)], frame[^(bytes.Length + 1)]) = (EtherType.Ipv4 >> 8, EtherType.Ipv4 & 0xFF);
        bytes.CopyTo(frame.AsMemory(EthernetView.HeaderLength));
        return new LinkedPacket(
            frame, SegmentOf(packet, decoded), Address.Read(bytes.Span.Slice(SourceAt, AddressLength)),
            source is null ? null : MacAddress.Read(packet.Data.Span[source.Offset..]), ethernet is not null);
    }

    /// <summary>The sender's Ethernet address, as text; null when the frame does not tell.</summary>
    internal static string? StationOf(DecodedFrame decoded) => SourceOf(decoded)?.Value;

    private static Field? SourceOf(DecodedFrame decoded) =>
        decoded.Fields("eth.src").Concat(decoded.Fields("sll.src.eth")).FirstOrDefault();

    private static void Copy(CapturedPacket packet, Field? address, Span<byte> to)
    {
        if (address is not null)
            packet.Data.Span.Slice(address.Offset, MacLength).CopyTo(to);
    }

    private static string SegmentOf(CapturedPacket packet, DecodedFrame decoded)
    {
        var name = packet.InterfaceName ?? string.Create(CultureInfo.InvariantCulture, $"interface {packet.InterfaceId}");
        var vlans = string.Join('.', decoded.Fields("vlan.id").Select(each => each.Value));
        return vlans.Length == 0 ? name : $"{name} VLAN {vlans}";
    }
}
