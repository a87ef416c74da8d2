using FluentAssertions;
using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.HostAgent;

/// <summary>
/// The agent as a process on one end of a link; what a router on the other end gets of each stack. Expected records: RFC 9776 §5.1, §5.2.
/// </summary>
public sealed class AgentOnTheWireTests : IDisposable
{
    private readonly PrivateNetwork host = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork router = PrivateNetwork.CreateOrSkip();
    private readonly IgmpWatch watch;

    public AgentOnTheWireTests()
    {
        host.WireTo(router, "10.0.0.11/24", "10.0.0.1/24");
        watch = new IgmpWatch(router);
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    [Shows("V3-H-4.2.15-01")]
    public void Every_change_is_reported_as_the_difference_and_the_end_as_leaves(string stack)
    {
        using var agent = new AgentProcess(host, "--stack", stack);

        // The kernel has no call for a first join of several sources. Between two calls it may report, when the processor is busy with
        // others.
        Change("join 239.1.1.1 --include 10.0.0.9", "239.1.1.1 INCLUDE {10.0.0.9}", "ALLOW 239.1.1.1 {10.0.0.9}");
        Change("join 239.1.1.1 --include 10.0.0.9 10.0.0.8", "239.1.1.1 INCLUDE {10.0.0.8, 10.0.0.9}", "ALLOW 239.1.1.1 {10.0.0.8}");
        Change(
            "join 239.1.1.1 --include 10.0.0.7", "239.1.1.1 INCLUDE {10.0.0.7}", "ALLOW 239.1.1.1 {10.0.0.7}",
            "BLOCK 239.1.1.1 {10.0.0.8, 10.0.0.9}");
        Change(
            "allow 239.1.1.1 10.0.0.6 10.0.0.5", "239.1.1.1 INCLUDE {10.0.0.5, 10.0.0.6, 10.0.0.7}",
            "ALLOW 239.1.1.1 {10.0.0.5, 10.0.0.6}");
        Change("block 239.1.1.1 10.0.0.7", "239.1.1.1 INCLUDE {10.0.0.5, 10.0.0.6}", "BLOCK 239.1.1.1 {10.0.0.7}");
        Change("join 239.1.1.1 --exclude 10.0.0.9", "239.1.1.1 EXCLUDE {10.0.0.9}", "TO_EX 239.1.1.1 {10.0.0.9}");
        Change("allow 239.1.1.1 10.0.0.9", "239.1.1.1 EXCLUDE {}", "ALLOW 239.1.1.1 {10.0.0.9}");
        Change("block 239.1.1.1 10.0.0.8", "239.1.1.1 EXCLUDE {10.0.0.8}", "BLOCK 239.1.1.1 {10.0.0.8}");
        Change("leave 239.1.1.1", "239.1.1.1 INCLUDE {}", "TO_IN 239.1.1.1 {}");
        Change("join 239.1.1.2", "239.1.1.2 EXCLUDE {}", "TO_EX 239.1.1.2 {}");
        agent
            .Command("show --json")
            .Should()
            .Be(
                $$"""{"stack":"{{stack}}","interface":"eth0","compatibility-mode":3,"groups":["""
                + """{"group":"239.1.1.2","filter-mode":"exclude","sources":[]}],"differences":[]}"""
                    + "\n");
        Joined("239.1.1.2").Should().Be(stack == "kernel", "only one of the two stacks may be a member");

        agent.End().Should().Be((0, ""));

        SeenTwice("TO_IN 239.1.1.2 {}").Should().Equal("TO_IN 239.1.1.2 {}");
        watch.Faults.Should().BeEmpty();
        Joined("239.1.1.2").Should().BeFalse();
        File.Exists(agent.Control).Should().BeFalse();

        void Change(string command, string answer, params string[] records)
        {
            agent.Command(command).Should().Be(answer + "\n");
            SeenTwice(records[^1]).Should().BeEquivalentTo(records);
        }
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    [Shows("V3-H-4.2.15-01")]
    public void Queries_are_answered_with_the_current_state(string stack)
    {
        using var agent = new AgentProcess(host, "--stack", stack);
        agent.Command("join 239.1.1.1 --include 10.0.0.9 10.0.0.8");
        agent.Command("join 239.1.1.2");
        SeenTwice("TO_EX 239.1.1.2 {}");

        Query(Address.AnyV4, "224.0.0.1");
        watch.Until("IS_EX 239.1.1.2 {}");
        watch.Seen.Should().Contain("IS_IN 239.1.1.1 {10.0.0.8, 10.0.0.9}");
        Query(Address.Parse("239.1.1.1"), "239.1.1.1", "10.0.0.9", "10.0.0.7");
        watch.Until("IS_IN 239.1.1.1 {10.0.0.9}");
        watch.Faults.Should().BeEmpty();
    }

    // RFC 9776 §9.1: hosts SHOULD ignore queries without the option. Linux does not.
    [Theory]
    [InlineData(true, "kernel")]
    [InlineData(false, "user")]
    [InlineData(true, "user", "--accept-queries-without-router-alert")]
    public void Queries_without_Router_Alert_are_answered_where_policy_says_so(bool answered, string stack, params string[] policy)
    {
        using var agent = new AgentProcess(host, ["--stack", stack, .. policy]);
        agent.Command("join 239.1.1.1");
        agent.Command("join 239.1.1.2");
        SeenTwice("TO_EX 239.1.1.2 {}");
        watch.Forget();

        Query(Address.Parse("239.1.1.1"), "239.1.1.1", routerAlert: false);
        if (answered)
            watch.Until("IS_EX 239.1.1.1 {}");
        // The sign of life: whoever would have answered the first query has done so by the time it answers the second, which grants as
        // much.
        Query(Address.Parse("239.1.1.2"), "239.1.1.2");
        watch.Until("IS_EX 239.1.1.2 {}");
        Query(Address.Parse("239.1.1.2"), "239.1.1.2");
        watch.Until("IS_EX 239.1.1.2 {}");
        watch.Seen.Contains("IS_EX 239.1.1.1 {}").Should().Be(answered);
    }

    [Fact]
    public void A_link_that_comes_back_is_told_everything_from_its_new_address()
    {
        using var agent = new AgentProcess(host, "--stack", "user");
        agent.Command("join 239.1.1.1");
        SeenTwice("TO_EX 239.1.1.1 {}").Should().Equal("TO_EX 239.1.1.1 {}");

        host.Ip("link set eth0 down");
        host.Ip("address delete 10.0.0.11/24 dev eth0");
        host.Ip("address add 10.0.0.12/24 dev eth0");
        host.Ip("link set eth0 up");

        SeenTwice("TO_EX 239.1.1.1 {}").Should().Equal("TO_EX 239.1.1.1 {}");
        Address.Read(watch.Packets[^1].AsSpan(12, 4)).Should().Be(Address.Parse("10.0.0.12"));
        agent.End().Should().Be((0, "hostagent: eth0 is down\n"));
    }

    // The example of RFC 9776 §3.2.
    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    public void The_filters_of_several_sockets_are_merged(string stack)
    {
        using var agent = new AgentProcess(host, "--stack", stack, "--unsolicited-report-interval", "0.2");

        Change(
            "join 239.1.1.1 --socket s1 --exclude 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4",
            "TO_EX 239.1.1.1 {10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4}");
        Change("join 239.1.1.1 --exclude 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5", "ALLOW 239.1.1.1 {10.0.0.1}");
        Change("listen --socket s3 239.1.1.1 include 10.0.0.4 10.0.0.5 10.0.0.6", "ALLOW 239.1.1.1 {10.0.0.4}");
        agent.Command("block 239.1.1.1 10.0.0.9 --socket s1").Should()
            .Be("239.1.1.1 EXCLUDE {10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.9}\n");
        agent.Command("show").Should().EndWith(
            "  239.1.1.1 EXCLUDE {10.0.0.2, 10.0.0.3}\n"
            + "    socket 1 EXCLUDE {10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5}\n"
            + "    socket s1 EXCLUDE {10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.9}\n"
            + "    socket s3 INCLUDE {10.0.0.4, 10.0.0.5, 10.0.0.6}\n");
        agent.Command("show --json").Should()
            .Contain("""[{"group":"239.1.1.1","filter-mode":"exclude","sources":["10.0.0.2","10.0.0.3"]}],"sockets":[{"socket":"1",""")
            .And.Contain("""{"socket":"s3","group":"239.1.1.1","filter-mode":"include","sources":["10.0.0.4","10.0.0.5","10.0.0.6"]}]""")
            .And.EndWith("\"differences\":[]}\n");
        CommandLineRun.Of("leave", "239.1.1.1", "--socket", "s4", "--control", agent.Control).Should()
            .Be((1, "", "hostagent: 239.1.1.1 is not joined by socket s4\n"));
        agent.Command("listen 239.1.1.1 include --socket s4").Should().Be("239.1.1.1 INCLUDE {}\n");
        Change("leave 239.1.1.1 --socket s3", "BLOCK 239.1.1.1 {10.0.0.4}");
        Change("leave 239.1.1.1 --socket s1", "BLOCK 239.1.1.1 {10.0.0.5}");
        Change("leave 239.1.1.1", "TO_IN 239.1.1.1 {}");
        agent.Command("show --json").Should().Contain("\"groups\":[],\"differences\":[]");

        void Change(string command, string record)
        {
            agent.Command(command);
            SeenTwice(record).Should().Equal(record);
        }
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    public void A_refused_command_changes_nothing(string stack)
    {
        using var agent = new AgentProcess(host, "--stack", stack);

        CommandLineRun.Of("leave", "239.1.1.1", "--control", agent.Control).Should().Be((1, "", "hostagent: 239.1.1.1 is not joined\n"));
        CommandLineRun.Of("block", "239.1.1.1", "10.0.0.9", "--control", agent.Control).Exit.Should().Be(1);
        agent.Command("show --json").Should().Contain("\"groups\":[]");
    }

    // RFC 4604 §2.1: Linux does not know it.
    [Theory]
    [InlineData("kernel", 0, "TO_EX 232.1.1.1 {}")]
    [InlineData("user", 1, null)]
    public void Whether_all_sources_of_a_source_specific_group_can_be_listened_to_is_up_to_the_stack(string stack, int exit, string? report)
    {
        using var agent = new AgentProcess(host, "--stack", stack);

        var (code, _, error) = CommandLineRun.Of("listen", "232.1.1.1", "exclude", "--control", agent.Control);
        code.Should().Be(exit);
        if (report is not null)
            watch.Until(report);
        else
            error.Should().StartWith("hostagent: 232.1.1.1 is source-specific");
        CommandLineRun.Of("join", "232.1.1.1", "--control", agent.Control).Exit.Should().Be(2);
    }

    [Theory]
    [InlineData("kernel", 1, "V1MembershipReport 239.1.1.1", null)]
    [InlineData("kernel", 2, "V2MembershipReport 239.1.1.1", "V2LeaveGroup 239.1.1.1")]
    [InlineData("user", 1, "V1MembershipReport 239.1.1.1", null)]
    [InlineData("user", 2, "V2MembershipReport 239.1.1.1", "V2LeaveGroup 239.1.1.1")]
    public void An_older_version_is_spoken_while_the_agent_runs(string stack, int version, string report, string? leave)
    {
        using var agent = new AgentProcess(host, "--stack", stack, "--igmp-version", $"{version}");
        host.ReadSysctl("net/ipv4/conf/eth0/force_igmp_version").Should().Be(stack == "kernel" ? $"{version}" : "0");

        agent.Command("join 239.1.1.1");
        watch.Until(report);
        agent.Command("show --json").Should().Contain($"\"compatibility-mode\":{version},\"groups\"");
        agent.Command("show").Should().Contain($"{stack} stack, IGMP version {version}\n");
        agent.End().ExitCode.Should().Be(0);

        if (leave is not null)
            watch.Until(leave);
        watch.Read();
        watch.Seen.Should().OnlyContain(each => each == report || each == leave);
        host.ReadSysctl("net/ipv4/conf/eth0/force_igmp_version").Should().Be("0");
    }

    // Five repetitions: with the interval's default, a second, they would hardly all come so soon.
    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    public void Reports_are_repeated_within_the_Unsolicited_Report_Interval(string stack)
    {
        const string Setting = "net/ipv4/conf/eth0/igmpv3_unsolicited_report_interval";
        using var agent = new AgentProcess(host, "--stack", stack, "--unsolicited-report-interval", "0.1");
        host.ReadSysctl(Setting).Should().Be(stack == "kernel" ? "100" : "1000");

        for (var i = 1; i <= 5; i++)
        {
            agent.Command($"join 239.1.1.{i}");
            watch.Until($"TO_EX 239.1.1.{i} {{}}");
            watch.Until($"TO_EX 239.1.1.{i} {{}}");
            (watch.Arrivals[^1] - watch.Arrivals[^2])
                .Should()
                .BeLessThan(TimeSpan.FromSeconds(0.1 + 0.2), "a timer may be late by the second term");
        }

        agent.End().ExitCode.Should().Be(0);
        host.ReadSysctl(Setting).Should().Be("1000");
    }

    [Fact]
    public void The_kernels_limits_are_lifted_as_far_as_a_join_needs()
    {
        host.ReadSysctl("net/ipv4/igmp_max_msf").Should().Be("10");
        using var agent = new AgentProcess(host);
        var sources = string.Join(' ', Enumerable.Range(1, 2000).Select(each => $"10.0.{each / 250}.{(each % 250) + 1}"));

        agent.Notices.Should().BeEmpty();
        agent.Command($"join 239.1.1.1 --include {sources}");

        host.Run(() => KernelMemberships.Read("eth0")).Sources.Should().HaveCount(2000);
        agent.Command("show --json").Should().Contain("\"differences\":[]");
    }

    [Theory]
    [InlineData("--include")]
    [InlineData("--exclude")]
    public void The_kernels_limits_stay_where_they_are_to_be_kept_and_a_longer_list_is_refused(string mode)
    {
        using var agent = new AgentProcess(host, "--keep-limits");
        var sources = string.Join(' ', Enumerable.Range(1, 11).Select(each => $"10.0.0.{each}"));

        var (exit, output, error) = CommandLineRun.Of([.. $"join 239.1.1.1 {mode} {sources} --control {agent.Control}".Split(' ')]);

        (exit, output).Should().Be((1, ""));
        error.Should().Match(
            "hostagent: 239.1.1.1: more sources than the kernel allows a socket (net/ipv4/igmp_max_msf is 10, net/core/optmem_max is *); "
            + "the filter is as it was\n");
        // A sign of life: what would have been reported has been by now.
        agent.Command("join 239.1.1.2");
        SeenTwice("TO_EX 239.1.1.2 {}").Should().Equal("TO_EX 239.1.1.2 {}");
        agent.Command("show --json").Should().NotContain("239.1.1.1");
    }

    [Fact]
    public void Our_stack_repeats_a_report_as_often_as_the_Robustness_Variable_says()
    {
        using var agent = new AgentProcess(host, "--stack", "user", "--robustness-variable", "4", "--unsolicited-report-interval", "0.1");
        agent.Command("join 239.1.1.1");
        for (var i = 0; i < 4; i++)
            watch.Until("TO_EX 239.1.1.1 {}").Should().Equal("TO_EX 239.1.1.1 {}");

        agent.Command("leave 239.1.1.1");

        for (var i = 0; i < 4; i++)
            watch.Until("TO_IN 239.1.1.1 {}").Should().Equal("TO_IN 239.1.1.1 {}");
    }

    public void Dispose()
    {
        watch.Dispose();
        host.Dispose();
        router.Dispose();
    }

    private bool Joined(string group) => host.Run(() => KernelMemberships.Read("eth0")).Users.ContainsKey(Address.Parse(group));

    /// <summary>
    /// The different records seen until a record was seen twice: a change is reported Robustness Variable times, 2 by default, and the last
    /// repetition must not fall into the next change's report.
    /// </summary>
    private List<string> SeenTwice(string record) => [.. watch.Until(record).Concat(watch.Until(record)).Distinct()];

    private void Query(Address group, string destination, params string[] sources) => Query(group, destination, routerAlert: true, sources);

    private void Query(Address group, string destination, bool routerAlert, params string[] sources)
    {
        var query = new QueryContent(
            Generation.Sources, TimeSpan.FromSeconds(0.1), group, false, 2, TimeSpan.FromSeconds(125), [.. sources.Select(Address.Parse)]);
        var packet = new byte[200];
        var header = Ipv4Header.ForIgmp(Address.Parse("10.0.0.1"), Address.Parse(destination)) with { RouterAlert = routerAlert };
        var length = IgmpWriter.WriteQueryMessage(packet.AsSpan(header.Length), query);
        length += Ipv4Writer.WriteHeader(packet, header, length);
        using var socket = router.Run(() =>
            PacketSocket.Open("eth0", new PacketSocketOptions { LinkHeader = false, Filter = PacketFilter.Nothing }));
        socket.Send(packet.AsSpan(0, length), PacketSocketOptions.Ipv4, MacAddress.ForGroup(Address.Parse(destination)));
    }
}
