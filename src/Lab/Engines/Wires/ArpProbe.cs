using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Lab.Engines.Wires;

/// <summary>
/// The question who has an IPv4 address, asked without an address of one's own (RFC 5227 §1.1), and its answer (RFC 826).
/// </summary>
internal static class ArpProbe
{
    private const int PacketLength = 28;
    private const int SenderMacAt = 8;
    private const int SenderAddressAt = 14;
    private const int TargetAddressAt = 24;
    private const ushort EthernetType = 1;
    private const ushort Request = 1;
    private const ushort Reply = 2;

    /// <summary>The frame that asks.</summary>
    /// <param name="sender">The Ethernet address that asks.</param>
    /// <param name="wanted">The address that is looked for.</param>
    internal static byte[] Frame(MacAddress sender, Address wanted)
    {
        var packet = new byte[PacketLength].AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(packet, EthernetType);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], EtherType.Ipv4);
        (packet[4], packet[5]) = (6, 4);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], Request);
        sender.Write(packet[SenderMacAt..]);
        wanted.Write(packet[TargetAddressAt..]);
        var frame = new byte[EthernetView.HeaderLength + PacketLength];
        EthernetWriter.Write(frame, sender, MacAddress.Broadcast, EtherType.Arp, packet);
        return frame;
    }

    /// <summary>Whose Ethernet address a frame tells.</summary>
    /// <param name="frame">Any frame.</param>
    /// <param name="wanted">The address that was looked for.</param>
    /// <returns>Null when it is no answer about that address.</returns>
    internal static MacAddress? Answer(ReadOnlySpan<byte> frame, Address wanted)
    {
        if (EthernetView.TryRead(frame, out var ethernet) != PacketError.None || ethernet.EtherType != EtherType.Arp
            || ethernet.Payload.Length < PacketLength)
            return null;
        var packet = ethernet.Payload;
        return BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) == Reply
            && BinaryPrimitives.ReadUInt32BigEndian(packet[SenderAddressAt..]) == wanted.V4Bits
            ? MacAddress.Read(packet[SenderMacAt..])
            : null;
    }
}
