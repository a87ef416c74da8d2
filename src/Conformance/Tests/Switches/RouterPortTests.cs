using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.SwitchBench;

namespace MulticastLab.Conformance.Tests.Switches;

/// <summary>Which ports a switch takes for those of routers (RFC 4541 §2.1.1): a report tells, as it goes to those.</summary>
internal static class RouterPortTests
{
    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        Learnt(
            "switch-learns-router-port-from-lower-router", ["V3-N-2.1.1-02", "V3-N-2.1.1-01"],
            "The port of a second router is learnt from its query, when it wins the election.", lab => lab.Lower.Query(lab.General)),
        Learnt(
            "switch-learns-router-port-from-higher-router", ["V3-N-2.1.1-02", "V3-N-2.1.1-01"],
            "The port of a second router is learnt from its query, when it loses the election too.",
            lab => lab.Higher.Query(lab.General)),
        Learnt(
            "switch-learns-router-port-from-older-query", ["V3-N-2.1.1-02", "V3-N-2.1.1-01"],
            "The port of a second router is learnt from its query of the version before.",
            lab => lab.Lower.Query(lab.OlderGeneral(Generation.Leaves))),
        Learnt(
            "switch-learns-router-port-from-query-with-reserved-bits", ["V3-N-2.1.1-05"],
            "The port of a second router is learnt from a query whose reserved bits are set, and that has more bytes than it needs.",
            lab => lab.Lower.Query(lab.General, packet => packet.With(bytes => bytes[ReservedAt] |= 0xF0).Followed(1, 2, 3, 4))),
        NotLearnt(
            "switch-learns-no-router-port-without-address", "V3-N-2.1.1-02",
            "A query from the unspecified address, as of another switch, does not make its port one of a router.",
            lab => lab.Lower.Query(lab.General, packet => packet with { Source = lab.Dialect.Unspecified })),
        NotLearnt(
            "switch-learns-no-router-port-from-wrong-checksum", "V3-N-2.1.1-07",
            "A query with a wrong checksum does not make its port one of a router.",
            lab => lab.Lower.Query(lab.General, packet => packet with { ChecksumOff = 1 })),
        NotLearnt(
            "switch-learns-no-router-port-from-wrong-header-checksum", "V3-N-2.1.1-07",
            "A query in a packet whose header has a wrong checksum does not make its port one of a router.",
            lab => lab.Lower.Query(lab.General, packet => packet with { HeaderChecksumOff = 1 })),
    };

    // RFC 9776 §4.1: type, Max Resp Code, checksum, group; then the reserved bits, S and QRV.
    private const int ReservedAt = 8;

    private static SwitchTest Learnt(
        string name, IReadOnlyList<string> requirements, string purpose, Func<SwitchBench, Task<Moment>> query) =>
        new(name, requirements, purpose, async lab =>
        {
            await lab.Start();
            await query(lab);
            await lab.Settle();

            await lab.Step("A host reports, which concerns routers");
            lab.ExpectPassage(
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1), [RouterPort, SourcePort], [OtherPort]);

            await lab.Step("Somebody on the querier's port sends, which concerns members and routers");
            lab.ExpectOnly(await lab.Data(lab.S1, lab.G1, from: lab.Querier), MemberPort, SourcePort);
        });

    private static SwitchTest NotLearnt(
        string name, string requirement, string purpose, Func<SwitchBench, Task<Moment>> query) =>
        new(name, [requirement], purpose, async lab =>
        {
            await lab.Start();
            await query(lab);
            await lab.Settle();

            await lab.Step("A host reports after a query that does not count");
            lab.ExpectOnly(await lab.Host1.OlderReport(Generation.Leaves, lab.G1), RouterPort);

            await lab.Step("Somebody on the querier's port sends");
            lab.ExpectOnly(await lab.Data(lab.S1, lab.G1, from: lab.Querier), MemberPort);

            await lab.Step("A right query shows that this one was the cause");
            await lab.Lower.Query(lab.General);
            await lab.Settle();
            lab.ExpectOnly(await lab.Host1.OlderReport(Generation.Leaves, lab.G1), RouterPort, SourcePort);
        });
}
