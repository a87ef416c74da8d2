using MulticastLab.Conformance.Benches;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>Which groups a host speaks of, and which messages it listens to (RFC 9776 §5), and on which interface (§3.2).</summary>
internal static class HostScopeTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "all-systems-is-heard-without-a-join", ["V3-H-5-02"],
            "A query to all systems is heard although nobody has joined that group.",
            async lab =>
            {
                var group = (await lab.JoinsOfItself())[0].Group;
                await lab.Step("The querier asks all systems once more");
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                lab.ExpectSome(lab.SentAbout(group), asked, within: query.MaxResponseTime);
            }) { Listens = false },
        AllSystemsSilent("all-systems-is-never-reported", null),
        AllSystemsSilent("v2-all-systems-is-never-reported", 2),
        AllSystemsSilent("v1-all-systems-is-never-reported", 1),
        new HostTest(
            "own-groups-without-all-systems", ["V3-H-5-03"],
            "A host that has joined groups of itself says nothing of all systems, in whatever version it is asked.",
            async lab =>
            {
                lab.ExpectNeverSaid(lab.Dialect.AllSystems);
                var group = (await lab.JoinsOfItself())[0].Group;
                foreach (var generation in new[] { Generation.Sources, Generation.Leaves, Generation.Reports })
                {
                    var query = generation == Generation.Sources ? lab.General() : lab.OlderGeneral(generation);
                    var asked = await lab.Querier.Query(query);
                    await lab.Seen(lab.SentAbout(group), asked, query.MaxResponseTime);
                }
            }) { Listens = false },
        new HostTest(
            "link-local-group-is-reported", ["V3-H-5-04"],
            "Of the groups that do not leave the LAN only all systems is exempt: another one is reported.",
            async lab =>
            {
                var group = lab.Plan.LinkLocalGroup;
                await lab.Start();
                var join = await lab.Device.Join(group);
                lab.ExpectReported(join, ToExclude(group));
                await lab.PassReports();

                await lab.Step("The querier asks for all groups");
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                lab.ExpectSome(Carrying(IsExclude(group)).From(lab.Device), asked, within: query.MaxResponseTime);
            }),
        new HostTest(
            "messages-that-are-no-queries-change-nothing", ["V3-H-5-05"],
            "A host that is to answer does so, whatever reports, leaves and unknown messages of others it hears meanwhile.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Join(lab.G1), ToExclude(lab.G1));

                await lab.Step("The querier asks, and others speak of the group before the device does");
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                var everyone = lab.Dialect.AllSystems;
                await lab.Host1.Report(ToExclude(lab.G1));
                await lab.Host1.Report(packet => packet.To(everyone, MacAddress.ForGroup(everyone)), IsExclude(lab.G1));
                await lab.Host1.Report(packet => packet.To(lab.G1, MacAddress.ForGroup(lab.G1)), ToInclude(lab.G1));
                await lab.Host2.OlderLeave(lab.G1);
                await lab.Host2.OlderLeave(lab.G1, packet => packet.To(lab.G1, MacAddress.ForGroup(lab.G1)));
                await lab.Host2.OlderLeave(
                    lab.G1, packet => packet.To(lab.G1, MacAddress.ForGroup(lab.G1)).With(bytes => bytes[0] = UnknownType));
                lab.ExpectSome(Carrying(IsExclude(lab.G1)).From(lab.Device), asked, within: query.MaxResponseTime);
            }),
        new HostTest(
            "other-interface-knows-nothing-of-it", ["V3-H-3.2-07"],
            "A group that was joined on one interface is not reported on another, nor answered for there.",
            async lab =>
            {
                await lab.Start();
                var join = await lab.Device.Join(lab.G1);
                lab.ExpectNothing(lab.SentAbout(lab.G1).On(HostBench.OtherLan), join);
                await lab.Begun(Task.FromResult(join), lab.G1);
                await lab.PassReports();

                await lab.Step("A querier asks on the other LAN");
                var query = lab.General();
                var elsewhere = await lab.OtherQuerier.Query(query);
                lab.ExpectNoneAfter(Naming(lab.G1).On(HostBench.OtherLan), elsewhere);
                await lab.Pass(query.MaxResponseTime + lab.Tolerance);

                await lab.Step("The querier asks where the group was joined");
                var asked = await lab.Querier.Query(query);
                lab.ExpectSome(lab.SentAbout(lab.G1).On(Bench.Lan), asked, within: query.MaxResponseTime);
                await lab.Pass(query.MaxResponseTime);
            }),
    ];

    // None that IANA has assigned.
    private const byte UnknownType = 0x18;

    private static HostTest AllSystemsSilent(string name, int? version) => new(
        name, ["V3-H-5-03"],
        "Nothing is ever said of all systems, neither for a join and a leave nor in answer to queries"
            + (version is null ? "." : $" of version {version}."),
        async lab =>
        {
            var everyone = lab.Dialect.AllSystems;
            lab.ExpectNeverSaid(everyone);
            await lab.Start();
            // Whether that is an error is left to the device.
            await lab.Try(() => lab.Device.Join(everyone));
            await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
            await lab.Try(() => lab.Device.Leave(everyone));
            await lab.Querier.Query(version is null ? lab.Specific(everyone) : lab.OlderSpecific(everyone));
            await lab.PassRepetitions();
            var query = version switch
            {
                1 => lab.OlderGeneral(Generation.Reports),
                2 => lab.OlderGeneral(Generation.Leaves),
                _ => lab.General(),
            };
            var asked = await lab.Querier.Query(query);
            if (await lab.Seen(lab.SentAbout(lab.G1), asked, query.MaxResponseTime) is null)
                throw Bench.CannotBegin("The device does not answer a General Query");
            await lab.Pass(query.MaxResponseTime);
        }) { Version = version };
}
