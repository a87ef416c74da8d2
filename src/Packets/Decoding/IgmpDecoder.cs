using System.Buffers.Binary;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Igmp.IgmpLayout;

namespace MulticastLab.Packets.Decoding;

/// <summary>
/// IGMP (RFC 9776 §4). Of a malformed message the fields that are there are shown, in the form that its length implies.
/// </summary>
internal static class IgmpDecoder
{
    private const byte TimeToLive = 1;
    private const byte InternetworkControl = 0xC0;
    private const int Unverified = 2;

    public static void Decode(ReadOnlySpan<byte> ipHeader, Portion part, FrameBuilder builder)
    {
        var message = part.Bytes;
        if (message.Length > 0 && TypeName(message[0]) is null)
        {
            OtherIgmpDecoder.Decode(part, builder);
            return;
        }

        var version = VersionOf(part);
        builder.Protocol = version is { } known ? $"IGMPv{known}" : "IGMP";
        if (part.IsCut)
            DescribeCut(part, builder);
        else if (IgmpMessage.TryRead(message, out var view) is var error && error == PacketError.None)
            builder.Info = Describe(view) + Deviations(ipHeader, message, view);
        else
            builder.Fail(error);

        if (part.IsCut && message.IsEmpty)
            return;
        var layer = new LayerBuilder(part.Offset);
        if (version is { } number)
            layer.Number("igmp.version", "IGMP Version", 0, 0, number);
        if (message.Length > 0)
            layer.Hex("igmp.type", "Type", 0, 1, message[0], $" ({TypeName(message[0])})");
        if (message.Length < FixedLength)
            layer.Bytes("igmp.data", "Data", 1, message.IsEmpty ? message : message[1..]);
        else
            Fields(part, version, layer);
        builder.Add(layer.ToLayer("igmp", "Internet Group Management Protocol", message.Length));
    }

    private static void Fields(Portion part, int? version, LayerBuilder layer)
    {
        var message = part.Bytes;
        Code(message, version, layer);
        Checksum(part, layer);
        if (message[0] == (byte)IgmpType.V3MembershipReport)
            Report(message, layer);
        else
            layer.Text("igmp.maddr", "Multicast Address", GroupAt, 4, AddressAt(message, GroupAt));
        if (message[0] == (byte)IgmpType.MembershipQuery && version == 3 && message.Length >= QueryV3Length)
            QueryOfVersion3(message, layer);
    }

    // A query's version follows from its length on the wire; the bytes that were not captured do not matter for it.
    private static int? VersionOf(Portion part)
    {
        if (!part.IsCut || part.Length > ushort.MaxValue)
            return IgmpVersion.Of(part.Bytes);
        if (part.Bytes.Length <= CodeAt && part.Length == FixedLength)
            return null;
        var whole = new byte[part.Length];
        part.Bytes.CopyTo(whole);
        return IgmpVersion.Of(whole);
    }

    // Neither its checksum nor its contents can be judged.
    private static void DescribeCut(Portion part, FrameBuilder builder)
    {
        // It may not be a message of the membership protocol.
        if (part.Bytes.IsEmpty)
            return;
        if (part.Length < FixedLength)
            builder.Fail(PacketError.IgmpTooShort);
        builder.Info = (IgmpType)part.Bytes[0] switch
        {
            IgmpType.MembershipQuery => "Query",
            IgmpType.V2LeaveGroup => "Leave",
            _ => "Report",
        };
    }

    private static string Describe(IgmpMessage message) =>
        message.Type switch
        {
            IgmpType.MembershipQuery => IgmpText.Describe(message.Query),
            IgmpType.V3MembershipReport => IgmpText.Describe(message.Report),
            IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V2LeaveGroup => IgmpText.Describe(
                message.Type, message.Group),
            _ => throw new InvalidOperationException($"A checked message is of type {message.Type}."),
        };

    // What a sender that follows RFC 9776 §4, §4.1.10 and §4.2.12 would not do, though a receiver takes it.
    private static string Deviations(ReadOnlySpan<byte> ipHeader, ReadOnlySpan<byte> message, IgmpMessage view)
    {
        var text = "";
        if (ipHeader[Ipv4View.TimeToLiveAt] != TimeToLive)
            text += $"  [TTL {ipHeader[Ipv4View.TimeToLiveAt]}]";
        if (ipHeader[Ipv4View.TypeOfServiceAt] != InternetworkControl)
            text += $"  [TOS 0x{ipHeader[Ipv4View.TypeOfServiceAt]:x2}]";
        if (!Ipv4Option.TryWalk(ipHeader[Ipv4View.MinimumHeaderLength..], out var routerAlert) || !routerAlert)
            text += "  [no Router Alert]";
        if (message.Length > view.DefinedLength)
            text += $"  [{message.Length - view.DefinedLength} more bytes]";
        return text;
    }

    private static void Code(ReadOnlySpan<byte> message, int? version, LayerBuilder layer)
    {
        var code = message[CodeAt];
        if (message[0] == (byte)IgmpType.V3MembershipReport || version == 1)
        {
            layer.Bytes("igmp.reserved", "Reserved", CodeAt, message.Slice(CodeAt, 1), repeats: true);
            return;
        }

        // Floating point in version 3 only (RFC 9776 §7.2.1).
        var tenths = version == 3 ? TimeCode.EightBits.Decode(code) : code;
        layer.Number("igmp.max_resp", "Max Resp Time, tenths of a second", CodeAt, 1, tenths, $" (0x{code:x2})");
        if (version == 3 && code >= 128)
        {
            var parts = layer.Nested();
            parts.Hex("igmp.max_resp.exp", "Exponent", CodeAt, 1, (uint)(code >> 4) & 7);
            parts.Hex("igmp.max_resp.mant", "Mantissa", CodeAt, 1, (uint)code & 0xF);
            layer.Under(parts);
        }
    }

    /// <summary>The field, with what it should be; for a cut message that is unknown.</summary>
    public static void Checksum(Portion part, LayerBuilder layer)
    {
        var message = part.Bytes;
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(message[ChecksumAt..]);
        if (part.IsCut)
        {
            layer.Hex("igmp.checksum", "Checksum", ChecksumAt, 2, checksum, " (not verified)");
            layer.Number("igmp.checksum.status", "Checksum Status", ChecksumAt, 0, Unverified);
            return;
        }

        var intact = InternetChecksum.IsValid(message);
        var sumWithoutField = InternetChecksum.Add(InternetChecksum.Add(0, message[..ChecksumAt]), message[(ChecksumAt + 2)..]);
        layer.Hex(
            "igmp.checksum", "Checksum", ChecksumAt, 2, checksum,
            intact ? " (right)" : $" (wrong, should be 0x{InternetChecksum.Finish(sumWithoutField):x4})");
        layer.Number("igmp.checksum.status", "Checksum Status", ChecksumAt, 0, intact ? 1 : 0);
    }

    private static void QueryOfVersion3(ReadOnlySpan<byte> message, LayerBuilder layer)
    {
        var flags = message[QueryTailAt];
        var intervalCode = message[QueryTailAt + QueryTail.IntervalCodeAt];
        var sources = QueryTail.SourceCount(message[QueryTailAt..]);
        layer.Flag("igmp.s", "S (Suppress Router-Side Processing)", QueryTailAt, 1, (flags & QueryTail.SuppressBit) != 0);
        layer.Number("igmp.qrv", "QRV", QueryTailAt, 1, flags & QueryTail.RobustnessBits);
        layer.Number(
            "igmp.qqic", "QQIC", QueryTailAt + QueryTail.IntervalCodeAt, 1, intervalCode,
            $" ({TimeCode.EightBits.Decode(intervalCode)} s)");
        layer.Number("igmp.num_src", "Num Src", QueryTailAt + QueryTail.SourceCountAt, 2, sources);
        Sources(message, QueryV3Length, sources, layer);
    }

    private static void Report(ReadOnlySpan<byte> message, LayerBuilder layer)
    {
        var records = BinaryPrimitives.ReadUInt16BigEndian(message[ReportRecordCountAt..]);
        layer.Bytes("igmp.reserved", "Flags", ReportFlagsAt, message.Slice(ReportFlagsAt, 2), repeats: true);
        layer.Number("igmp.num_grp_recs", "Num Group Records", ReportRecordCountAt, 2, records);
        var at = FixedLength;
        for (var i = 0; i < records && at + RecordCodec.Length(0, AddressLength) <= message.Length; i++)
            at = Record(message, at, layer);
    }

    // One record, as far as it is there; returns where the next begins.
    private static int Record(ReadOnlySpan<byte> message, int at, LayerBuilder layer)
    {
        var type = message[at];
        var auxiliaryWords = message[at + RecordCodec.AuxiliaryLengthAt];
        var sources = BinaryPrimitives.ReadUInt16BigEndian(message[(at + RecordCodec.SourceCountAt)..]);
        var group = AddressAt(message, at + RecordCodec.GroupAt);
        var auxiliaryAt = at + RecordCodec.Length(0, AddressLength) + (sources * AddressLength);
        var end = auxiliaryAt + (auxiliaryWords * 4);

        var record = layer.Nested();
        record.Number("igmp.record_type", "Record Type", at, 1, type, $" ({((RecordType)type).ShortName()})");
        record.Number("igmp.aux_data_len", "Aux Data Len", at + RecordCodec.AuxiliaryLengthAt, 1, auxiliaryWords);
        record.Number("igmp.num_src", "Num Src", at + RecordCodec.SourceCountAt, 2, sources);
        record.Text("igmp.maddr", "Multicast Address", at + RecordCodec.GroupAt, 4, group);
        Sources(message, at + RecordCodec.Length(0, AddressLength), sources, record);
        if (end <= message.Length)
            record.Bytes("igmp.aux_data", "Aux Data", auxiliaryAt, message[auxiliaryAt..end]);
        layer.Group(
            "igmp.record", $"Group Record: {group} {((RecordType)type).ShortName()}", at, Math.Min(end, message.Length) - at, record);
        return end;
    }

    private static void Sources(ReadOnlySpan<byte> message, int at, int count, LayerBuilder layer)
    {
        for (var i = 0; i < count && at + AddressLength <= message.Length; i++, at += AddressLength)
            layer.Text("igmp.saddr", "Source Address", at, AddressLength, AddressAt(message, at), repeats: true);
    }

    private static string AddressAt(ReadOnlySpan<byte> message, int at) => Address.Read(message.Slice(at, AddressLength)).ToString();

    private static string? TypeName(byte type) => (IgmpType)type switch
    {
        IgmpType.MembershipQuery => "Membership Query",
        IgmpType.V1MembershipReport => "Version 1 Membership Report",
        IgmpType.V2MembershipReport => "Version 2 Membership Report",
        IgmpType.V2LeaveGroup => "Leave Group",
        IgmpType.V3MembershipReport => "Version 3 Membership Report",
        _ => null,
    };
}
