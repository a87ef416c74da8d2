using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>Routers and hosts of all versions on simulated LANs, with the RFC's own timers.</summary>
public sealed class SimulatedOlderVersionTests : IDisposable
{
    private readonly SimulatedBench bench = new SimulatedBench().WithRouterAndHosts();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Theory(DisplayName = "V3-X-7.3.2-01 x-r-gcm, V3-X-7.3.1-01 x-r-lowest: whichever side is the older, the group is of its version")]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    public async Task Members_come_stay_and_go(int routerVersion, int hostVersion)
    {
        var version = Math.Min(routerVersion, hostVersion);
        Set("r1", routerVersion);
        Set("h1", hostVersion);
        var lab = await bench.Started();
        // Hosts learn from the first query what the LAN speaks.
        await Pass(lab, 1);

        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await Pass(lab, 1);
        (await Group(lab))!.CompatibilityMode.Should().Be(version);
        await Pass(lab, 1000);
        (await Group(lab))!.CompatibilityMode.Should().Be(version);
        (await Group(lab))!.UpTime.Should().BeGreaterThan(TimeSpan.FromSeconds(1000), "it was there all the time");
        var left = lab.Now;
        var before = lab.Frames.Count;
        await lab.Listen("h1", G, SourceFilter.None, Cancellation);

        (await lab.Until(async _ => await Group(lab) is null, TimeSpan.FromSeconds(400), Cancellation)).Should().BeTrue();
        // Last Member Query Time, or what is left of the Group Membership Interval where nobody tells a leave.
        (lab.Now - left).TotalSeconds.Should().BeInRange(version == 1 ? 100 : 1.9, version == 1 ? 270 : 2.2);
        lab.Frames.Skip(before).Where(frame => frame is { Lan: "A", Node: "r1" }).Select(Query)
            .Count(query => query == (G, routerVersion)).Should().Be(version == 1 ? 0 : 2);
    }

    [Fact(DisplayName = "V3-X-7.3.2-16 x-mixed-lan")]
    public async Task With_a_version_2_member_on_the_LAN_nothing_is_filtered_and_after_it_filtering_returns()
    {
        Set("h2", 2);
        var lab = await bench.Started();
        await lab.Listen("h1", G, SourceFilter.Of(FilterMode.Exclude, [S]), Cancellation);
        await Pass(lab, 1);
        (await Forwards(lab)).Should().BeFalse();

        await lab.Listen("h2", G, SourceFilter.AnySource, Cancellation);
        for (var i = 0; i < 200; i++)
        {
            await Pass(lab, 5);
            (await Forwards(lab)).Should().BeTrue("{0}", lab.Now);
        }

        await lab.Listen("h2", G, SourceFilter.None, Cancellation);
        // At the latest: the mode's end, the next answer of the other host, and its membership's interval (§7.3.2).
        await Pass(lab, 260 + 135 + 270);
        (await Group(lab))!.CompatibilityMode.Should().Be(3);
        (await Forwards(lab)).Should().BeFalse();
    }

    [Fact(DisplayName = "V3-X-6.6.2-01 x-r-election-v2")]
    public async Task Queries_of_another_version_are_counted_in_the_simulated_world_too()
    {
        bench.With("lab.conf", """
            r1[0]="U"
            r1[1]="A"
            r1[image]="multicast-lab/router"
            r2[0]="A"
            r2[image]="multicast-lab/router"
            """)
            .With("r2.startup", "ip address replace 10.0.0.2/24 dev eth0\nrouter run --interface eth0 --igmp-version 2 &");
        var lab = await bench.Started();
        await Pass(lab, 200);

        var (first, second) = (await lab.RouterState("r1", Cancellation), await lab.RouterState("r2", Cancellation));
        second.Interfaces[0].Querier.Should().Be(Address.Parse("10.0.0.1"));
        second.Statistics.Received.Should().Contain("query-of-other-version", 3, "0 s, 31 s, 156 s");
        first.Statistics.Received["query"].Should().Be(first.Statistics.Received["query-of-other-version"]);
    }

    private void Set(string node, int version) =>
        bench.With(
            $"{node}.startup",
            File.ReadAllText(bench.PathOf($"{node}.startup")).Replace("run ", $"run --igmp-version {version} ", StringComparison.Ordinal));

    private static Task Pass(SimulatedLab lab, double seconds) => lab.PassUntil(lab.Now + TimeSpan.FromSeconds(seconds), Cancellation);

    private static async Task<GroupState?> Group(SimulatedLab lab) =>
        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.SingleOrDefault(each => each.Group == G);

    private static async Task<bool> Forwards(SimulatedLab lab) =>
        (await Group(lab))!.Sources.SingleOrDefault(each => each.Source == S)?.Forward ?? true;

    private static (Address Group, int Version) Query(LabFrame frame)
    {
        IgmpPacket.TryRead(frame.Bytes.Span[14..], out var packet).Should().Be(PacketError.None);
        return packet.Type == IgmpType.MembershipQuery ? (packet.Query.Group, packet.Message.Version) : default;
    }
}
