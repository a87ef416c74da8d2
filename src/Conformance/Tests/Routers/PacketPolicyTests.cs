using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>What a router may accept or refuse, or do as it likes: observations of its policy.</summary>
internal static class PacketPolicyTests
{
    private const int CodeAt = 1;
    private const int FlagsAt = 8;
    private const int ReportFlagsAt = 4;
    private const int SuppressBit = 0x08;

    // What one record has room for (RFC 9776 §4.2.17).
    private const int MostReported = 365;

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. ((byte[])[2, 255]).Select(ttl => Report(
            FormattableString.Invariant($"policy-report-with-ttl-{ttl}"), "V3-M-4-03", "A report may be refused for its TTL.",
            FormattableString.Invariant($"a report with TTL {ttl}"), packet => packet with { TimeToLive = ttl })),
        Report(
            "policy-report-with-another-type-of-service", "V3-M-4-05", "A report should not be refused for its Type of Service.",
            "a report with a Type of Service of zero", packet => packet with { TypeOfService = 0 }),
        .. ((ushort[])[0x0001, 0x0100, 0xFFFF]).Select(value => Report(
            $"policy-report-with-router-alert-{value:x4}", "V3-M-2.1-01",
            "A report is not refused for a Router Alert of a value that means nothing.",
            $"a report with a Router Alert of 0x{value:X4}",
            packet => packet with { Options = new byte[] { 0x94, 0x04, (byte)(value >> 8), (byte)value } })),
        Report(
            "policy-report-with-router-alert-not-first", "V3-M-2.1-01",
            "A Router Alert is recognised behind other options.",
            "a report with Router Alert behind other options",
            packet => packet with { Options = new byte[] { 0x01, 0x01, 0x01, 0x01, 0x94, 0x04, 0x00, 0x00 } }),
        Report(
            "policy-report-with-extension", "V3-M-4.2.3-01", "A report with an extension is processed as one without.",
            "a report with the extension bit and eight bytes behind its records",
            packet => packet.With(bytes => bytes[ReportFlagsAt] = 0x80).Followed(0, 1, 0, 4, 1, 2, 3, 4)),
        Report(
            "policy-report-to-the-router", "V3-R-4.2.15-01", "A report to the router's own address may be accepted.",
            "a report to the device's own address", (lab, packet) => packet.To(lab.Plan.Device, lab.DeviceMac)),
        Report(
            "policy-report-to-all-systems", "V3-R-4.2.15-01", "A report to all systems may be accepted.",
            "a report to all systems", (lab, packet) => packet with { Destination = lab.Dialect.AllSystems }),
        Report(
            "policy-report-to-all-routers", "V3-R-4.2.15-01", "A report to all routers may be accepted.",
            "a report to all routers", (lab, packet) => packet with { Destination = lab.Dialect.AllRouters }),
        Report(
            "policy-report-to-its-group", "V3-R-4.2.15-01", "A report to the group that it reports may be accepted.",
            "a report to its group", (lab, packet) => packet with { Destination = lab.G1 }),
        .. ((string[])["unspecified", "multicast", "loopback", "broadcast"]).Select(NoSource),
        Query(
            "policy-query-without-response-time", "V3-M-4.1.1-03", "A General Query that leaves no time to answer is one of version 3.",
            "a General Query with a Max Resp Code of zero", packet => packet.With(bytes => bytes[CodeAt] = 0)),
        Query(
            "policy-query-of-sources-without-group", "V3-M-4.1.8-01",
            "A query that has sources but no group may be ignored or taken for a General Query.",
            "a query of a source without a group",
            (lab, packet) => packet.With(bytes => bytes[11] = 1).Followed(WireReport.Bytes(lab.S1))),
        Query(
            "policy-general-query-with-s-flag", "V3-M-4.1.5-02", "The S flag of a General Query means nothing.",
            "a General Query with S set", packet => packet.With(bytes => bytes[FlagsAt] |= SuppressBit)),
        Lasting(
            "policy-s-flag-of-own-general-queries", ["V3-M-4.1.5-02"],
            "A router should leave the S flag of its General Queries clear, as there is nothing to suppress.",
            async lab =>
            {
                var start = await lab.StartQuerier();
                var query = await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), start, lab.Timing.QueryInterval)
                    ?? throw Bench.CannotBegin("The device does not query any more");
                lab.Observe(query.Query!.SuppressRouterSideProcessing
                    ? "sets the S flag of its General Queries"
                    : "leaves the S flag of its General Queries clear");
            }),
        Lasting(
            "policy-report-of-no-records", ["V3-M-4.2.4-02"], "A report of no records says nothing.",
            async lab =>
            {
                await lab.StartQuerier();
                var empty = await lab.Host1.Report();
                lab.ExpectNone(
                    AnyMessage().Where("to the host", frame => frame.Envelope.Destination == lab.Host1.Address), empty, atOnce: true);
                await PlayControl(lab);
                lab.Observe("goes on after a report of no records");
            }),
        Lasting(
            "policy-split-change-to-include", ["V3-R-4.2.17-01"],
            "Of a change to INCLUDE that is split over two reports each part counts as one of its own; no source is lost to a host that "
                + "answers.",
            PlaySplit),
        new RouterTest(
            "policy-link-local-group", ["V3-R-6-01"],
            "Whether a router keeps state of a group that does not leave its LAN is left to it; it is not forwarded.",
            async lab =>
            {
                var group = lab.Plan.LinkLocalGroup;
                await lab.StartQuerier();
                var (start, lasting) = (lab.Now.At, 2.Seconds());
                var stream = await lab.Stream(lab.S1, group, lasting);
                await lab.Host1.Report(ToExclude(group));
                lab.Expect(stream.On(Bench.Lan).IsSilent());
                await lab.Pass(start + lasting - lab.Now.At);
                lab.Observe(await lab.Has(group) ? "keeps state of groups of the LAN" : "keeps no state of groups of the LAN");
                await PlayControl(lab);
            })
        { Options = ["forward"], Timing = Timers },
    ];

    private static RouterTest Report(
        string name, string requirement, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        Report(name, requirement, purpose, what, (_, packet) => change(packet));

    private static RouterTest Report(
        string name, string requirement, string purpose, string what, Func<RouterBench, TesterPacket, TesterPacket> change) =>
        Lasting(
            name, [requirement], purpose,
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(packet => change(lab, packet), ToExclude(lab.G1));
                lab.Observe($"{(await lab.Has(lab.G1) ? "accepts" : "ignores")} {what}");
                await PlayControl(lab);
            });

    private static RouterTest Query(
        string name, string requirement, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        Query(name, requirement, purpose, what, (_, packet) => change(packet));

    private static RouterTest Query(
        string name, string requirement, string purpose, string what, Func<RouterBench, TesterPacket, TesterPacket> change) =>
        new(
            name, [requirement], purpose,
            async lab =>
            {
                await lab.StartQuerier();
                var query = await lab.Low.Query(lab.General, packet => change(lab, packet));
                await lab.Pass(lab.Tolerance);
                var goesOn = await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, lab.Timing.QueryInterval);
                lab.Observe($"{(goesOn is null ? "gives way to" : "ignores")} {what}");

                await lab.Step("The same router sends a correct General Query");
                lab.ExpectGivesWay(await lab.Low.Query(lab.General));
            });

    private static RouterTest NoSource(string kind) => Lasting(
        $"policy-source-of-{kind}-address", ["V3-M-4.2.10-02"],
        "An address that no source has should be passed over in a record, and the others be processed.",
        async lab =>
        {
            var address = lab.Plan.NoSources[kind];
            await lab.StartQuerier();
            await lab.Host1.Report(Allow(lab.G1, address, lab.S1));
            var learnt = await lab.ComesTo(state => Of(state.Groups.FirstOrDefault(each => each.Group == lab.G1)).Equals(Include(lab.S1)));
            if (lab.ShowsState)
                lab.Observe($"{(learnt ? "passes over" : "does not just pass over")} a source that is an address of kind '{kind}'");
            await PlayControl(lab);
        });

    private static async Task PlaySplit(RouterBench lab)
    {
        var all = lab.Plan.ManySources(500);
        Address[] first = all[..MostReported], second = all[MostReported..];
        await lab.StartQuerier();
        await lab.Bring(lab.G1, Exclude());

        await lab.Step("A host changes to INCLUDE in two reports, and answers what is asked about the first");
        await lab.Host1.Report(ToInclude(lab.G1, first));
        var change = await lab.Host1.Report(ToInclude(lab.G1, second));
        if (await lab.Seen(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), change, lab.Timing.LastMemberQueryInterval) is null)
            throw Bench.CannotBegin("The device does not ask about what is left");
        await lab.Host1.Report(IsInclude(lab.G1, first));
        await lab.Host1.Report(IsInclude(lab.G1, second));
        await lab.PassLastMemberQueryTime();
        await lab.ExpectShown(lab.G1, Include(all));
        await PlayControl(lab);
        lab.Observe("keeps all sources of a change to INCLUDE that is split");
    }

    /// <summary>The device goes on.</summary>
    private static async Task PlayControl(RouterBench lab)
    {
        await lab.Step("A host joins another group");
        await lab.Host2.Report(ToExclude(lab.G2));
        await lab.ExpectGroup(lab.G2, Exclude());
    }
}
