using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.SwitchBench;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Switches;

/// <summary>What becomes of queries, and the queries that a switch sends itself (RFC 4541 §2.1.1).</summary>
internal static class QueryTests
{
    // A switch that queries where there is no router.
    private const string QuerierOption = "querier";

    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        new SwitchTest(
            "switch-floods-general-queries", ["V3-N-2.1.1-09"],
            "General Queries of every version go to all ports, with a source address and without.",
            async lab =>
            {
                await lab.StartSnooping();

                await lab.Step("The querier queries");
                lab.ExpectOnly(await lab.Querier.Query(lab.OtherGeneral), MemberPort, OtherPort, SourcePort);
                lab.ExpectOnly(
                    await lab.Querier.Query(lab.OtherGeneral, packet => packet with { Source = lab.Dialect.Unspecified }),
                    MemberPort, OtherPort, SourcePort);
                lab.ExpectOnly(await lab.Querier.Query(lab.OlderGeneral(Generation.Leaves)), MemberPort, OtherPort, SourcePort);
            }),
        new SwitchTest(
            "switch-sends-group-queries-to-members", ["V3-N-2.1.1-09"],
            "A query about a group comes to the port of its member at least.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Settle();

                await lab.Step("The querier asks");
                lab.ExpectAtLeast(await lab.Querier.Query(lab.Specific(lab.G1)), MemberPort);
            }),
        new SwitchTest(
            "switch-passes-query-with-reserved-bits", ["V3-N-2.1.1-05"],
            "A query whose reserved bits are set, and that has more bytes than it needs, goes to the members as it is.",
            async lab =>
            {
                await lab.StartSnooping();

                await lab.Step("The querier queries");
                lab.ExpectAtLeast(
                    await lab.Querier.Query(
                        lab.General, packet => packet.With(bytes => bytes[ReservedAt] |= 0xF0).Followed(1, 2, 3, 4)),
                    MemberPort, OtherPort);
            }),
        new SwitchTest(
            "switch-own-queries-are-right", ["V3-N-2.1.1-05"],
            "Where it queries itself as there is no router, its queries go to all ports, and their reserved fields are zero.",
            async lab =>
            {
                var start = await lab.Boot();
                await lab.Pass(lab.Timing.QueryInterval + lab.Tolerance);
                var own = lab.OwnQueries(start);
                await lab.Check(
                    Bench.DeviceName, "its queries come out of all ports, with reserved fields that are zero",
                    Ports.Except(own.Select(each => each.Frame.Lan)).FirstOrDefault() is { } missing ? $"none came out of {missing}"
                    : own.FirstOrDefault(HasReserved) is { } set ? $"reserved fields are set in frame {set.Number}" : null);
            }) { Options = [QuerierOption] },
        new SwitchTest(
            "switch-asks-after-topology-change", ["V3-N-2.1.1-06"],
            "Whether it queries where a port comes up; then from the unspecified address, in the querier's version and with its timers.",
            async lab =>
            {
                await lab.StartSnooping();

                await lab.Step("A port goes down and comes up");
                var up = await lab.Flap(MemberPort);
                await lab.Settle();
                // A port needs its time to get up.
                lab.ExpectAtLeast(await lab.Querier.Query(lab.OtherGeneral), OtherPort);
                var own = lab.OwnQueries(up);
                await lab.Check(
                    Bench.DeviceName, "what it queries is from the unspecified address, in the querier's version and with its timers",
                    own.FirstOrDefault(each => !AsQuerier(lab, each)) is { } wrong ? $"frame {wrong.Number} is not" : null);
                lab.Observe(own.Count > 0 ? "queries where a port comes up" : "does not query where a port comes up");
            }),
        new SwitchTest(
            "switch-is-silent-beside-querier", ["V3-N-2.1.1-06"],
            "Set to query where there is no router, it does not query beside one, or only from the unspecified address.",
            async lab =>
            {
                await lab.StartSnooping();

                await lab.Step("The querier queries");
                var since = lab.Now;
                await lab.Pass(3 * lab.Timing.QueryInterval);
                await lab.Check(
                    Bench.DeviceName, "it does not query from an address of its own beside the querier",
                    lab.OwnQueries(since).FirstOrDefault(each => !AsQuerier(lab, each)) is { } wrong ? $"frame {wrong.Number} is one"
                    : null);
            }) { Options = [QuerierOption] },
    };

    // RFC 9776 §4.1: type, Max Resp Code, checksum, group; then the reserved bits, S and QRV.
    private const int ReservedAt = 8;

    private static bool AsQuerier(SwitchBench lab, SeenFrame frame) =>
        frame.Envelope.Source == lab.Dialect.Unspecified && frame.Query is { Generation: Generation.Sources } query
        && query.RobustnessVariable == lab.Timing.RobustnessVariable && query.QueryInterval == lab.Timing.QueryInterval;

    /// <summary>The queries that the device itself has sent since a moment.</summary>
    private static List<SeenFrame> OwnQueries(this SwitchBench lab, Moment since) =>
        [.. lab.SeenSoFar().Where(each => each.At >= since.At && IsOwn(lab, each))];

    private static bool IsOwn(SwitchBench lab, SeenFrame frame) =>
        frame is { Query: not null, IsTesters: false }
        && !lab.Sent.Any(each => each.Frame.Frame.Bytes.Span.SequenceEqual(frame.Frame.Bytes.Span));

    private static bool HasReserved(SeenFrame frame) => (WireMessage.Of(frame).At(ReservedAt) & 0xF0) != 0;
}
