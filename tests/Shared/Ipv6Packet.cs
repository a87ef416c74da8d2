using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Tests.Packets;

/// <summary>Puts IPv6 packets together around given bytes, for tests that need what the writers would not write.</summary>
internal static class Ipv6Packet
{
    public static readonly Address Source = Address.Parse("fe80::1");
    public static readonly Address Destination = Address.Parse("ff02::1");

    /// <summary>A Hop-by-Hop Options header with Router Alert, in front of ICMPv6.</summary>
    public const string RouterAlert = "3a00050200000100";

    /// <summary>An IPv6 packet with Router Alert around an MLD message whose checksum is filled in.</summary>
    public static byte[] Mld(string message) => Mld(Hex.Bytes(message));

    public static byte[] Mld(byte[] message) => WithExtensions(0, RouterAlert, WithChecksum(message));

    /// <summary>An IPv6 packet with hop limit 1 and these extension headers around a message that is taken as it is.</summary>
    /// <param name="nextHeader">The number of the first extension header, or of the message.</param>
    /// <param name="extensions">The extension headers; the last one says what the message is.</param>
    /// <param name="message">The message.</param>
    public static byte[] WithExtensions(byte nextHeader, string extensions, byte[] message)
    {
        byte[] payload = [.. Hex.Bytes(extensions), .. message];
        var packet = new byte[40 + payload.Length];
        Ipv6Writer.Write(packet, new Ipv6Header(Source, Destination, nextHeader) { HopLimit = 1 }, payload);
        return packet;
    }

    /// <summary>The message with the checksum of ICMPv6, added up as RFC 8200 §8.1 has it.</summary>
    public static byte[] WithChecksum(byte[] message)
    {
        var copy = (byte[])message.Clone();
        if (copy.Length < 4)
            return copy;
        copy[2] = copy[3] = 0;
        var pseudo = new byte[40];
        Source.Write(pseudo);
        Destination.Write(pseudo.AsSpan(16));
        BinaryPrimitives.WriteInt32BigEndian(pseudo.AsSpan(32), copy.Length);
        pseudo[39] = 58;
        byte[] all = [.. pseudo, .. copy, .. new byte[copy.Length % 2]];
        var sum = 0;
        for (var at = 0; at < all.Length; at += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(all.AsSpan(at));
        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(2), (ushort)~sum);
        return copy;
    }

    public static byte[] Ethernet(byte[] ipPacket)
    {
        var frame = new byte[14 + ipPacket.Length];
        EthernetWriter.Write(frame, Packet.Mac, MacAddress.ForGroup(Destination), EtherType.Ipv6, ipPacket);
        return frame;
    }
}
