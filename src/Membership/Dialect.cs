using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Membership;

/// <summary>
/// What differs between IGMP and MLD for the same core: addresses, ranges, sizes. One instance per protocol.
/// </summary>
public abstract class Dialect
{
    /// <summary>IGMPv3 over IPv4 (RFC 9776).</summary>
    public static Dialect Igmp { get; } = new IgmpDialect();

    /// <summary>The protocol's name in texts: IGMP.</summary>
    public abstract string Name { get; }

    /// <summary>The current version: 3 for IGMP.</summary>
    public abstract int CurrentVersion { get; }

    /// <summary>The group of a General Query: 0.0.0.0.</summary>
    public abstract Address Unspecified { get; }

    /// <summary>Destination of General Queries: 224.0.0.1.</summary>
    public abstract Address AllSystems { get; }

    /// <summary>Destination of leaves of older versions: 224.0.0.2.</summary>
    public abstract Address AllRouters { get; }

    /// <summary>Destination of current-version reports: 224.0.0.22, the group of the routers of that version (RFC 9776 §6).</summary>
    public abstract Address ReportDestination { get; }

    /// <summary>Whether hosts report this group (not 224.0.0.1, RFC 9776 §5). Routers keep state for it, unless it is their own, <see cref="ReportDestination"/>.</summary>
    public abstract bool IsReportable(Address group);

    /// <summary>Whether the group may be forwarded at all (not 224.0.0.0/24).</summary>
    public abstract bool IsForwardable(Address group);

    /// <summary>Whether the group lies in the protocol's default source-specific range: 232.0.0.0/8 (RFC 4607 §1).</summary>
    public abstract bool IsSourceSpecific(Address group);

    /// <summary>How many sources one query may carry at this MTU, Router Alert counted (366 at 1500 for IGMP).</summary>
    public abstract int MaxSourcesPerQuery(int mtu);

    /// <summary>How many bytes of group records one report may carry at this MTU.</summary>
    public abstract int ReportBudget(int mtu);

    /// <summary>The length of a record with this many sources and no auxiliary data.</summary>
    public abstract int RecordLength(int sources);

    /// <summary>
    /// The response time that a query of this version really tells for this one: what its code can hold, rounded down (RFC 9776 §8.8). A
    /// version 2 query has tenths of a second up to 25.5 s (§7.3.1), a version 1 query always says 10 s (§7.2.1).
    /// </summary>
    public abstract TimeSpan Representable(TimeSpan responseTime, int version);

    /// <summary>
    /// Whether hosts of this version know queries for one group, and read a response time. In IGMPv1 there is one query, for all groups, and what it
    /// grants is a constant (RFC 1112, Appendix I).
    /// </summary>
    public abstract bool HasSpecificQueries(int version);

    /// <summary>The query interval that is really told for this one: what the code can hold, rounded down (RFC 9776 §4.1.7).</summary>
    public abstract TimeSpan RepresentableQueryInterval(TimeSpan queryInterval);

    /// <summary>Whether the address can be a source: unicast, and not one that no packet may come from (RFC 9776 §4.2.10).</summary>
    public abstract bool IsSource(Address address);

    /// <summary>Whether a router with address <paramref name="candidate"/> is preferred as querier: the lower one (RFC 9776 §6.6.2).</summary>
    public abstract bool IsPreferredQuerier(Address candidate, Address other);

    /// <summary>The timing with its response times as queries of this version tell them, so that the timers equal what the hosts see.</summary>
    public Timing OnTheWire(Timing timing, int version) => timing with
    {
        QueryResponseInterval = Representable(timing.QueryResponseInterval, version),
        LastMemberQueryInterval = Representable(timing.LastMemberQueryInterval, version),
    };

    private sealed class IgmpDialect : Dialect
    {
        private static readonly Address SourceSpecificRange = Address.FromV4(232u << 24);
        private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
        private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);
        private static readonly Address LocalNetworkControl = Address.FromV4(224u << 24);

        public override string Name => "IGMP";

        public override int CurrentVersion => 3;

        public override Address Unspecified => Address.AnyV4;

        public override Address AllSystems { get; } = Address.FromV4(0xE000_0001);

        public override Address AllRouters { get; } = Address.FromV4(0xE000_0002);

        public override Address ReportDestination { get; } = Address.FromV4(0xE000_0016);

        public override bool IsReportable(Address group) => group.IsV4 && group.IsMulticast && group != AllSystems;

        public override bool IsForwardable(Address group) => group.IsV4 && group.IsMulticast && !group.IsIn(LocalNetworkControl, 24);

        public override bool IsSourceSpecific(Address group) => group.IsIn(SourceSpecificRange, 8);

        // 24 bytes of IPv4 header with Router Alert, 12 of query, 4 per source (RFC 9776 §4.1.8).
        public override int MaxSourcesPerQuery(int mtu) => (mtu - 24 - 12) / 4;

        // 24 bytes of IPv4 header with Router Alert, 8 of report header (RFC 9776 §4.2.17).
        public override int ReportBudget(int mtu) => mtu - 24 - 8;

        public override int RecordLength(int sources) => 8 + (4 * sources);

        public override TimeSpan Representable(TimeSpan responseTime, int version) => version switch
        {
            1 => IgmpMessage.Version1ResponseTime,
            2 => Math.Clamp(responseTime.Ticks / Tenth.Ticks, 0, byte.MaxValue) * Tenth,
            _ => TimeCode.Decode(TimeCode.Encode(responseTime, Tenth), Tenth),
        };

        public override bool HasSpecificQueries(int version) => version > 1;

        public override TimeSpan RepresentableQueryInterval(TimeSpan queryInterval) =>
            TimeCode.Decode(TimeCode.Encode(queryInterval, Second), Second);

        // RFC 1122 §3.2.1.3: neither 0/8 ("this network") nor 127/8 (loopback); 224/4 are groups, above it lie reserved addresses and broadcast.
        public override bool IsSource(Address address) =>
            address.IsV4 && (address.V4Bits >> 24) is not 0 and not 127 and < 224;

        public override bool IsPreferredQuerier(Address candidate, Address other) => candidate < other;
    }
}
