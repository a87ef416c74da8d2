using FluentAssertions;
using MulticastLab.Daemon.Settings;
using MulticastLab.Lab.Engines;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>What a startup file asks is done, or refused with its place: never silently left out.</summary>
public sealed class StartupTests : IDisposable
{
    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("sysctl -w net.ipv4.ip_forward=1", 1, "the command 'sysctl -w net.ipv4.ip_forward=1'")]
    [InlineData("# a comment\n\n  ping 10.0.0.1", 3, "the command 'ping 10.0.0.1'")]
    [InlineData("ip address replace 10.0.0.1/33 dev eth0", 20, "the address '10.0.0.1/33'*")]
    [InlineData("ip link set eth7 up", 13, "an interface 'eth7' of r1: it has eth0, eth1")]
    [InlineData("ip link set eth0 master br0", 25, "a bridge 'br0' of r1: none was added")]
    [InlineData("ip link add name br0 type bridge vlan_filtering 1", 34, "bridges with other settings*")]
    [InlineData("router run --interface eth0 --fast", 29, "the router's option '--fast'")]
    [InlineData(
        "router run --interface eth0 --query-interval soon", 46,
        "'soon' as a value of --query-interval: it must be seconds above 0, at most 31744, not 'soon'")]
    [InlineData("router run --interface eth0 --query-interval", 29, "'--query-interval' without a value")]
    [InlineData(
        "router run --interface eth0 --query-interval NaN", 46,
        "'NaN' as a value of --query-interval: it must be seconds above 0, at most 31744, not 'NaN'")]
    [InlineData("router run --interface eth0 --max-groups", 29, "'--max-groups' without a value")]
    [InlineData(
        "router run --interface eth0 --max-groups 0", 42,
        "'0' as a value of --max-groups: it must be a whole number from 1, or unlimited, not '0'")]
    [InlineData("router run --interface eth0 --max-groups eth1=5", 42, "what 'eth1=5' is for: this router does not serve eth1")]
    [InlineData(
        "router run --interface eth0 --join-routers-group no", 50,
        "'no' as a value of --join-routers-group: it must be true or false, not 'no'")]
    [InlineData("router run $ROUTER_OPTION", 12, "the variable 'ROUTER_OPTION'; did you mean ROUTER_OPTIONS?")]
    [InlineData("ip link set eth0 up; ip link set eth1 up", 20, "';' in a startup file")]
    [InlineData("ip link set $(name) up", 13, "the variable '(name)'*")]
    [InlineData("ip link set 'eth0 up", 13, "a quote that does not end in its line")]
    [InlineData("ip link set \"eth0`x`\" up", 18, "'`' in double quotes")]
    [InlineData("ip link set \"$ETH\" up", 14, "the variable 'ETH'*")]
    [InlineData("ip link set eth'0'* up", 19, "'*' in a startup file")]
    [InlineData("ip link set eth0 up '&'", 1, "the command 'ip link set eth0 up &'")]
    [InlineData("ip route add 10.9.0.0/16 via eth0", 30, "the gateway 'eth0'")]
    [InlineData("ip route add 10.9.0.0/16 dev eth0 metric 5", 35, "'metric' of a route, only 'via' and 'dev'")]
    [InlineData("ip route add 10.9.0.0/33 dev eth0", 14, "the destination '10.9.0.0/33'")]
    [InlineData("|| ip link set eth0 up", 1, "'||' without a command on both sides")]
    public async Task An_unknown_command_is_refused_with_its_place(string script, int column, string what)
    {
        var lab = bench.WithRouterAndHosts().With("r1.startup", script).Lab();
        var line = script.Split('\n').Length;

        var start = () => lab.Start("r1", Cancellation);

        (await start.Should().ThrowAsync<InvalidFileException>())
            .WithMessage($"{bench.PathOf("r1.startup")}:{line}:{(line > 1 ? 3 : column)}: the simulated engine does not know {what}");
    }

    public static TheoryData<string> RouterOptions => [.. RouterInterfaceSettings.Table.Options.Select(each => each.Name)];

    // A value that no setting takes: the table says what it must be, here as on the command line of the program.
    [Theory]
    [MemberData(nameof(RouterOptions))]
    public async Task Every_setting_of_the_router_is_read_by_the_table(string name)
    {
        var option = RouterInterfaceSettings.Table.FindOption(name)!;
        var lab = bench
            .WithRouterAndHosts()
            .With("r1.startup", $"router run --interface eth0 {name}{(option.IsFlag ? "" : " bogus")}")
            .Lab();

        var start = () => lab.Start("r1", Cancellation);

        if (option.IsFlag)
            await start.Should().NotThrowAsync();
        else
            (await start.Should().ThrowAsync<InvalidFileException>()).WithMessage(
                $"*'bogus' as a value of {name}: it {option.Refusal("bogus")}");
    }

    [Fact]
    public async Task Quotes_keep_a_word_together_and_are_no_part_of_it()
    {
        var lab = bench
            .WithRouterAndHosts()
            .With("r1.startup", "ip 'address' add \"10.0.0.1/24\" dev et'h'1\n'ip' link set eth0 down || ip link set eth1 down")
            .Lab();

        await lab.Start("r1", Cancellation);

        lab.Addresses("r1", "eth1").Should().Equal(Prefix.Parse("10.0.0.1/24"));
        (lab.Node("r1").Port("eth0")!.Up, lab.Node("r1").Port("eth1")!.Up).Should().Be((false, true));
    }

    [Fact]
    public async Task A_route_fails_as_it_does_in_the_shell()
    {
        var lab = bench.WithRouterAndHosts().With("r1.startup", "ip address add 10.0.0.1/24 dev eth1").Lab();
        await lab.Start("r1", Cancellation);

        (await lab.Execute("r1", "ip route add 10.9.0.0/16 via 172.16.0.1", Cancellation))
            .Error.Should()
            .Be("ip: 172.16.0.1 is on no network of r1\n");
        (await lab.Execute("r1", "ip route add 10.9.0.0/16 via 10.0.0.7", Cancellation)).ExitCode.Should().Be(0);
        (await lab.Execute("r1", "ip route add 10.9.5.1/16 dev eth0", Cancellation))
            .Error.Should()
            .Be("ip: there is a route to 10.9.5.1/16 already\n");
        (await lab.Execute("r1", "ip route replace 10.9.0.0/16 dev eth0", Cancellation)).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task A_startup_file_that_was_written_on_another_system_does_the_same(string end)
    {
        bench.WithRouterAndHosts();
        foreach (var file in (string[])["lab.conf", "r1.startup", "h1.startup", "h2.startup", "source.startup"])
            File.WriteAllText(bench.PathOf(file), "\uFEFF" + File.ReadAllText(bench.PathOf(file)).ReplaceLineEndings(end));

        var lab = await bench.Started();

        (await lab.RouterState("r1", Cancellation))
            .Interfaces.Select(each => each.Address?.ToString())
            .Should()
            .Equal("10.1.0.1", "10.0.0.1");
        File.AppendAllText(bench.PathOf("h1.startup"), "no-such-command");
        await bench
            .Lab()
            .Invoking(each => each.Start("h1", Cancellation))
            .Should()
            .ThrowAsync<InvalidFileException>()
            .WithMessage("*h1.startup:4:1:*no-such-command*");
    }

    [Fact]
    public async Task All_of_the_router_s_timers_reach_it()
    {
        var lab = bench
            .WithRouterAndHosts()
            .With(
                "r1.startup",
                """
                ip address replace 10.0.0.1/24 dev eth1
                router run --interface eth1 --robustness-variable 3 --query-interval 20 --query-max-response-time 4.5
                """
                + " --startup-query-interval 2.5 --startup-query-count 4 --last-member-query-interval 0.7 --last-member-query-count 5"
                + " --unsolicited-report-interval 0.3")
            .Lab();
        await lab.Start("r1", Cancellation);

        var state = (await lab.RouterState("r1", Cancellation)).Interfaces.Should().ContainSingle().Subject;

        state.Timing.Should().Be(new Timing
        {
            RobustnessVariable = 3,
            QueryInterval = TimeSpan.FromSeconds(20),
            QueryResponseInterval = TimeSpan.FromSeconds(4.5),
            StartupQueryInterval = TimeSpan.FromSeconds(2.5),
            StartupQueryCount = 4,
            LastMemberQueryInterval = TimeSpan.FromSeconds(0.7),
            LastMemberQueryCount = 5,
            UnsolicitedReportInterval = TimeSpan.FromSeconds(0.3),
        });
        state.StartupQueriesLeft.Should().Be(3);
    }

    [Fact]
    public async Task Policies_reach_the_router_each_for_its_interface()
    {
        var lab = await bench
            .WithRouterAndHosts()
            .With(
                "r1.startup",
                """
                ip address replace 10.1.0.1/24 dev eth0
                ip address replace 10.0.0.1/24 dev eth1
                router run --interface eth0 --interface eth1 --static-group eth1=239.1.1.9 --max-groups 9 --max-groups eth1=1
                """
                + " --explicit-tracking --group-policy deny:239.1.1.1/32 --group-policy permit:239.0.0.0/8")
            .Started();
        foreach (var group in (string[])["239.1.1.1", "239.1.1.2", "239.1.1.3"])
        {
            await lab.Listen("h1", Address.Parse(group), SourceFilter.AnySource, Cancellation);
            await lab.Listen("source", Address.Parse(group), SourceFilter.AnySource, Cancellation);
            await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        }

        var state = await lab.RouterState("r1", Cancellation);

        Groups("eth0").Should().Equal("239.1.1.2", "239.1.1.3");
        Groups("eth1").Should().Equal("239.1.1.2", "239.1.1.9");
        state.Interfaces[1].Groups[0].Hosts.Should().ContainSingle().Which.Host.Should().Be(Address.Parse("10.0.0.11"));

        IEnumerable<string> Groups(string name) =>
            state.Interfaces.Single(each => each.Name == name).Groups.Select(each => each.Group.ToString()).Order();
    }
}
