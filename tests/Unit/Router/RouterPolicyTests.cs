using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The policies of <c>router run</c> between real interfaces.</summary>
public sealed class RouterPolicyTests : IDisposable
{
    private static readonly Address Neighbour = Address.Parse("10.0.0.2");
    private static readonly Address Stranger = Address.Parse("10.9.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public RouterPolicyTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact(DisplayName = "V3-R-9.2-02 sec-r-offlink, V3-R-9.2-03 sec-r-zero: on the wire")]
    public async Task Senders_on_the_link_are_those_of_its_addresses_as_they_come_and_go()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --verify-source-subnet");

        ear.Report(Stranger, RecordType.ToExclude, G);
        ear.Report(Address.AnyV4, RecordType.ToExclude, G2);
        ear.Report(Neighbour, RecordType.ToExclude, G3);
        var state = await router.Until(it => it.Group("239.1.1.3") is not null, "the neighbour's group is there");
        state.First().Groups.Select(each => each.Group).Should().Equal(G2, G3);
        state.Statistics.Error["off-link-source"].Should().Be(1);

        here.Ip("address add 10.9.0.1/24 dev eth0");
        await router.Until(
            it =>
            {
                ear.Report(Stranger, RecordType.ToExclude, G);
                return it.Group("239.1.1.1") is not null;
            },
            "the stranger is a neighbour now");

        here.Ip("address del 10.9.0.1/24 dev eth0");
        var refused = (await router.State()).Statistics.Error["off-link-source"];
        await router.Until(
            it =>
            {
                ear.Report(Stranger, RecordType.IsExclude, G);
                return it.Statistics.Error["off-link-source"] > refused;
            },
            "the stranger is one again");
    }

    [Fact]
    public async Task What_the_router_joins_itself_is_reported_on_the_LAN_and_is_in_its_own_table()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(
            here,
            "--interface eth0 --join-group 239.1.1.1 --join-group 10.0.0.9,232.1.1.1 --query-interval 1 --query-max-response-time 0.3 "
                + "--last-member-query-interval 0.1");

        var first = ear.Next(each => each.Type == IgmpType.V3MembershipReport, "a report of the router");
        first.Source.Should().Be(Address.Parse("10.0.0.1"));
        first.Records.Should().Equal("ToExclude 239.1.1.1");
        // The first one is repeated after a random time, which may be before the second one is joined.
        ear.Next(each => each.Records.Contains("Allow 232.1.1.1 10.0.0.9"), "the second group");
        // It answers its own General Queries as any host does.
        ear.Next(
            each => each.Records.SequenceEqual(["IsExclude 224.0.0.22", "IsInclude 232.1.1.1 10.0.0.9", "IsExclude 239.1.1.1"]),
            "the answer");

        var state = await router.Until(it => it.First().Groups.Count == 2, "both are known");
        state.Group("239.1.1.1")!.Mode.Should().Be(FilterMode.Exclude);
        state.Group("239.1.1.1")!.LastReporter.Should().Be(Address.Parse("10.0.0.1"));
        state.Statistics.Sent["report"].Should().BePositive();
        here.Run(() => File.ReadAllText("/proc/thread-self/net/igmp")).Should().NotContain("010101EF", "the kernel has joined nothing");

        (await router.Terminate()).Should().Be(0);
        ear.Pending()
            .SelectMany(each => each.Records)
            .Should()
            .Contain(["ToInclude 239.1.1.1", "Block 232.1.1.1 10.0.0.9", "ToInclude 224.0.0.22"]);
    }

    [Fact]
    public async Task What_the_router_joins_itself_is_reported_to_another_querier_and_anew_when_the_link_is_back()
    {
        using var other = await RouterProcess.StartReady(there, "--interface eth0");
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --join-group 239.1.1.1");
        var known = await other.Until(it => it.Group("239.1.1.1") is not null, "the neighbour knows it");
        known.Group("239.1.1.1")!.LastReporter.Should().Be(Address.Parse("10.0.0.1"));

        here.Ip("link set eth0 down");
        await other.Until(it => !it.First().Up, "the link is down at both ends");
        here.Ip("link set eth0 up");

        await other.Until(it => it.First().Up && it.Group("239.1.1.1") is not null, "it is told again");
    }

    [Fact]
    public async Task With_immediate_leave_a_group_is_gone_at_once_and_nobody_is_asked()
    {
        using var ear = new IgmpEar(there);
        // An hour of waiting for members, were they asked.
        using var router = await RouterProcess.StartReady(
            here, "--interface eth0 --immediate-leave always --last-member-query-interval 3000");
        ear.Report(Neighbour, RecordType.ToExclude, G);
        await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");
        ear.Report(Neighbour, RecordType.ToInclude, G);

        await router.Until(it => it.Group("239.1.1.1") is null, "the group is gone");
        (await router.State()).Statistics.Sent["group-specific-query"].Should().Be(0);
    }

    [Fact]
    public async Task Tracked_hosts_are_in_the_dump_and_in_the_table()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --explicit-tracking");
        ear.Report(Neighbour, RecordType.ToExclude, G, Address.Parse("192.0.2.1"));

        var state = await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");
        state.Group("239.1.1.1")!.Hosts.Should().ContainSingle().Which.Host.Should().Be(Neighbour);
        state.Group("239.1.1.1")!.Sources.Single().Hosts.Should().ContainSingle().Which.Mode.Should().Be(FilterMode.Exclude);
        using var show = here.Start(RouterProcess.Executable, "show", "groups", "--control", router.ControlPath);
        (await show.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Should()
            .MatchRegex(@"eth0 +239\.1\.1\.1 +\* +10\.0\.0\.2 +EXCL")
            .And.MatchRegex(@"eth0 +239\.1\.1\.1 +192\.0\.2\.1 +10\.0\.0\.2 +EXCL");
    }

    [Fact]
    public async Task A_join_of_all_sources_by_the_kernel_is_mapped_to_one_in_the_source_specific_range()
    {
        there.WriteSysctl("net/ipv4/conf/eth0/force_igmp_version", "2");
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --ssm-map 192.0.2.1,232.1.0.0/16");
        using var member = there.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership,
                new MulticastOption(IPAddress.Parse("232.1.1.1"), IPAddress.Parse("10.0.0.2")));
            return socket;
        });

        var state = await router.Until(it => it.Group("232.1.1.1") is not null, "the group is there");
        state.Group("232.1.1.1")!.Mode.Should().Be(FilterMode.Include);
        state.Group("232.1.1.1")!.Sources.Should().ContainSingle().Which.Source.Should().Be(Address.Parse("192.0.2.1"));
    }

    [Fact(DisplayName = "V3-R-9.2-06 sec-state-limit: on the wire")]
    public async Task A_limit_that_is_reached_is_counted_and_logged_in_one_line()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --max-groups 2");
        await using var events = await router.Events();

        for (var i = 1U; i <= 50; i++)
            ear.Report(Neighbour, RecordType.ToExclude, Address.FromV4(G.V4Bits + i));

        var state = await router.Until(it => it.Statistics.Error["group-limit"] == 48, "48 are refused");
        state.First().Groups.Should().HaveCount(2);
        while (await events.MoveNextAsync() && events.Current.GetProperty("kind").GetString() != "group-limit-reached")
        {
        }

        events.Current.GetProperty("group").GetString().Should().Be("239.1.1.4");
        // The log is written beside; at the end it is whole.
        (await router.Terminate()).Should().Be(0);
        router.Log.Split('\n').Where(line => line.Contains("max-groups", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("warning eth0").And.Contain("239.1.1.4");
    }
}
