using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.SwitchBench;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Switches;

/// <summary>Where datagrams to groups come out (RFC 4541 §2.1.2).</summary>
internal static class DataTests
{
    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        ToMember(
            "switch-sends-data-to-member", "A group goes to the port where a host reports it, and to the router's.",
            lab => lab.G1, lab => lab.Host1.Report(IsExclude(lab.G1))),
        ToMember(
            "switch-sends-data-to-member-for-a-source",
            "A group goes to the port where a host asks for this source of it, and to the router's.",
            lab => lab.G1, lab => lab.Host1.Report(IsInclude(lab.G1, lab.S1))),
        ToMember(
            "switch-sends-data-to-member-that-allows",
            "A group goes to the port where a host begins to ask for this source of it, and to the router's.",
            lab => lab.G1, lab => lab.Host1.Report(Allow(lab.G1, lab.S1))),
        ToMember(
            "switch-sends-source-specific-data-to-member",
            "A group of the source-specific range goes to the port where a host asks for the source, and to the router's.",
            lab => lab.Ssm, lab => lab.Host1.Report(Allow(lab.Ssm, lab.S1))),
        ToMember(
            "switch-sends-data-to-older-member",
            "A group goes to the port where a host reports it in the version before, and to the router's.",
            lab => lab.G1, lab => lab.Host1.OlderReport(Generation.Leaves, lab.G1)),
        ToMember(
            "switch-sends-data-to-first-version-member",
            "A group goes to the port where a host reports it in the first version, and to the router's.",
            lab => lab.G1, lab => lab.Host1.OlderReport(Generation.Reports, lab.G1)),
        ToMember(
            "switch-sends-data-to-member-with-many-records",
            "A group goes to the port where a host reports it as the last of 20 in one report, and to the router's.",
            lab => lab.G1,
            lab => lab.Host1.Report([.. lab.Plan.ManyGroups(19).Select(each => IsExclude(each)), IsExclude(lab.G1)])),
        new SwitchTest(
            "switch-keeps-groups-apart", ["V3-N-2.1.2-01"],
            "Of two groups, each goes to the port of its member and not to the other's.",
            async lab =>
            {
                await lab.Start();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Host3.Report(IsExclude(lab.G2));

                await lab.Step("A source sends to both");
                await lab.Settle();
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, MemberPort);
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G2), RouterPort, OtherPort);
            }),
        new SwitchTest(
            "switch-sends-data-to-each-member-port", ["V3-N-2.1.2-01"],
            "A group goes to every port with a member, once, and not back to where it came from, although there is a member too.",
            async lab =>
            {
                await lab.Start();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Host2.Report(IsExclude(lab.G1));
                await lab.Host3.OlderReport(Generation.Leaves, lab.G1);
                await lab.Settle();

                await lab.Step("Somebody sends on the source's port, the router's and a member's");
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, MemberPort, OtherPort);
                lab.ExpectOnly(await lab.Data(lab.S2, lab.G1, from: lab.Querier), MemberPort, OtherPort);
                lab.ExpectOnly(await lab.Data(lab.S3, lab.G1, from: lab.Host2), RouterPort, OtherPort);
            }),
        ToAll(
            "switch-floods-link-local-data", "A datagram to a group that does not leave its LAN goes to all ports.",
            lab => lab.Plan.LinkLocalGroup, _ => Task.CompletedTask),
        ToAll(
            "switch-floods-link-local-data-with-member",
            "A datagram to a group that does not leave its LAN goes to all ports, although a host on one has reported it.",
            lab => lab.Plan.LinkLocalGroup, lab => lab.Host1.Report(IsExclude(lab.Plan.LinkLocalGroup))),
        ToAll(
            "switch-floods-link-local-data-with-older-member",
            "A datagram to a group that does not leave its LAN goes to all ports, although a host has reported it in the version before.",
            lab => lab.Plan.LinkLocalGroup, lab => lab.Host1.OlderReport(Generation.Leaves, lab.Plan.LinkLocalGroup)),
        ToAll(
            "switch-floods-data-to-all-systems", "A datagram to all systems goes to all ports.",
            lab => lab.Dialect.AllSystems, _ => Task.CompletedTask),
        new SwitchTest(
            "switch-sends-unregistered-data-to-routers", ["V3-N-2.1.2-03"],
            "A group that nobody has reported goes to the port of every router at least.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Lower.Query(lab.General);
                await lab.Pass(lab.Timing.QueryResponseInterval + lab.Tolerance);

                await lab.Step("Somebody sends to a group that nobody has reported");
                lab.ExpectAtLeast(await lab.Data(lab.S1, lab.G9), RouterPort);
                lab.ExpectAtLeast(await lab.Data(lab.S2, lab.G9, from: lab.Host1), RouterPort, SourcePort);
            }),
        new SwitchTest(
            "switch-where-unregistered-data-goes", ["V3-N-2.1.2-03"],
            "Whether groups that nobody has reported are flooded, while no router is known and while one is.",
            async lab =>
            {
                await lab.Boot();
                await lab.Settle();
                var before = await lab.Reaches(await lab.Data(lab.S1, lab.G9));
                await lab.Querier.Query(lab.General);
                await lab.Pass(lab.Timing.QueryResponseInterval + lab.Tolerance);
                var sent = await lab.Data(lab.S2, lab.G9);
                var after = await lab.Reaches(sent);
                lab.ExpectAtLeast(sent, RouterPort);
                lab.Observe($"sends groups that nobody has reported to {Names(before)} while it knows no router");
                lab.Observe($"sends them to {Names(after)} while it knows one");
            }),
        Superset(
            "switch-unites-include-and-exclude",
            "Of two hosts on a port, one asks for a source and the other for all but two, this one among them: what either wants comes.",
            lab => [IsInclude(lab.G1, lab.S1), IsExclude(lab.G1, lab.S1, lab.S2)], lab => [lab.S1, lab.S3], lab => lab.S2),
        Superset(
            "switch-unites-exclude-and-include",
            "The same, reported in the opposite order.",
            lab => [IsExclude(lab.G1, lab.S1, lab.S2), IsInclude(lab.G1, lab.S1)], lab => [lab.S1, lab.S3], lab => lab.S2),
        Superset(
            "switch-unites-exclude-lists",
            "Of two hosts on a port with different lists of unwanted sources, each gets what it wants.",
            lab => [IsExclude(lab.G1, lab.S1, lab.S2), IsExclude(lab.G1, lab.S2, lab.S3)], lab => [lab.S1, lab.S3], lab => lab.S2),
        Superset(
            "switch-unites-include-lists",
            "Of two hosts on a port that ask for different sources, each gets what it wants.",
            lab => [IsInclude(lab.G1, lab.S1), IsInclude(lab.G1, lab.S3)], lab => [lab.S1, lab.S3], lab => lab.S2),
        new SwitchTest(
            "switch-keeps-lists-of-ports-apart", ["V3-N-2.1.2-05"],
            "A host on one port that does not want a source does not keep it from a host on another port that asks for it.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host1.Report(IsExclude(lab.G1, lab.S1));
                await lab.Host3.Report(IsInclude(lab.G1, lab.S1));
                await lab.Settle();

                await lab.Step("Both sources send");
                lab.ExpectAtLeast(await lab.Data(lab.S1, lab.G1), RouterPort, OtherPort);
                lab.ExpectAtLeast(await lab.Data(lab.S2, lab.G1), RouterPort, MemberPort);
            }),
        new SwitchTest(
            "switch-tells-groups-of-one-mac-apart", ["V3-N-2.1.2-06"],
            "Two groups with the same Ethernet address, each of which one port has a member of, go to that port only.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Host3.Report(IsExclude(lab.Plan.SameMacAsFirst));
                await lab.Settle();

                await lab.Step("The source sends to both");
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, MemberPort);
                lab.ExpectOnly(await lab.Data(lab.S1, lab.Plan.SameMacAsFirst), RouterPort, OtherPort);
            }),
        new SwitchTest(
            "switch-of-older-version-serves-members", ["V3-N-2.2-01"],
            "Set to the version before, it either understands reports of the current one or floods: data comes to who reports so.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host3.OlderReport(Generation.Leaves, lab.G1);
                lab.ExpectAtLeast(await lab.Host1.Report(IsExclude(lab.G1)), RouterPort);
                await lab.Settle();

                await lab.Step("The source sends to a group of hosts of both versions");
                lab.ExpectAtLeast(await lab.Data(lab.S1, lab.G1), RouterPort, MemberPort, OtherPort);
            }) { Version = 2 },
    };

    private static string Names(IReadOnlyList<string> ports) =>
        ports.Count == 0 ? "no port" : $"port{(ports.Count == 1 ? "" : "s")} {string.Join(", ", ports)}";

    private static SwitchTest ToMember(
        string name, string purpose, Func<SwitchBench, Address> group, Func<SwitchBench, Task<Moment>> report) =>
        new(name, ["V3-N-2.1.2-01"], purpose, async lab =>
        {
            await lab.Start();
            await report(lab);
            await lab.Settle();

            await lab.Step("The source sends");
            lab.ExpectOnly(await lab.Data(lab.S1, group(lab)), RouterPort, MemberPort);
        });

    private static SwitchTest ToAll(string name, string purpose, Func<SwitchBench, Address> group, Func<SwitchBench, Task> report) =>
        new(name, ["V3-N-2.1.2-02"], purpose, async lab =>
        {
            await lab.StartSnooping();
            await report(lab);
            await lab.Settle();

            await lab.Step("The source sends");
            lab.ExpectOnly(await lab.Data(lab.S1, group(lab)), RouterPort, MemberPort, OtherPort);
        });

    private static SwitchTest Superset(
        string name, string purpose, Func<SwitchBench, IReadOnlyList<RecordContent>> reports,
        Func<SwitchBench, IReadOnlyList<Address>> wanted, Func<SwitchBench, Address> unwanted) =>
        new(name, ["V3-N-2.1.2-05"], purpose, async lab =>
        {
            await lab.Start();
            foreach (var (record, host) in reports(lab).Zip([lab.Host1, lab.Host2]))
            {
                await host.Report(record);
                await lab.Settle();
            }

            await lab.Step("The sources send");
            foreach (var source in wanted(lab))
                lab.ExpectOnly(await lab.Data(source, lab.G1), RouterPort, MemberPort);
            // A switch may forward by the group alone, and then sends more than is wanted; but not to a port where nobody wants any.
            lab.ExpectPassage(await lab.Data(unwanted(lab), lab.G1), [RouterPort], [OtherPort]);
        });
}
