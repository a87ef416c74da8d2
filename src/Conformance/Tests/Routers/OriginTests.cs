using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Where messages come from and how far they get (RFC 9776 §9).</summary>
internal static class OriginTests
{
    private const byte FarTimeToLive = 64;

    internal static IEnumerable<ConformanceTest> All =>
    [
        NotForwarded(
            "query-is-not-forwarded", "V3-R-9.1-02", "query about a group",
            (lab, change) => lab.Sources.Query(lab.Specific(lab.G1), change)),
        NotForwarded(
            "report-is-not-forwarded", "V3-R-9.2-01", "report of version 2",
            (lab, change) => lab.Sources.OlderReport(Generation.Leaves, lab.G1, change)),
        new RouterTest(
            "report-from-another-network", ["V3-R-9.2-02"],
            "A report from an address that is not on the LAN may be ignored.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(OffLink, ToExclude(lab.G1));
                lab.Observe(await Knows(lab, lab.G1) ? "accepts reports from other networks" : "ignores reports from other networks");
            }),
        new RouterTest(
            "report-from-another-network-can-be-refused", ["V3-R-9.2-02", "V3-R-9.3-02"],
            "Reports from addresses that are not on the LAN are ignored when this is asked for.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G2, Exclude());

                await lab.Step("A host of another network joins one group and leaves another");
                await lab.Host1.Report(OffLink, ToExclude(lab.G1));
                var leave = await lab.Host1.Report(OffLink, ToInclude(lab.G2));
                lab.ExpectNoQueries(lab.G2, since: leave);
                await lab.PassLastMemberQueryTime();

                await lab.Step("Hosts of this one leave both");
                await lab.ExpectGroup(lab.G1, None);
                await lab.ExpectGroup(lab.G2, Exclude());
            }) { Options = ["verify-source-subnet"] },
        new RouterTest(
            "report-without-address-is-accepted", ["V3-R-9.2-03"],
            "A report from the unspecified address is accepted, whichever others are not.",
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("A host without an address joins");
                await lab.Host1.Report(packet => packet with { Source = lab.Dialect.Unspecified }, ToExclude(lab.G1));
                await lab.ExpectGroup(lab.G1, Exclude());
            }) { Preferred = ["verify-source-subnet"] },
        new RouterTest(
            "leave-from-another-network", ["V3-R-9.3-02"],
            "A leave from an address that is not on the LAN may be ignored.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                var leave = await lab.Host1.Report(OffLink, ToInclude(lab.G1));
                lab.Observe(
                    await lab.AsksAbout(lab.G1, leave) ? "accepts leaves from other networks" : "ignores leaves from other networks");
            }),
        new RouterTest(
            "report-without-router-alert", ["V3-R-9.2-04"],
            "A report without the Router Alert option may be ignored.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(packet => packet.WithoutRouterAlert(), ToExclude(lab.G1));
                lab.Observe(
                    await Knows(lab, lab.G1) ? "accepts reports without Router Alert" : "ignores reports without Router Alert");
            }),
        new RouterTest(
            "router-alert-can-be-required", ["V3-R-9.2-04"],
            "Reports without the Router Alert option are ignored when this is asked for.",
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("Hosts report without Router Alert, and one with it");
                await lab.Host1.Report(packet => packet.WithoutRouterAlert(), ToExclude(lab.G1));
                await lab.Host1.OlderReport(Generation.Leaves, lab.G2, packet => packet.WithoutRouterAlert());
                await lab.Host1.Report(ToExclude(lab.G(3)));
                await lab.ExpectGroup(lab.G(3), Exclude());
                await lab.ExpectGroup(lab.G1, None);
                await lab.ExpectGroup(lab.G2, None);
            }) { Options = ["require-router-alert"] },
        new RouterTest(
            "older-versions-can-be-ignored", ["V3-R-9.2-05", "V3-X-7.3.1-07"],
            "Reports of older versions are ignored when this is asked for: there is no compatibility mode then.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("Reports of older versions come, and then a host blocks a source");
                await lab.Host1.OlderReport(Generation.Reports, lab.G1);
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Host1.OlderReport(Generation.Leaves, lab.G2);
                var block = await lab.Host2.Report(Block(lab.G1, lab.S1));
                await lab.ExpectSoon(QueryAbout(lab.G1, lab.S1).From(lab.Device).On(Bench.Lan), block, TimeSpan.Zero);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G2, None);
            }) { Options = ["current-version-only"] },
    ];

    /// <summary>A message to a group does not leave the LAN on which it was sent, not even with a Time to Live for it.</summary>
    private static RouterTest NotForwarded(
        string name, string requirement, string what, Func<RouterBench, Func<TesterPacket, TesterPacket>, Task<Moment>> send) => new(
        name, [requirement], $"A {what} is not forwarded as the group's data are, whatever its Time to Live.",
        async lab =>
        {
            await lab.StartQuerier();
            await lab.Bring(lab.G1, Exclude());
            var stream = await lab.Stream(lab.S1, lab.G1, lasting: 3.Seconds());
            await lab.Pass(1.Seconds());

            await lab.Step($"A {what} comes from the source of a group that is forwarded");
            lab.Expect(stream.On(Bench.Lan).HasNoGap());
            lab.ExpectNone(
                AnyMessage().On(Bench.Lan).Where("from the source", frame => frame.Envelope.Source == lab.S1),
                since: lab.Now, atOnce: true);
            await send(lab, packet => packet with { TimeToLive = FarTimeToLive });
            await send(lab, packet => packet.WithoutRouterAlert() with { TimeToLive = FarTimeToLive });
            await lab.Pass(1.Seconds());
        }) { Options = ["forward"] };

    private static TesterPacket OffLink(TesterPacket packet) => packet with { Source = AddressPlan.Of(packet.Dialect).OffLink };

    /// <summary>Whether the device has members of a group, by what it asks when one leaves.</summary>
    private static async Task<bool> Knows(RouterBench lab, Address group) =>
        await lab.AsksAbout(group, await lab.Host3.Report(ToInclude(group)));
}
