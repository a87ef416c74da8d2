using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.SwitchBench;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Switches;

/// <summary>What becomes of reports and leaves, and what a switch learns from them (RFC 4541 §2.1.1).</summary>
internal static class ReportTests
{
    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        ToRouterPort(
            "switch-sends-reports-to-router-port", "A report comes out of the port of the router, and of no other.",
            lab => lab.Host1.Report(IsExclude(lab.G1))),
        ToRouterPort(
            "switch-sends-source-reports-to-router-port",
            "A report with sources comes out of the port of the router, and of no other.",
            lab => lab.Host1.Report(Allow(lab.G1, lab.S1, lab.S2))),
        ToRouterPort(
            "switch-sends-older-reports-to-router-port",
            "A report of the version before comes out of the port of the router, and of no other: a host that got it would say nothing.",
            lab => lab.Host1.OlderReport(Generation.Leaves, lab.G1)),
        ToRouterPort(
            "switch-sends-first-version-reports-to-router-port",
            "A report of the first version comes out of the port of the router, and of no other: a host that got it would say nothing.",
            lab => lab.Host1.OlderReport(Generation.Reports, lab.G1)),
        Learns(
            "switch-learns-from-report-without-address", ["V3-N-2.1.1-03"],
            "A report from the unspecified address, as of a proxy, is learnt from, and comes to the router.",
            lab => lab.Host1.Report(Unaddressed(lab), IsExclude(lab.G1))),
        Learns(
            "switch-learns-from-older-report-without-address", ["V3-N-2.1.1-03"],
            "A report of the version before from the unspecified address is learnt from, and comes to the router.",
            lab => lab.Host1.OlderReport(Generation.Leaves, lab.G1, Unaddressed(lab))),
        Learns(
            "switch-passes-report-with-reserved-bits", ["V3-N-2.1.1-05"],
            "A report with reserved bits set comes to the router as it is, and is learnt from.",
            lab => lab.Host1.Report(packet => packet.With(SetReservedOfReport), IsExclude(lab.G1))),
        Learns(
            "switch-passes-report-with-more-bytes", ["V3-N-2.1.1-05"],
            "A report with bytes after its last record comes to the router as it is, and is learnt from.",
            lab => lab.Host1.Report(packet => packet.Followed(1, 2, 3, 4), IsExclude(lab.G1))),
        Learns(
            "switch-passes-report-with-auxiliary-data", ["V3-N-2.1.1-05"],
            "A report whose record has auxiliary data comes to the router as it is, and is learnt from.",
            lab => lab.Host1.Report(
                packet => packet.Followed(1, 2, 3, 4).With(bytes => bytes[AuxiliaryLengthAt] = 1), IsExclude(lab.G1))),
        NotLearnt(
            "switch-ignores-report-with-wrong-checksum", "A report with a wrong checksum is not learnt from.",
            lab => lab.Host1.Report(packet => packet with { ChecksumOff = 1 }, IsExclude(lab.G1))),
        NotLearnt(
            "switch-ignores-older-report-with-wrong-checksum",
            "A report of the version before with a wrong checksum is not learnt from.",
            lab => lab.Host1.OlderReport(Generation.Leaves, lab.G1, packet => packet with { ChecksumOff = 1 })),
        NotLearnt(
            "switch-ignores-report-with-wrong-header-checksum",
            "A report in a packet whose header has a wrong checksum is not learnt from.",
            lab => lab.Host1.Report(packet => packet with { HeaderChecksumOff = 1 }, IsExclude(lab.G1))),
        NotLearnt(
            "switch-ignores-report-that-is-cut", "A report that ends within a record is not learnt from.",
            lab => lab.Host1.Report(
                packet => packet with { Body = bytes => bytes[..(AuxiliaryLengthAt + 3)] }, IsExclude(lab.G1))),
        AgesOut(
            "switch-forgets-silent-port", "A port is forgotten when nobody there has reported for the Group Membership Interval.",
            lab => lab.Host1.Report(IsExclude(lab.G1))),
        AgesOut(
            "switch-forgets-silent-port-of-older-host",
            "The same of a port where a host has reported in the version before.",
            lab => lab.Host1.OlderReport(Generation.Leaves, lab.G1)),
        AgesOut(
            "switch-forgets-silent-port-of-included-source",
            "The same of a port where a host has asked for one source.",
            lab => lab.Host1.Report(IsInclude(lab.G1, lab.S1))),
        new SwitchTest(
            "switch-keeps-port-that-reports", ["V3-N-2.1.1-08"],
            "A port is not forgotten while a host there answers, and one that is silent meanwhile is.",
            async lab =>
            {
                var interval = lab.Timing.GroupMembershipInterval;
                await lab.Start();
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Host1.Report(IsExclude(lab.G1));
                var lasting = interval + (2 * lab.Tolerance) + Streaming.Follows;
                var stream = await lab.Stream(lab.S1, lab.G1, lasting + 2.Seconds());
                await lab.Settle();

                await lab.Step("Only one of two ports reports");
                lab.Expect(stream.On(MemberPort).HasNoGap());
                for (var begin = lab.Now; lab.Now.At < begin.At + lasting;)
                {
                    await lab.Host1.Report(IsExclude(lab.G1));
                    await lab.Pass(interval / 4);
                }

                await lab.Step("One datagram more");
                lab.ExpectOnly(await lab.Data(lab.S2, lab.G1), RouterPort, MemberPort);
            }),
    };

    // RFC 9776 §4.2: type, reserved, checksum, reserved, number of records; the record's type, length of auxiliary data.
    private const int AuxiliaryLengthAt = 9;

    private static void SetReservedOfReport(byte[] bytes) => (bytes[1], bytes[4], bytes[5]) = (0xFF, 0xFF, 0xFF);

    private static Func<TesterPacket, TesterPacket> Unaddressed(SwitchBench lab) =>
        packet => packet with { Source = lab.Dialect.Unspecified };

    /// <summary>A message comes to the router alone.</summary>
    private static SwitchTest ToRouterPort(string name, string purpose, Func<SwitchBench, Task<Moment>> send) =>
        new(name, ["V3-N-2.1.1-01"], purpose, async lab =>
        {
            await lab.Start();

            await lab.Step("A host reports");
            lab.ExpectOnly(await send(lab), RouterPort);
        });

    /// <summary>A report that comes to the router, and makes its port one of a member.</summary>
    private static SwitchTest Learns(
        string name, IReadOnlyList<string> requirements, string purpose, Func<SwitchBench, Task<Moment>> report) =>
        new(name, requirements, purpose, async lab =>
        {
            await lab.Start();
            await lab.Host3.Report(IsExclude(lab.G2));

            await lab.Step("A host reports");
            lab.ExpectAtLeast(await report(lab), RouterPort);

            await lab.Step("The source sends");
            lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, MemberPort);
            lab.ExpectOnly(await lab.Data(lab.S1, lab.G2), RouterPort, OtherPort);
        });

    /// <summary>A report that does not make its port one of a member, of a group that another port has a member of.</summary>
    private static SwitchTest NotLearnt(string name, string purpose, Func<SwitchBench, Task<Moment>> report) =>
        new(name, ["V3-N-2.1.1-07"], purpose, async lab =>
        {
            await lab.Start();
            await lab.Host3.Report(IsExclude(lab.G1));
            await lab.Settle();
            await report(lab);

            await lab.Step("The source sends after a report that does not count");
            lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, OtherPort);

            await lab.Step("A right report shows that this one was the cause");
            await lab.Host1.Report(IsExclude(lab.G1));
            await lab.Settle();
            lab.ExpectOnly(await lab.Data(lab.S2, lab.G1), RouterPort, MemberPort, OtherPort);
        });

    private static SwitchTest AgesOut(string name, string purpose, Func<SwitchBench, Task<Moment>> report) =>
        new(name, ["V3-N-2.1.1-08"], purpose, async lab =>
        {
            await lab.Start();
            // A group without any member may go anywhere.
            await lab.Host3.Report(IsExclude(lab.G1));
            await report(lab);
            await lab.Settle();
            var interval = lab.Timing.GroupMembershipInterval;
            // RFC 3376 has one Query Response Interval less than RFC 9776.
            var shortest = interval - lab.Timing.QueryResponseInterval;
            var stream = await lab.Stream(lab.S1, lab.G1, interval + lab.Tolerance + Streaming.Follows + 3.Seconds());
            await lab.Pass((5 * stream.Every) + (2 * lab.Tolerance));

            await lab.Step("It is reported for the last time there");
            var last = await report(lab);
            lab.Expect(stream.On(MemberPort).Stops(shortest - lab.Tolerance, interval + Streaming.Follows, of: last));
            lab.Expect(stream.On(OtherPort).HasNoGap());
            for (var i = 1; i <= 4; i++)
            {
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Pass(interval / 4);
            }

            await lab.Host3.Report(IsExclude(lab.G1));
            await lab.Pass(Streaming.Follows + (3 * lab.Tolerance));
        });
}
