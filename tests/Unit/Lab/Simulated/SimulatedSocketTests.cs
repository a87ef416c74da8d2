using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>A simulated host with several sockets: what it reports is what RFC 9776 §3.2 makes of their filters.</summary>
public sealed class SimulatedSocketTests : IDisposable
{
    private static readonly Address[] Sources = [.. Enumerable.Range(1, 6).Select(each => Address.FromV4(0x0A01_0000 + (uint)each))];

    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    // The example of RFC 9776 §3.2.
    [Fact]
    public async Task Filters_of_several_sockets_are_merged()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        (await After("s1", FilterMode.Exclude, 1, 2, 3, 4)).Should().Equal("TO_EX 1 2 3 4");
        (await After("s2", FilterMode.Exclude, 2, 3, 4, 5)).Should().Equal("ALLOW 1");
        (await After("s3", FilterMode.Include, 4, 5, 6)).Should().Equal("ALLOW 4");
        (await After("s4", FilterMode.Exclude)).Should().Equal("ALLOW 2 3");
        (await After("s4", FilterMode.Include)).Should().Equal("BLOCK 2 3");
        (await After("s1", FilterMode.Include)).Should().BeEmpty();
        (await After("s2", FilterMode.Include)).Should().Equal("TO_IN 4 5 6");
        (await After("s2", FilterMode.Include)).Should().BeEmpty("a socket that has not joined may leave");

        async Task<IReadOnlyList<string>> After(string socket, FilterMode mode, params int[] sources)
        {
            await lab.Listen("h1", socket, G, SourceFilter.Of(mode, sources.Select(each => Sources[each - 1])), Cancellation);
            return await Reports(lab);
        }
    }

    [Fact]
    public async Task The_host_agent_s_commands_name_a_socket()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        (await After("join 239.1.1.1")).Should().Equal("TO_EX");
        (await After($"join 239.1.1.1 --socket s2 --exclude {Sources[0]} {Sources[1]}")).Should().BeEmpty();
        (await After($"block 239.1.1.1 {Sources[0]}")).Should().Equal("BLOCK 1");
        (await After($"allow 239.1.1.1 {Sources[0]} --socket s2")).Should().Equal("ALLOW 1");
        (await After("leave 239.1.1.1 --socket 1")).Should().Equal("BLOCK 2");
        (await After("leave 239.1.1.1 --socket s2")).Should().Equal("TO_IN");
        (await lab.HostState("h1", Cancellation)).Should().BeEmpty();

        async Task<IReadOnlyList<string>> After(string command)
        {
            (await lab.Execute("h1", "hostagent " + command, Cancellation)).Should().Be(new CommandResult(0, "", ""));
            return await Reports(lab);
        }
    }

    [Fact]
    public async Task A_socket_that_has_not_joined_can_change_nothing()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);

        (await lab.Execute("h1", "hostagent leave 239.1.1.1 --socket s2", Cancellation)).Should()
            .Be(new CommandResult(1, "", "hostagent: 239.1.1.1 is not joined by socket s2\n"));
        (await lab.HostState("h1", Cancellation)).Should().BeEquivalentTo([new ReceptionState(G, SourceFilter.AnySource)]);
    }

    [Theory]
    [InlineData("hostagent join 239.1.1.1 --socket")]
    [InlineData("hostagent join 239.1.1.1 --socket s/2")]
    public async Task A_socket_has_a_name(string command)
    {
        var lab = await bench.WithRouterAndHosts().Started();

        var execute = () => lab.Execute("h1", command, Cancellation);

        await execute.Should().ThrowAsync<ArgumentException>().WithMessage("*'--socket' without the name of a socket*");
    }

    // --keep-limits, which is about a kernel, is without effect.
    [Fact]
    public async Task A_report_is_sent_as_often_as_the_Robustness_Variable_says()
    {
        bench.WithRouterAndHosts()
            .With("h1.startup", Host.Replace("$HOSTAGENT_OPTIONS", "--keep-limits --robustness-variable 5", StringComparison.Ordinal));
        var lab = await bench.Started();

        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(5), Cancellation);

        lab.Frames.Where(each => each.Node == "h1")
            .Count(each => SeenFrame.Decode(each, Dialect.Igmp).Report is { Records: [{ Type: RecordType.ToExclude }] })
            .Should().Be(5);
    }

    [Fact]
    public async Task A_scenario_has_the_sockets_of_a_host_and_its_commands_are_those_of_the_default_one()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        var run = new LabRun(lab, new LabOptions(), null, Cancellation);
        var host = run.Host("h1");

        await host.Exclude(G, Sources[0], Sources[1]);
        await host.Socket("s2").Exclude(G, Sources[1], Sources[2]);
        (await host.Socket("s2").Block(G, Sources[0])).Name.Should().Be($"h1's socket s2 blocks {Sources[0]}");
        (await host.Socket("1").Allow(G, Sources[1])).Name.Should().Be($"h1 allows {Sources[1]}");

        host.Socket("s2").Should().BeSameAs(host.Socket("s2"));
        (await lab.HostState("h1", Cancellation)).Should()
            .BeEquivalentTo([new ReceptionState(G, SourceFilter.Of(FilterMode.Exclude, [Sources[0]]))]);
        await host.Leave(G);
        (await lab.HostState("h1", Cancellation)).Should()
            .BeEquivalentTo([new ReceptionState(G, SourceFilter.Of(FilterMode.Exclude, [Sources[0], Sources[1], Sources[2]]))]);
    }

    /// <summary>The different state-change reports of h1 since the last call, when all of them were sent.</summary>
    private static async Task<IReadOnlyList<string>> Reports(SimulatedLab lab)
    {
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(3), Cancellation);
        return
        [
            .. lab.TakeFrames().Where(each => each.Node == "h1")
                .Select(each => SeenFrame.Decode(each, Dialect.Igmp).Report!)
                .Where(report => report.Records.All(each => each.Type > RecordType.IsExclude))
                .Select(report => string.Join(", ", report.Records.Select(Text)))
                .Distinct(),
        ];
    }

    private static string Text(RecordContent record) =>
        string.Join(' ', record.Sources.Order().Select(each => $"{Array.IndexOf(Sources, each) + 1}").Prepend(record.Type.ShortName()));
}
