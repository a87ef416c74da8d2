using MulticastLab.Conformance.Interop.Scenarios;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance.Interop;

/// <summary>Who is the querier, who takes over and who wins again beside routers of other vendors (RFC 9776 §6.6.2).</summary>
public sealed class ElectionTests
{
    [InteropFact(PeerName.Frr)]
    [Shows(
        "V3-R-6.6.2-01", "V3-R-6.6.2-02", "V3-R-6.6.2-05", "V3-R-6.6.2-06", "V3-R-6.6.2-07", "V3-R-8.5-01", "V3-R-8.6-01", "V3-R-8.7-01")]
    public Task Our_router_and_FRR_agree_on_the_querier_whoever_is_lower() =>
        InteropRun.AllPass(new Election(Peer.Frr, oursIsLower: true), new Election(Peer.Frr, oursIsLower: false));

    [InteropFact(PeerName.Pimd)]
    [Shows(
        "V3-R-6.6.2-01", "V3-R-6.6.2-02", "V3-R-6.6.2-05", "V3-R-6.6.2-06", "V3-R-6.6.2-07", "V3-R-8.5-01", "V3-R-8.6-01", "V3-R-8.7-01")]
    public Task Our_router_and_pimd_agree_on_the_querier_whoever_is_lower() =>
        InteropRun.AllPass(new Election(Peer.Pimd, oursIsLower: true), new Election(Peer.Pimd, oursIsLower: false));
}
