using System.Buffers.Binary;
using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Mld.MldLayout;

namespace MulticastLab.Packets.Mld;

/// <summary>A valid MLD message without its IPv6 headers: checked once, then read in place.</summary>
/// <remarks>
/// Lenient where RFC 9777 says so: bytes after the message count in the checksum and are otherwise ignored (§5.1.12, §5.2.12), code,
/// reserved fields and unknown flags are ignored (§5.1.1, §5.1.4, §5.1.6, §5.2.1, §5.2.3), auxiliary data are skipped (§5.2.11), records of
/// an unknown type are handed on for the protocol core to skip (§5.2.12).
/// </remarks>
public readonly ref struct MldMessage
{
    private readonly ReadOnlySpan<byte> bytes;

    private MldMessage(ReadOnlySpan<byte> bytes, int definedLength)
    {
        this.bytes = bytes;
        DefinedLength = definedLength;
    }

    /// <summary>Checks and views a message, in the order length, checksum, type, contents.</summary>
    /// <param name="bytes">The payload of the IPv6 packet.</param>
    /// <param name="source">The IPv6 source address, which counts in the checksum.</param>
    /// <param name="destination">The IPv6 destination address, which counts in the checksum.</param>
    /// <param name="message">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    public static PacketError TryRead(ReadOnlySpan<byte> bytes, Address source, Address destination, out MldMessage message)
    {
        message = default;
        if (bytes.Length < ReportFixedLength)
            return PacketError.MldTooShort;
        if (PseudoHeader.Checksum(source, destination, IpProtocol.Icmpv6, bytes) != 0)
            return PacketError.MldChecksum;
        var definedLength = FixedLength;
        var error = (MldType)bytes[0] switch
        {
            MldType.V2Report => CheckReport(bytes, out definedLength),
            MldType.Query or MldType.V1Report or MldType.V1Done when bytes.Length < FixedLength => PacketError.MldTooShort,
            MldType.Query => CheckQuery(bytes, out definedLength),
            MldType.V1Report or MldType.V1Done => PacketError.None,
            _ => PacketError.MldUnknownType,
        };
        if (error == PacketError.None)
            message = new MldMessage(bytes, definedLength);
        return error;
    }

    /// <summary>The bytes of the message, those that follow it included.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>How many of <see cref="Bytes"/> the message is; the rest are ignored.</summary>
    public int DefinedLength { get; }

    /// <summary>The message type: always one of the known ones.</summary>
    public MldType Type => (MldType)bytes[0];

    /// <summary>The message's version, 1 or 2.</summary>
    public int Version => MldVersion.Of(bytes) ?? throw new InvalidOperationException("A checked message has a version.");

    /// <summary>The group of a query or of a version 1 report or done, as sent: not necessarily a multicast address.</summary>
    public Address Group => Address.Read(bytes.Slice(GroupAt, AddressLength));

    /// <summary>The report or done of version 1; only for types that are one.</summary>
    public GroupMessage GroupMessage => Type switch
    {
        MldType.V1Report => new(GroupMessageKind.Report, Generation.Leaves, Group),
        MldType.V1Done => new(GroupMessageKind.Leave, Generation.Leaves, Group),
        _ => throw new InvalidOperationException($"{Type} is no message of version 1 about a group."),
    };

    /// <summary>The query; only for <see cref="MldType.Query"/>.</summary>
    /// <remarks>
    /// Its generation is that of its length (RFC 9777 §8.1). The Maximum Response Code of version 1 is a plain number of milliseconds (RFC
    /// 2710 §3.4).
    /// </remarks>
    public Query Query
    {
        get
        {
            var code = BinaryPrimitives.ReadUInt16BigEndian(bytes[ResponseCodeAt..]);
            return bytes.Length >= QueryV2Length
                ? QueryTail.Read(bytes[QueryTailAt..], AddressLength, Group, TimeCode.SixteenBits.Decode(code, ResponseTimeUnit))
                : new Query { Generation = Generation.Leaves, MaxResponseTime = code * ResponseTimeUnit, Group = Group };
        }
    }

    /// <summary>The report; only for <see cref="MldType.V2Report"/>.</summary>
    public Report Report =>
        new(bytes[ReportFixedLength..], BinaryPrimitives.ReadUInt16BigEndian(bytes[ReportRecordCountAt..]), AddressLength);

    private static PacketError CheckQuery(ReadOnlySpan<byte> bytes, out int definedLength)
    {
        definedLength = FixedLength;
        if (bytes.Length == FixedLength)
            return PacketError.None;
        if (bytes.Length < QueryV2Length)
            return PacketError.MldQueryLength;
        definedLength = QueryTailAt + QueryTail.Length(QueryTail.SourceCount(bytes[QueryTailAt..]), AddressLength);
        return definedLength <= bytes.Length ? PacketError.None : PacketError.MldQuerySources;
    }

    private static PacketError CheckReport(ReadOnlySpan<byte> bytes, out int definedLength)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes[ReportRecordCountAt..]);
        var fault = RecordCodec.Check(bytes[ReportFixedLength..], count, AddressLength, out var length);
        definedLength = ReportFixedLength + length;
        return fault switch
        {
            RecordFault.None => PacketError.None,
            RecordFault.Records => PacketError.MldReportRecords,
            RecordFault.Sources => PacketError.MldRecordSources,
            RecordFault.AuxiliaryData => PacketError.MldRecordAuxiliaryData,
        };
    }
}
