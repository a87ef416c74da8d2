using MulticastLab.Conformance.Interop.Scenarios;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance.Interop;

/// <summary>Our router set to an older version beside one that is (RFC 9776 §7.3.1).</summary>
public sealed class OlderRouterTests
{
    [InteropFact(PeerName.Frr)]
    [Shows("V3-X-7.3.1-01", "V3-X-7.3.1-02", "V3-X-7.3.1-03", "V3-X-7.3.1-04")]
    public Task Set_to_an_older_version_our_router_works_beside_FRR_in_version_2() => InteropRun.AllPass(
        new BothInVersion2(Peer.Frr, oursIsLower: true), new BothInVersion2(Peer.Frr, oursIsLower: false), new OursInVersion1(Peer.Frr));
}
