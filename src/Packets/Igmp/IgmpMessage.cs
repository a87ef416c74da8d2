using System.Buffers.Binary;
using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Igmp.IgmpLayout;

namespace MulticastLab.Packets.Igmp;

/// <summary>A valid IGMP message without its IP header: checked once, then read in place.</summary>
/// <remarks>
/// Lenient where RFC 9776 says so: bytes after the message count in the checksum and are otherwise ignored (§4.1.10, §4.2.12), reserved
/// fields and unknown flags are ignored (§4.1.4, §4.2.1, §4.2.3), auxiliary data are skipped (§4.2.11), records of an unknown type are
/// handed on for the protocol core to skip (§4.2.13).
/// </remarks>
public readonly ref struct IgmpMessage
{
    private readonly ReadOnlySpan<byte> bytes;

    private IgmpMessage(ReadOnlySpan<byte> bytes, int definedLength)
    {
        this.bytes = bytes;
        DefinedLength = definedLength;
    }

    /// <summary>What a version 1 query, which has no Max Resp Code, grants (RFC 9776 §7.2.1).</summary>
    public static readonly TimeSpan Version1ResponseTime = TimeSpan.FromSeconds(10);

    /// <summary>Checks and views a message, in the order length, checksum, type, contents.</summary>
    /// <param name="bytes">The payload of the IP packet.</param>
    /// <param name="message">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    public static PacketError TryRead(ReadOnlySpan<byte> bytes, out IgmpMessage message)
    {
        message = default;
        if (bytes.Length < FixedLength)
            return PacketError.IgmpTooShort;
        if (!InternetChecksum.IsValid(bytes))
            return PacketError.IgmpChecksum;
        var definedLength = FixedLength;
        var error = (IgmpType)bytes[0] switch
        {
            IgmpType.MembershipQuery => CheckQuery(bytes, out definedLength),
            IgmpType.V3MembershipReport => CheckReport(bytes, out definedLength),
            IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V2LeaveGroup => PacketError.None,
            _ => PacketError.IgmpUnknownType,
        };
        if (error == PacketError.None)
            message = new IgmpMessage(bytes, definedLength);
        return error;
    }

    /// <summary>The bytes of the message, those that follow it included.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;

    /// <summary>How many of <see cref="Bytes"/> the message is; the rest are ignored.</summary>
    public int DefinedLength { get; }

    /// <summary>The message type: always one of the known ones.</summary>
    public IgmpType Type => (IgmpType)bytes[0];

    /// <summary>The message's version, 1 to 3.</summary>
    public int Version => IgmpVersion.Of(bytes) ?? throw new InvalidOperationException("A checked message has a version.");

    /// <summary>The group of a version 1 or 2 report or leave, as sent: not necessarily a multicast address.</summary>
    public Address Group => Address.FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes[GroupAt..]));

    /// <summary>The report or leave of an older version; only for types that are one.</summary>
    public GroupMessage GroupMessage => Type switch
    {
        IgmpType.V1MembershipReport => new(GroupMessageKind.Report, Generation.Reports, Group),
        IgmpType.V2MembershipReport => new(GroupMessageKind.Report, Generation.Leaves, Group),
        IgmpType.V2LeaveGroup => new(GroupMessageKind.Leave, Generation.Leaves, Group),
        _ => throw new InvalidOperationException($"{Type} is no message of version 1 or 2 about a group."),
    };

    /// <summary>The query; only for <see cref="IgmpType.MembershipQuery"/>.</summary>
    /// <remarks>
    /// Its generation is that of its form (RFC 9776 §7.1). A version 1 query is a General Query whatever its group field says: the field is
    /// "ignored when received" (RFC 1112, Appendix I).
    /// </remarks>
    public Query Query
    {
        get
        {
            if (bytes.Length >= QueryV3Length)
                return QueryTail.Read(
                    bytes[QueryTailAt..], AddressLength, Group, TimeCode.EightBits.Decode(bytes[CodeAt], ResponseTimeUnit));
            return bytes[CodeAt] == 0
                ? new Query { Generation = Generation.Reports, MaxResponseTime = Version1ResponseTime, Group = Address.AnyV4 }
                : new Query
                {
                    Generation = Generation.Leaves,
                    MaxResponseTime = new TimeSpan(bytes[CodeAt] * ResponseTimeUnit.Ticks),
                    Group = Group,
                };
        }
    }

    /// <summary>The report; only for <see cref="IgmpType.V3MembershipReport"/>.</summary>
    public Report Report =>
        new(bytes[FixedLength..], BinaryPrimitives.ReadUInt16BigEndian(bytes[ReportRecordCountAt..]), AddressLength);

    private static PacketError CheckQuery(ReadOnlySpan<byte> bytes, out int definedLength)
    {
        definedLength = FixedLength;
        if (bytes.Length == FixedLength)
            return PacketError.None;
        if (bytes.Length < QueryV3Length)
            return PacketError.IgmpQueryLength;
        definedLength = QueryV3Length + (QueryTail.SourceCount(bytes[QueryTailAt..]) * AddressLength);
        return definedLength <= bytes.Length ? PacketError.None : PacketError.IgmpQuerySources;
    }

    private static PacketError CheckReport(ReadOnlySpan<byte> bytes, out int definedLength)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(bytes[ReportRecordCountAt..]);
        var fault = RecordCodec.Check(bytes[FixedLength..], count, AddressLength, out var length);
        definedLength = FixedLength + length;
        return fault switch
        {
            RecordFault.None => PacketError.None,
            RecordFault.Records => PacketError.IgmpReportRecords,
            RecordFault.Sources => PacketError.IgmpRecordSources,
            RecordFault.AuxiliaryData => PacketError.IgmpRecordAuxiliaryData,
        };
    }
}
