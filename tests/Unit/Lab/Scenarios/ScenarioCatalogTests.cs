using FluentAssertions;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Lab.Simulated;
using Xunit;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>Scenarios are found in any assembly that is handed over, this one too.</summary>
public sealed class ScenarioCatalogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_scenarios_of_several_assemblies_are_one_catalogue_by_name()
    {
        var catalog = new ScenarioCatalog(typeof(ScenarioCatalogTests).Assembly, typeof(ScenarioCatalog).Assembly);

        catalog
            .All.Select(each => each.Name)
            .Should()
            .Contain(["a-report-of-the-tester", "querier-election"])
            .And.BeInAscendingOrder(StringComparer.Ordinal);
        catalog.Find("a-report-of-the-tester")!.Type.Should().Be<TestersReport>();
        catalog.Find("a-report-of-the-tester")!.Requirements.Select(each => each.Id).Should().Equal("V3-R-6.4.2-05");
        catalog.Find("no-such-scenario").Should().BeNull();
        ScenarioCatalog.BuiltIn.Find("a-report-of-the-tester").Should().BeNull();
    }

    /// <summary>Native programs keep this namespace whole, and of the others what is used.</summary>
    [Fact]
    public void The_scenarios_of_the_library_are_where_native_programs_keep_them() =>
        ScenarioCatalog
            .BuiltIn.All.Should()
            .OnlyContain(each => each.Type.Namespace == "MulticastLab.Lab.Scenarios.Catalog" && !each.Type.IsNested);

    [Fact]
    public void Two_scenarios_of_one_name_are_an_error()
    {
        var catalog = () => ScenarioCatalog.Among([typeof(TestersReport), typeof(TestersReport)]);

        catalog.Should().Throw<ArgumentException>().WithMessage("*a-report-of-the-tester*TestersReport*");
    }

    [Fact]
    public void A_scenario_without_a_name_and_an_abstract_one_are_left_out() =>
        ScenarioCatalog.Among([typeof(Nameless), typeof(Scenario), typeof(string)]).Should().BeEmpty();

    [Fact]
    public async Task A_scenario_of_this_assembly_is_played()
    {
        using var bench = new SimulatedBench();
        bench.WithRouterAndHosts();
        var scenario = new ScenarioCatalog(typeof(ScenarioCatalogTests).Assembly).Find("a-report-of-the-tester")!;

        var result = await ScenarioRunner.Run(
            scenario, TopologyReader.Read(bench.Folder), new SimulatedEngine(), new RunOptions(), Cancellation);

        result.Describe().Should().Be("a-report-of-the-tester (simulated): passed, 9 expectations");
        result.Verdict.Should().Be(Verdict.Pass);
    }

    [Scenario(
        "a-report-of-the-tester", ScenarioTheme.Robustness,
        "The tester joins a group by a report of its own, and a command takes the router's link away.")]
    [Covers("V3-R-6.4.2-05")]
    private sealed class TestersReport : Scenario
    {
        public override Timing ShortTiming => Timing.Default;

        public override async Task Play(LabRun lab)
        {
            var r1 = lab.Router("r1");
            lab.ExpectNothingElse();
            var start = await lab.StartAllBut();
            foreach (var lan in (string[])["U", "A"])
            {
                lab.Expect(Messages.GeneralQuery().From(r1).On(lan), since: start);
                lab.ExpectMember(r1, lan, Messages.GeneralQuery().On(lan), start);
            }

            await lab.Step("The tester joins");
            await lab.Transmit("A", Report(), "a report");
            await r1.Until(state => state.Group(SimulatedBench.G).IsExclude(), within: TimeSpan.Zero);

            await lab.Step("The router's link goes down");
            await r1.Execute("ip link set eth1 down");
            await r1.Check(state => !state.On("eth1").Up);
        }

        private static byte[] Report()
        {
            Span<byte> packet = stackalloc byte[1500];
            var report = new ReportContent([new RecordContent(RecordType.IsExclude, SimulatedBench.G, [])]);
            packet = packet[..IgmpWriter.WriteReport(packet, report, Address.Parse("10.0.0.99"), Address.Parse("224.0.0.22"))];
            var frame = new byte[EthernetView.HeaderLength + packet.Length];
            EthernetWriter.WriteIpv4(frame, new MacAddress(0x0200_0000_0099), packet);
            return frame;
        }
    }

    private sealed class Nameless : Scenario
    {
        public override Timing ShortTiming => Timing.Default;

        public override Task Play(LabRun lab) => Task.CompletedTask;
    }
}
