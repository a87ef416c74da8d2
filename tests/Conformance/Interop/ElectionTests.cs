using MulticastLab.Conformance.Interop.Peers;
using MulticastLab.Conformance.Interop.Scenarios;

namespace MulticastLab.Conformance.Interop;

/// <summary>Who is the querier, who takes over and who wins again beside routers of other makes (RFC 9776 §6.6.2).</summary>
public sealed class ElectionTests
{
    [InteropFact(PeerName.Frr)]
    public Task Our_router_and_FRR_agree_on_the_querier_whoever_is_lower() =>
        InteropRun.AllPass(new Election(Peer.Frr, oursIsLower: true), new Election(Peer.Frr, oursIsLower: false));

    [InteropFact(PeerName.Pimd)]
    public Task Our_router_and_pimd_agree_on_the_querier_whoever_is_lower() =>
        InteropRun.AllPass(new Election(Peer.Pimd, oursIsLower: true), new Election(Peer.Pimd, oursIsLower: false));
}
