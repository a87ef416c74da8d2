using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Membership.Dialects;

/// <summary>IGMP over IPv4.</summary>
internal sealed class IgmpDialect : Dialect
{
    private const int AddressLength = 4;

    // 20 bytes of IPv4 header and 4 of Router Alert.
    private const int HeaderLength = 24;
    private const int QueryFixedLength = 12;
    private const int ReportFixedLength = 8;
    private const int RecordFixedLength = 8;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
    private static readonly Address SourceSpecificRange = Address.FromV4(232u << 24);
    private static readonly Address LocalNetworkControl = Address.FromV4(224u << 24);

    public override string Name => "IGMP";

    public override Generation OldestGeneration => Generation.Reports;

    public override IpFilter Filter { get; } = new(AddressLength, IpProtocol.Igmp, []);

    public override IReadOnlyList<PacketError> Errors { get; } =
    [
        PacketError.Ipv4TooShort,
        PacketError.Ipv4Version,
        PacketError.Ipv4HeaderLength,
        PacketError.Ipv4TotalLength,
        PacketError.Ipv4Truncated,
        PacketError.Ipv4HeaderChecksum,
        PacketError.Ipv4Options,
        PacketError.NotIgmp,
        PacketError.Ipv4Fragment,
        PacketError.IgmpTooShort,
        PacketError.IgmpChecksum,
        PacketError.IgmpUnknownType,
        PacketError.IgmpQueryLength,
        PacketError.IgmpQuerySources,
        PacketError.IgmpReportRecords,
        PacketError.IgmpRecordSources,
        PacketError.IgmpRecordAuxiliaryData,
    ];

    public override Address Unspecified => Address.AnyV4;

    public override Address AllSystems { get; } = Address.FromV4(0xE000_0001);

    public override Address AllRouters { get; } = Address.FromV4(0xE000_0002);

    public override Address ReportDestination { get; } = Address.FromV4(0xE000_0016);

    public override int SmallestMtu => 68;

    public override PacketError TryRead(ReadOnlySpan<byte> ipPacket, out MembershipMessage message)
    {
        var error = IgmpPacket.TryRead(ipPacket, out var packet);
        message = error != PacketError.None ? default : packet.Type switch
        {
            IgmpType.MembershipQuery => new MembershipMessage(packet.Envelope, packet.Query),
            IgmpType.V3MembershipReport => new MembershipMessage(packet.Envelope, packet.Report),
            _ => new MembershipMessage(packet.Envelope, packet.GroupMessage),
        };
        return error;
    }

    public override int Write(Span<byte> buffer, SendMessage message, Address source) => message switch
    {
        SendQuery query => IgmpWriter.WriteQuery(buffer, query.Query, source, query.Destination),
        SendReport report => IgmpWriter.WriteReport(buffer, report.Report, source, report.Destination),
        SendOlderReport report => IgmpWriter.WriteGroupMessage(buffer, TypeOf(report), report.Group, source, report.Destination),
        SendLeave leave => IgmpWriter.WriteGroupMessage(buffer, IgmpType.V2LeaveGroup, leave.Group, source, leave.Destination),
        _ => throw new ArgumentException($"{message} is no message of IGMP.", nameof(message)),
    };

    // §9 leaves Router Alert and the sender's subnet to policy. §4.2.14, §9.2: a report from 0.0.0.0 is taken on any interface; a query
    // from there takes no part in the election (RFC 4541 §2.1.1).
    public override DropReason? RouterRefuses(scoped in Envelope envelope, RouterSettings settings)
    {
        if (settings.RequireRouterAlert && !envelope.RouterAlert)
            return DropReason.RouterAlertMissing;
        return envelope.Source.IsUnspecified || settings.AcceptsSender(envelope.Source) ? null : DropReason.OffLinkSource;
    }

    public override bool HostAcceptsQuery(scoped in Envelope envelope, scoped in Query query, HostSettings settings)
    {
        // §9.1. Version 1 is older than the option.
        if (settings.RequireRouterAlert && !envelope.RouterAlert && query.Generation != Generation.Reports)
            return false;
        // §9.1: a General Query to any other group is not for all systems.
        return query.Kind != QueryKind.General || !envelope.Destination.IsMulticast || envelope.Destination == AllSystems;
    }

    public override bool HostAcceptsReport(scoped in Envelope envelope) => true;

    public override bool IsReportable(Address group) => group.IsV4 && group.IsMulticast && group != AllSystems;

    public override bool IsForwardable(Address group) => group.IsV4 && group.IsMulticast && !group.IsIn(LocalNetworkControl, 24);

    public override bool IsSourceSpecific(Address group) => group.IsIn(SourceSpecificRange, 8);

    // RFC 9776 §4.1.8.
    public override int MaxSourcesPerQuery(int mtu) => (mtu - HeaderLength - QueryFixedLength) / AddressLength;

    // RFC 9776 §4.2.17.
    public override int ReportBudget(int mtu) => mtu - HeaderLength - ReportFixedLength;

    public override int RecordLength(int sources) => RecordFixedLength + (sources * AddressLength);

    public override TimeSpan Representable(TimeSpan responseTime, Generation generation) => generation switch
    {
        Generation.Reports => IgmpMessage.Version1ResponseTime,
        Generation.Leaves => Math.Clamp(responseTime.Ticks / Tenth.Ticks, 0, byte.MaxValue) * Tenth,
        Generation.Sources => TimeCode.EightBits.Decode(TimeCode.EightBits.Encode(responseTime, Tenth), Tenth),
    };

    public override TimeSpan RepresentableQueryInterval(TimeSpan queryInterval) =>
        TimeCode.EightBits.Decode(TimeCode.EightBits.Encode(queryInterval, Second), Second);

    public override TimeSpan OlderVersionQuerierPresentInterval(Timing own, Timing told, TimeSpan maxResponseTime) =>
        own.OlderVersionQuerierPresentInterval(maxResponseTime);

    // RFC 1122 §3.2.1.3: neither 0/8 ("this network") nor 127/8 (loopback); 224/4 are groups, above it lie reserved addresses and
    // broadcast.
    public override bool IsSource(Address address) =>
        address.IsV4 && (address.V4Bits >> 24) is not 0 and not 127 and < 224;

    public override bool MayQueryFrom(Address address) => true;

    public override bool Elects(scoped in Query query, Generation own) => query.Kind == QueryKind.General || !own.HasSources;

    public override bool IsPreferredQuerier(Address candidate, Address other) => candidate < other;

    private static IgmpType TypeOf(SendOlderReport report) => report.Generation switch
    {
        Generation.Reports => IgmpType.V1MembershipReport,
        Generation.Leaves => IgmpType.V2MembershipReport,
        _ => throw new ArgumentException($"{report} is no message of IGMP.", nameof(report)),
    };
}
