using MulticastLab.Conformance.Interop.Peers;
using MulticastLab.Conformance.Interop.Scenarios;

namespace MulticastLab.Conformance.Interop;

/// <summary>Linux hosts of versions 1, 2 and 3 between our router and one of another make (RFC 9776 §6.4, §7.3.2).</summary>
public sealed class MembershipTests
{
    [InteropFact(PeerName.Frr)]
    public Task Hosts_of_version_2_and_3_join_and_leave_beside_FRR() => InteropRun.AllPass(
        new JoinAndLeave(Peer.Frr, oursIsLower: true, hostVersion: 3), new JoinAndLeave(Peer.Frr, oursIsLower: false, hostVersion: 3),
        new JoinAndLeave(Peer.Frr, oursIsLower: true, hostVersion: 2), new JoinAndLeave(Peer.Frr, oursIsLower: false, hostVersion: 2));

    [InteropFact(PeerName.Frr)]
    public Task Hosts_of_version_1_leave_in_silence_beside_FRR() => InteropRun.AllPass(
        new SilentLeave(Peer.Frr, oursIsLower: true), new SilentLeave(Peer.Frr, oursIsLower: false));

    [InteropFact(PeerName.Frr)]
    public Task Hosts_of_all_versions_are_members_of_one_group_beside_FRR() => InteropRun.AllPass(
        new MixedHosts(Peer.Frr, oursIsLower: true), new MixedHosts(Peer.Frr, oursIsLower: false));

    [InteropFact(PeerName.Pimd)]
    public Task A_host_of_version_2_leaves_beside_pimd() => InteropRun.AllPass(
        new LeaveBesidePimd(oursIsLower: true), new LeaveBesidePimd(oursIsLower: false));
}
