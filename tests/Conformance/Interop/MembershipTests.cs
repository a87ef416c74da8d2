using MulticastLab.Conformance.Interop.Scenarios;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance.Interop;

/// <summary>Linux hosts of versions 1, 2 and 3 between our router and one of another vendor (RFC 9776 §6.4, §7.3.2).</summary>
public sealed class MembershipTests
{
    [InteropFact(PeerName.Frr)]
    [Shows("V3-R-6-04", "V3-R-6.4.2-05", "V3-R-6.6.3.1-01", "V3-R-8.10-01", "V3-X-7.3.2-08")]
    public Task Hosts_of_version_2_and_3_join_and_leave_beside_FRR() => InteropRun.AllPass(
        new JoinAndLeave(Peer.Frr, oursIsLower: true, hostVersion: 3), new JoinAndLeave(Peer.Frr, oursIsLower: false, hostVersion: 3),
        new JoinAndLeave(Peer.Frr, oursIsLower: true, hostVersion: 2), new JoinAndLeave(Peer.Frr, oursIsLower: false, hostVersion: 2));

    [InteropFact(PeerName.Frr)]
    [Shows("V3-R-8.4-01", "V3-X-7.3.2-03")]
    public Task Hosts_of_version_1_leave_in_silence_beside_FRR() => InteropRun.AllPass(
        new SilentLeave(Peer.Frr, oursIsLower: true), new SilentLeave(Peer.Frr, oursIsLower: false));

    [InteropFact(PeerName.Frr)]
    [Shows("V3-R-8.13-01", "V3-X-7.3.2-01", "V3-X-7.3.2-04", "V3-X-7.3.2-05")]
    public Task Hosts_of_all_versions_are_members_of_one_group_beside_FRR() => InteropRun.AllPass(
        new MixedHosts(Peer.Frr, oursIsLower: true), new MixedHosts(Peer.Frr, oursIsLower: false));

    [InteropFact(PeerName.Pimd)]
    [Shows("V3-X-7.3.2-08")]
    public Task A_host_of_version_2_leaves_beside_pimd() => InteropRun.AllPass(
        new LeaveBesidePimd(oursIsLower: true), new LeaveBesidePimd(oursIsLower: false));
}
