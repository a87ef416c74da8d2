using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Mld;

namespace MulticastLab.Membership.Dialects;

/// <summary>MLD over IPv6.</summary>
internal sealed class MldDialect : Dialect
{
    private const int AddressLength = 16;
    private const byte HopLimit = 1;
    private const int InterfaceLocal = 1;
    private const int LinkLocal = 2;

    // 40 bytes of IPv6 header and 8 of Hop-by-Hop Options.
    private const int HeaderLength = 48;
    private const int QueryFixedLength = 28;
    private const int ReportFixedLength = 8;
    private const int RecordFixedLength = 20;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly Address Loopback = Address.Parse("::1");

    public override string Name => "MLD";

    public override Generation OldestGeneration => Generation.Leaves;

    public override IpFilter Filter { get; } = new(
        AddressLength, IpProtocol.Icmpv6, [(byte)MldType.Query, (byte)MldType.V1Report, (byte)MldType.V1Done, (byte)MldType.V2Report]);

    public override IReadOnlyList<PacketError> Errors { get; } =
    [
        PacketError.Ipv6TooShort,
        PacketError.Ipv6Version,
        PacketError.Ipv6Truncated,
        PacketError.Ipv6ExtensionHeader,
        PacketError.Ipv6Options,
        PacketError.Ipv6UnknownOption,
        PacketError.NotIcmpv6,
        PacketError.Ipv6Fragment,
        PacketError.MldTooShort,
        PacketError.MldChecksum,
        PacketError.MldUnknownType,
        PacketError.MldQueryLength,
        PacketError.MldQuerySources,
        PacketError.MldReportRecords,
        PacketError.MldRecordSources,
        PacketError.MldRecordAuxiliaryData,
    ];

    public override Address Unspecified => Address.AnyV6;

    public override Address AllSystems { get; } = Address.Parse("ff02::1");

    public override Address AllRouters { get; } = Address.Parse("ff02::2");

    public override Address ReportDestination { get; } = Address.Parse("ff02::16");

    public override int SmallestMtu => 1280;

    public override PacketError TryRead(ReadOnlySpan<byte> ipPacket, out MembershipMessage message)
    {
        var error = MldPacket.TryRead(ipPacket, out var packet);
        message = error != PacketError.None ? default : packet.Message.Type switch
        {
            MldType.Query => new MembershipMessage(packet.Envelope, packet.Message.Query),
            MldType.V2Report => new MembershipMessage(packet.Envelope, packet.Message.Report),
            _ => new MembershipMessage(packet.Envelope, packet.Message.GroupMessage),
        };
        return error;
    }

    public override int Write(Span<byte> buffer, SendMessage message, Address source) =>
        message switch
        {
            SendQuery query => MldWriter.WriteQuery(buffer, query.Query, source, query.Destination),
            SendReport report => MldWriter.WriteReport(buffer, report.Report, source, report.Destination),
            SendOlderReport { Generation: Generation.Leaves } report => MldWriter.WriteGroupMessage(
                buffer, MldType.V1Report, report.Group, source, report.Destination),
            SendLeave leave => MldWriter.WriteGroupMessage(buffer, MldType.V1Done, leave.Group, source, leave.Destination),
            _ => throw new ArgumentException($"{message} is no message of MLD.", nameof(message)),
        };

    // §5.2.14: also what comes from ::, the source of a host that has no address yet. It reports again when it has one.
    public override DropReason? RouterRefuses(scoped in Envelope envelope, RouterSettings settings) =>
        Refuses(envelope) ?? (settings.AcceptsSender(envelope.Source) ? null : DropReason.OffLinkSource);

    public override bool HostAcceptsQuery(scoped in Envelope envelope, scoped in Query query, HostSettings settings) =>
        Refuses(envelope) is null;

    public override bool HostAcceptsReport(scoped in Envelope envelope) => Refuses(envelope) is null;

    public override bool IsReportable(Address group) =>
        !group.IsV4 && group.IsMulticast && ScopeOf(group) > InterfaceLocal && group != AllSystems;

    public override bool IsForwardable(Address group) => !group.IsV4 && group.IsMulticast && ScopeOf(group) > LinkLocal;

    // ff3x::/32, whatever the scope x.
    public override bool IsSourceSpecific(Address group) =>
        !group.IsV4 && (group.HighBits & 0xFFF0_FFFF_0000_0000) == 0xFF30_0000_0000_0000;

    // RFC 9777 §5.1.10.
    public override int MaxSourcesPerQuery(int mtu) => (mtu - HeaderLength - QueryFixedLength) / AddressLength;

    // RFC 9777 §5.2.16.
    public override int ReportBudget(int mtu) => mtu - HeaderLength - ReportFixedLength;

    public override int RecordLength(int sources) => RecordFixedLength + (sources * AddressLength);

    public override TimeSpan Representable(TimeSpan responseTime, Generation generation) => generation.HasSources
        ? TimeCode.SixteenBits.Decode(TimeCode.SixteenBits.Encode(responseTime, Millisecond), Millisecond)
        : Math.Clamp(responseTime.Ticks / Millisecond.Ticks, 0, ushort.MaxValue) * Millisecond;

    public override TimeSpan RepresentableQueryInterval(TimeSpan queryInterval) =>
        TimeCode.EightBits.Decode(TimeCode.EightBits.Encode(queryInterval, Second), Second);

    // §9.12: RV × the Query Interval of the last query received + QRI. A query of version 1 announces no interval.
    public override TimeSpan OlderVersionQuerierPresentInterval(Timing own, Timing told, TimeSpan maxResponseTime) =>
        (told.RobustnessVariable * told.QueryInterval) + told.QueryResponseInterval;

    public override bool IsSource(Address address) =>
        !address.IsV4 && !address.IsUnspecified && !address.IsMulticast && address != Loopback;

    public override bool MayQueryFrom(Address address) => address.IsLinkLocal;

    public override bool Elects(scoped in Query query, Generation own) => true;

    public override bool IsPreferredQuerier(Address candidate, Address other) => candidate.LowBits < other.LowBits;

    // §5.1.14, §5.2.14, §6.2, §7.4: what IGMP leaves to policy.
    private static DropReason? Refuses(scoped in Envelope envelope)
    {
        if (envelope.TimeToLive != HopLimit)
            return DropReason.HopLimit;
        if (!envelope.RouterAlert)
            return DropReason.RouterAlertMissing;
        return envelope.Source.IsLinkLocal ? null : DropReason.OffLinkSource;
    }

    // RFC 4291 §2.7: the low four bits of the second byte.
    private static int ScopeOf(Address group) => (int)(group.HighBits >> 48) & 0xF;
}
