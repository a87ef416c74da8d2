using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.NaiveDevices;

/// <summary>
/// An IPv4 packet as a naive program sees it. It reads and writes the bytes itself, and does not use the project's own codec, so that
/// there is a place for each mistake.
/// </summary>
internal sealed class IgmpPacket
{
    private const int EthernetHeader = 14;
    private const int RouterAlertOption = 0x94;

    /// <summary>What an Ethernet frame has room for behind the IP header with Router Alert.</summary>
    internal const int Room = 1500 - 24;

    /// <summary>How many sources a query has room for.</summary>
    internal const int MostSourcesOfQuery = (Room - 12) / 4;

    internal static readonly Address AllSystems = Address.Parse("224.0.0.1");
    internal static readonly Address AllRouters = Address.Parse("224.0.0.2");
    internal static readonly Address ReportDestination = Address.Parse("224.0.0.22");

    private readonly byte[] packet;

    private IgmpPacket(byte[] packet) => this.packet = packet;

    internal Address Source => Address.Read(packet.AsSpan(12, 4));

    internal Address Destination => Address.Read(packet.AsSpan(16, 4));

    internal bool IsIgmp => packet[9] == 2;

    internal int TimeToLive => packet[8];

    /// <summary>What is behind the IP header and its options: an IGMP message.</summary>
    internal ReadOnlySpan<byte> Message => packet.AsSpan(HeaderLength);

    internal bool ChecksumIsRight => InternetChecksum.IsValid(Message);

    internal bool HasRouterAlert
    {
        get
        {
            for (var at = 20; at < HeaderLength && packet[at] != 0;)
            {
                if (packet[at] == RouterAlertOption)
                    return true;
                if (packet[at] != 1 && (at + 1 >= HeaderLength || packet[at + 1] < 2))
                    return false;
                at += packet[at] == 1 ? 1 : packet[at + 1];
            }

            return false;
        }
    }

    private int HeaderLength => (packet[0] & 0xF) * 4;

    /// <summary>The packet of an Ethernet frame without what pads the frame; null when it is no IPv4.</summary>
    internal static IgmpPacket? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetHeader + 20 || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != 0x0800)
            return null;
        var bytes = frame[EthernetHeader..];
        var (header, total) = ((bytes[0] & 0xF) * 4, BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        return bytes[0] >> 4 == 4 && header >= 20 && total >= header && total <= bytes.Length
            ? new IgmpPacket(bytes[..total].ToArray())
            : null;
    }

    /// <summary>An Ethernet frame with an IGMP message, whose checksum is filled in.</summary>
    internal static byte[] Frame(
        MacAddress from, Address source, Address destination, byte[] message, bool routerAlert, byte typeOfService, byte timeToLive)
    {
        var header = routerAlert ? 24 : 20;
        var frame = new byte[EthernetHeader + header + message.Length];
        MacAddress.ForGroup(destination).Write(frame);
        from.Write(frame.AsSpan(6));
        frame[12] = 0x08;
        var ip = frame.AsSpan(EthernetHeader);
        ip[0] = (byte)(0x40 | (header / 4));
        ip[1] = typeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(header + message.Length));
        ip[8] = timeToLive;
        ip[9] = 2;
        source.Write(ip[12..]);
        destination.Write(ip[16..]);
        if (routerAlert)
            (ip[20], ip[21]) = (RouterAlertOption, 4);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Compute(ip[..header]));
        message[2] = message[3] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message));
        message.CopyTo(ip[header..]);
        return frame;
    }

    /// <summary>A frame as a router sends it on: TTL one less, its own address as the sender's.</summary>
    internal static byte[] Forwarded(ReadOnlySpan<byte> frame, MacAddress from)
    {
        var copy = frame.ToArray();
        from.Write(copy.AsSpan(6));
        var header = copy.AsSpan(EthernetHeader, (copy[EthernetHeader] & 0xF) * 4);
        header[8]--;
        header[10] = header[11] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Compute(header));
        return copy;
    }

    /// <summary>A report of version 3 with these records.</summary>
    internal static byte[] Report(IReadOnlyList<GroupRecord> records)
    {
        var message = new byte[8 + records.Sum(each => 8 + (4 * each.Sources.Count))];
        message[0] = 0x22;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)records.Count);
        var at = 8;
        foreach (var record in records)
        {
            message[at] = (byte)record.Type;
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at + 2), (ushort)record.Sources.Count);
            record.Group.Write(message.AsSpan(at + 4));
            at += 8;
            foreach (var source in record.Sources)
                at += source.Write(message.AsSpan(at));
        }

        return message;
    }

    /// <summary>A code of one byte, as Max Resp Code and QQIC are: from 128 on it has an exponent (RFC 9776 §4.1.1).</summary>
    internal static int Decode(byte code) => code < 128 ? code : ((code & 0xF) | 0x10) << (((code >> 4) & 7) + 3);

    /// <summary>The code of a number, or of the greatest one below it that has a code.</summary>
    internal static byte Encode(int value)
    {
        var code = 0;
        while (code < 255 && Decode((byte)(code + 1)) <= value)
            code++;
        return (byte)code;
    }

    /// <summary>The addresses in a message; null when there are not so many.</summary>
    internal static List<Address>? Addresses(ReadOnlySpan<byte> message, int at, int count)
    {
        if (message.Length < at + (4 * count))
            return null;
        var addresses = new List<Address>();
        for (var i = 0; i < count; i++)
            addresses.Add(Address.Read(message.Slice(at + (4 * i), 4)));
        return addresses;
    }
}

/// <summary>A record of a report (RFC 9776 §4.2).</summary>
internal sealed record GroupRecord(RecordType Type, Address Group, IReadOnlyList<Address> Sources);
