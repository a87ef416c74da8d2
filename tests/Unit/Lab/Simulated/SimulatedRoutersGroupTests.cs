using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>Simulated routers are members of 224.0.0.22 on each of their LANs (RFC 9776 §6), as the real one is.</summary>
public sealed class SimulatedRoutersGroupTests : IDisposable
{
    private readonly SimulatedBench bench = new SimulatedBench().WithRouterAndHosts();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Fact]
    [Shows("V3-R-6-02")]
    public async Task A_router_joins_on_each_LAN_and_answers_every_query_its_own_too()
    {
        var lab = await bench.Started();
        await Pass(lab, 200);

        // General Queries at 0 s, 31.25 s and 156.25 s; the first may be answered before the report is repeated.
        Reports(lab, "r1", "U")
            .Should()
            .StartWith("TO_EX {}")
            .And.BeEquivalentTo("TO_EX {}", "TO_EX {}", "IS_EX {}", "IS_EX {}", "IS_EX {}");
        Reports(lab, "r1", "A")
            .Should()
            .StartWith("TO_EX {}")
            .And.BeEquivalentTo("TO_EX {}", "TO_EX {}", "IS_EX {}", "IS_EX {}", "IS_EX {}");
    }

    [Fact]
    [Shows("V3-R-6-01", "V3-R-6-02")]
    public async Task A_router_that_is_not_the_querier_answers_it_and_neither_keeps_state_of_it()
    {
        WithSecondRouter("");
        var lab = await bench.Started();
        await Pass(lab, 200);

        Reports(lab, "r2", "A")
            .Should()
            .StartWith("TO_EX {}")
            .And.BeEquivalentTo("TO_EX {}", "TO_EX {}", "IS_EX {}", "IS_EX {}", "IS_EX {}");
        foreach (var router in (string[])["r1", "r2"])
        {
            var state = await lab.RouterState(router, Cancellation);
            state.Interfaces.SelectMany(each => each.Groups).Should().BeEmpty();
            state.Statistics.Error.Should().OnlyContain(each => each.Value == 0);
            state.Statistics.Received["report"].Should().Be(5, "those of the other one");
            state.Statistics.Sent["report"].Should().Be(5 * state.Interfaces.Count);
            state.Statistics.Sent["group-specific-query"].Should().Be(0);
        }
    }

    [Theory]
    [InlineData("--join-routers-group false")]
    [InlineData("--igmp-version 2")]
    [InlineData("--igmp-version 1")]
    public async Task Otherwise_it_is_silent(string option)
    {
        WithSecondRouter(option);
        bench.With("r1.startup", SimulatedBench.Router.Replace("run", $"run {option}", StringComparison.Ordinal));
        var lab = await bench.Started();
        await Pass(lab, 200);
        // A sign of life: both routers run, and what a member reports is seen.
        await lab.Listen("h1", Address.Parse("239.1.1.1"), SourceFilter.AnySource, Cancellation);
        await Pass(lab, 20);

        foreach (var router in (string[])["r1", "r2"])
            lab.Frames.Should().Contain(frame => frame.Node == router && Text(frame).Contains("Query", StringComparison.Ordinal));
        lab.Frames.Where(frame => Text(frame).Contains("Report", StringComparison.Ordinal))
            .Select(frame => frame.Node)
            .Distinct()
            .Should()
            .Equal("h1");
    }

    [Fact]
    public async Task When_the_link_comes_back_it_joins_anew_and_before_that_it_is_silent()
    {
        var lab = await bench.Started();
        await Pass(lab, 2);
        await lab.SetLink("r1", "eth1", up: false, Cancellation);
        await Pass(lab, 100);
        Reports(lab, "r1", "A").Where(each => each != "IS_EX {}").Should().Equal("TO_EX {}", "TO_EX {}");
        var before = Reports(lab, "r1", "A").Count;

        await lab.SetLink("r1", "eth1", up: true, Cancellation);
        await Pass(lab, 20);

        Reports(lab, "r1", "A").Skip(before).Should().StartWith("TO_EX {}").And.BeEquivalentTo("TO_EX {}", "TO_EX {}", "IS_EX {}");
    }

    private void WithSecondRouter(string option) => bench
        .With("lab.conf", File.ReadAllText(bench.PathOf("lab.conf")) + "r2[0]=\"A\"\nr2[image]=\"multicast-lab/router\"")
        .With("r2.startup", $"ip address replace 10.0.0.2/24 dev eth0\nrouter run --interface eth0 {option} &");

    private static Task Pass(SimulatedLab lab, double seconds) => lab.PassUntil(lab.Now + TimeSpan.FromSeconds(seconds), Cancellation);

    private static List<string> Reports(SimulatedLab lab, string node, string lan) =>
        [
            .. lab
                .Frames.Where(frame => frame.Node == node && frame.Lan == lan)
                .Select(Text)
                .Where(text => text.Contains("Report", StringComparison.Ordinal))
                .Select(text =>
                    text[(text.IndexOf("224.0.0.22 ", text.IndexOf("Report", StringComparison.Ordinal), StringComparison.Ordinal) + 11)..]),
        ];

    private static string Text(LabFrame frame) => FrameDecoder.Decode(frame.Bytes.Span, LinkType.Ethernet).ToString()!;
}
