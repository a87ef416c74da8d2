using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Membership.Dialects;

/// <summary>
/// What differs between IGMP and MLD for the same core: how messages are read and written and which of them are accepted, the numbers of
/// the versions, addresses, ranges, sizes, and the few rules in which the RFCs differ. One instance per protocol; the core asks it and
/// depends on no protocol.
/// </summary>
public abstract class Dialect
{
    /// <summary>IGMP over IPv4: version 3 (RFC 9776), and the older ones (RFC 2236, RFC 1112).</summary>
    public static Dialect Igmp { get; } = new IgmpDialect();

    /// <summary>MLD over IPv6: version 2 (RFC 9777), and version 1 (RFC 2710).</summary>
    public static Dialect Mld { get; } = new MldDialect();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Dialect> All { get; } = [Igmp, Mld];

    /// <summary>The protocol's name in texts: IGMP or MLD.</summary>
    public abstract string Name { get; }

    /// <summary>What version 1 of the protocol can do.</summary>
    public abstract Generation OldestGeneration { get; }

    /// <summary>The current version, which has sources: 3 for IGMP, 2 for MLD.</summary>
    public int CurrentVersion => VersionOf(Generation.Sources);

    /// <summary>The number by which the protocol calls its version of this generation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The protocol has no version of this generation.</exception>
    public int VersionOf(Generation generation) =>
        generation >= OldestGeneration
            ? generation - OldestGeneration + 1
            : throw new ArgumentOutOfRangeException(
                nameof(generation), generation, $"There is no version of {Name} that has {generation} only.");

    /// <summary>What this version of the protocol can do.</summary>
    /// <param name="version">The number, from 1 to <see cref="CurrentVersion"/>; null for the current version.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such version.</exception>
    public Generation GenerationOf(int? version)
    {
        if (version is not { } number)
            return Generation.Sources;
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(version));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, CurrentVersion, nameof(version));
        return OldestGeneration + (number - 1);
    }

    /// <summary>The packets that carry its messages.</summary>
    public abstract IpFilter Filter { get; }

    /// <summary>Reads a message.</summary>
    /// <param name="ipPacket">An IP packet from its first byte on; what follows it is ignored.</param>
    /// <param name="message">The message; only to be used when the result is <see cref="PacketError.None"/>. Lives as long as the
    /// bytes.</param>
    /// <returns>The first thing that is wrong, in the order of the layers.</returns>
    public abstract PacketError TryRead(ReadOnlySpan<byte> ipPacket, out MembershipMessage message);

    /// <summary>All that <see cref="TryRead"/> can find wrong, in the order in which it looks.</summary>
    public abstract IReadOnlyList<PacketError> Errors { get; }

    /// <summary>Writes the IP packet of a message.</summary>
    /// <param name="buffer">As long as the MTU.</param>
    /// <param name="message">What is to be sent.</param>
    /// <param name="source">The interface's address, of MLD its link-local one; unspecified while there is none (RFC 9776 §4.2.14, RFC 9777
    /// §5.2.14).</param>
    /// <returns>The packet's length.</returns>
    /// <exception cref="ArgumentException">The buffer is too small, or the protocol has no such message.</exception>
    public abstract int Write(Span<byte> buffer, SendMessage message, Address source);

    /// <summary>Whether a router rejects a message from another station, and why.</summary>
    public abstract DropReason? RouterRefuses(scoped in Envelope envelope, RouterSettings settings);

    /// <summary>Whether a host accepts a query.</summary>
    public abstract bool HostAcceptsQuery(scoped in Envelope envelope, scoped in Query query, HostSettings settings);

    /// <summary>Whether a host accepts another host's report of an older version, which may suppress its own.</summary>
    public abstract bool HostAcceptsReport(scoped in Envelope envelope);

    /// <summary>The group of a General Query, and the source of what is sent without an address: 0.0.0.0 or ::.</summary>
    public abstract Address Unspecified { get; }

    /// <summary>Destination of General Queries: 224.0.0.1 or ff02::1.</summary>
    public abstract Address AllSystems { get; }

    /// <summary>Destination of leaves of older versions: 224.0.0.2 or ff02::2.</summary>
    public abstract Address AllRouters { get; }

    /// <summary>
    /// Destination of current-version reports, which is the group of the routers of that version: 224.0.0.22 (RFC 9776 §6) or ff02::16 (RFC
    /// 9777 §7).
    /// </summary>
    public abstract Address ReportDestination { get; }

    /// <summary>
    /// Whether hosts report this group: not 224.0.0.1 (RFC 9776 §5), not ff02::1 nor what does not leave the host (RFC 9777 §6). Routers
    /// keep state for it, unless it is their own, <see cref="ReportDestination"/>.
    /// </summary>
    public abstract bool IsReportable(Address group);

    /// <summary>Whether the group may be forwarded at all: not 224.0.0.0/24, nor of link scope or less.</summary>
    public abstract bool IsForwardable(Address group);

    /// <summary>Whether the group lies in the protocol's default source-specific range: 232.0.0.0/8, ff3x::/32 (RFC 4607 §1).</summary>
    public abstract bool IsSourceSpecific(Address group);

    /// <summary>How many sources one query may carry at this MTU, Router Alert counted: 366 or 89 at 1500.</summary>
    public abstract int MaxSourcesPerQuery(int mtu);

    /// <summary>How many bytes of group records one report may carry at this MTU.</summary>
    public abstract int ReportBudget(int mtu);

    /// <summary>The length of a record with this many sources and no auxiliary data.</summary>
    public abstract int RecordLength(int sources);

    /// <summary>The smallest MTU of a link that the protocol runs on: 68 (RFC 791 §3.2) or 1280 bytes (RFC 8200 §5).</summary>
    public abstract int SmallestMtu { get; }

    /// <summary>
    /// The response time that a query of this generation really announces for this one: what its code can hold, rounded down (RFC 9776
    /// §8.8, RFC 9777 §9.8). An IGMPv2 query has tenths of a second up to 25.5 s (§7.3.1), an IGMPv1 query always says 10 s (§7.2.1), an
    /// MLDv1 query has milliseconds up to 65.535 s (RFC 2710 §3.4).
    /// </summary>
    public abstract TimeSpan Representable(TimeSpan responseTime, Generation generation);

    /// <summary>
    /// The query interval that is really announced for this one: what the code can hold, rounded down (RFC 9776 §4.1.7, RFC 9777 §5.1.9).
    /// </summary>
    public abstract TimeSpan RepresentableQueryInterval(TimeSpan queryInterval);

    /// <summary>
    /// How long an older querier keeps a host in that version (RFC 9776 §8.12, RFC 9777 §9.12), where the two RFCs have different formulas.
    /// </summary>
    /// <param name="own">The host's own timers.</param>
    /// <param name="told">The same with what the last query of the current version announced.</param>
    /// <param name="maxResponseTime">The older query's Max Response Time.</param>
    public abstract TimeSpan OlderVersionQuerierPresentInterval(Timing own, Timing told, TimeSpan maxResponseTime);

    /// <summary>
    /// Whether the address can be a source: unicast, and not one that no packet may come from (RFC 9776 §4.2.10, RFC 9777 §5.2.10).
    /// </summary>
    public abstract bool IsSource(Address address);

    /// <summary>Whether a router with this address may query: one of MLD has to have a link-local address (RFC 9777 §5.1.14).</summary>
    public abstract bool MayQueryFrom(Address address);

    /// <summary>
    /// Whether this query takes part in the election of the querier: a General Query (RFC 9776 §6.6.2); any query to a router of IGMPv2
    /// (RFC 2236 §7), and in MLD (RFC 9777 §7.6.2).
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="own">What the configured version of the router can do.</param>
    public abstract bool Elects(scoped in Query query, Generation own);

    /// <summary>
    /// Whether a router with address <paramref name="candidate"/> is preferred as querier: the lower one (RFC 9776 §6.6.2), of IPv6
    /// addresses by the last 64 bits (RFC 9777 §7.6.2).
    /// </summary>
    public abstract bool IsPreferredQuerier(Address candidate, Address other);

    /// <summary>
    /// The timing with its response times as queries of this generation tell them, so that the timers equal what hosts see.
    /// </summary>
    public Timing OnTheWire(Timing timing, Generation generation) => timing with
    {
        QueryResponseInterval = Representable(timing.QueryResponseInterval, generation),
        LastMemberQueryInterval = Representable(timing.LastMemberQueryInterval, generation),
    };
}
