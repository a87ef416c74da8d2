using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>An Ethernet frame with an IGMP message, to be changed; written again with lengths and checksums as they should be.</summary>
internal sealed class IgmpFrame
{
    private const int EthernetHeader = 14;
    private const byte Igmp = 2;

    private IgmpFrame(byte[] ethernet, byte[] header, byte[] body) => (Ethernet, Header, Body) = (ethernet, header, body);

    /// <summary>The Ethernet header.</summary>
    public byte[] Ethernet { get; set; }

    /// <summary>The IPv4 header with its options.</summary>
    public byte[] Header { get; set; }

    /// <summary>The IGMP message.</summary>
    public byte[] Body { get; set; }

    /// <summary>What the message's checksum is off by when it is written.</summary>
    public ushort ChecksumOff { get; set; }

    /// <summary>What the header's checksum is off by when it is written.</summary>
    public ushort HeaderChecksumOff { get; set; }

    /// <summary>What is written for a message's checksum of zero.</summary>
    public ushort ZeroChecksum { get; set; }

    public bool IsQuery => Body.Length >= 8 && Body[0] == 0x11;

    public bool IsV3Query => IsQuery && Body.Length >= 12;

    public bool IsReport => Body.Length >= 8 && Body[0] == 0x22;

    public bool IsGeneral => IsQuery && Group.IsUnspecified;

    /// <summary>The number of sources of a query.</summary>
    public int Sources => BinaryPrimitives.ReadUInt16BigEndian(Body.AsSpan(10));

    /// <summary>The group of a query or of a message of an older version.</summary>
    public Address Group
    {
        get => Address.Read(Body.AsSpan(4, 4));
        set => value.Write(Body.AsSpan(4), 4);
    }

    public Address Source
    {
        get => Address.Read(Header.AsSpan(12, 4));
        set => value.Write(Header.AsSpan(12), 4);
    }

    public Address Destination
    {
        get => Address.Read(Header.AsSpan(16, 4));
        set
        {
            value.Write(Header.AsSpan(16), 4);
            if (value.IsMulticast)
                MacAddress.ForGroup(value).Write(Ethernet);
        }
    }

    /// <summary>Whether the checksum of the message was right when it was read.</summary>
    public bool HasRightChecksum { get; private init; }

    /// <summary>The frame, if it holds an IGMP message.</summary>
    public static IgmpFrame? Read(ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.ToArray();
        if (bytes.Length < EthernetHeader + 20 || bytes[12] != 0x08 || bytes[13] != 0x00 || bytes[EthernetHeader + 9] != Igmp)
            return null;
        var packet = bytes.AsSpan(EthernetHeader);
        var (header, total) = ((packet[0] & 0xF) * 4, BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        if (header < 20 || total < header || total > packet.Length)
            return null;
        var body = packet[header..total].ToArray();
        return new IgmpFrame(bytes[..EthernetHeader], packet[..header].ToArray(), body)
        {
            HasRightChecksum = InternetChecksum.IsValid(body),
        };
    }

    /// <summary>A report of version 3 without records in a packet like this one.</summary>
    public IgmpFrame Report()
    {
        var report = Copy();
        report.Body = [0x22, 0, 0, 0, 0, 0, 0, 0];
        report.Destination = Address.Parse("224.0.0.22");
        return report;
    }

    /// <summary>The same with one record.</summary>
    public IgmpFrame Report(byte type, Address group, params ReadOnlySpan<byte> sources)
    {
        var report = Report();
        report.Body = [0x22, 0, 0, 0, 0, 0, 0, 1, type, 0, 0, (byte)(sources.Length / 4), 0, 0, 0, 0, .. sources];
        group.Write(report.Body.AsSpan(12), 4);
        return report;
    }

    /// <summary>A message of an older version in a packet like this one.</summary>
    public IgmpFrame Older(byte type, Address group)
    {
        var message = Copy();
        message.Body = [type, 0, 0, 0, 0, 0, 0, 0];
        message.Group = group;
        message.Destination = group;
        return message;
    }

    /// <summary>The same frame once more.</summary>
    public IgmpFrame Copy() => new([.. Ethernet], [.. Header], [.. Body])
    {
        ChecksumOff = ChecksumOff,
        HeaderChecksumOff = HeaderChecksumOff,
        ZeroChecksum = ZeroChecksum,
        HasRightChecksum = HasRightChecksum,
    };

    /// <summary>The frame as it is now. A checksum that was wrong stays wrong.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        if (Body.Length >= 4)
        {
            Body.AsSpan(2, 2).Clear();
            var off = HasRightChecksum ? ChecksumOff : (ushort)(ChecksumOff ^ 0x0101);
            var checksum = (ushort)(InternetChecksum.Compute(Body) ^ off);
            BinaryPrimitives.WriteUInt16BigEndian(Body.AsSpan(2), checksum == 0 ? ZeroChecksum : checksum);
        }

        Header[0] = (byte)(0x40 | (Header.Length / 4));
        BinaryPrimitives.WriteUInt16BigEndian(Header.AsSpan(2), (ushort)(Header.Length + Body.Length));
        Header.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(Header.AsSpan(10), (ushort)(InternetChecksum.Compute(Header) ^ HeaderChecksumOff));
        return (byte[])[.. Ethernet, .. Header, .. Body];
    }
}
