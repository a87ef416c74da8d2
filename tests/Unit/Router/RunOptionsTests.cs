using FluentAssertions;
using MulticastLab.Membership.Router;
using MulticastLab.Router.Cli;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The command line of <c>router run</c> (DESIGN §5).</summary>
public sealed class RunOptionsTests
{
    [Fact]
    public void Without_options_the_timers_are_the_RFCs() =>
        Settings("run --interface eth0").Should().Be(new RouterSettings());

    [Fact]
    public void Every_timer_can_be_set_and_seconds_have_decimals()
    {
        var timing = Settings(
            "run --interface eth0 --query-interval 2.5 --query-max-response-time 0.8 --last-member-query-interval 0.1 --last-member-query-count 4 "
            + "--robustness-variable 3 --startup-query-interval 0.25 --startup-query-count 5").Timing;

        timing.QueryInterval.Should().Be(TimeSpan.FromMilliseconds(2500));
        timing.QueryResponseInterval.Should().Be(TimeSpan.FromMilliseconds(800));
        timing.LastMemberQueryInterval.Should().Be(TimeSpan.FromMilliseconds(100));
        timing.LastMemberQueryCount.Should().Be(4);
        timing.RobustnessVariable.Should().Be(3);
        timing.StartupQueryInterval.Should().Be(TimeSpan.FromMilliseconds(250));
        timing.StartupQueryCount.Should().Be(5);
    }

    [Fact]
    public void What_is_not_set_follows_what_is()
    {
        // RFC 9776 §8.6, §8.7, §8.9: a quarter of the Query Interval, and the Robustness Variable.
        var timing = Settings("run --interface eth0 --query-interval 60 --robustness-variable 4").Timing;

        timing.StartupQueryInterval.Should().Be(TimeSpan.FromSeconds(15));
        timing.StartupQueryCount.Should().Be(4);
        timing.LastMemberQueryCount.Should().Be(4);
    }

    [Fact]
    public void Router_Alert_can_be_required() =>
        Settings("run --interface eth0 --require-router-alert").RequireRouterAlert.Should().BeTrue();

    [Theory]
    [InlineData("run", "--interface")]
    [InlineData("run --config r.yaml --interface eth0", "--interface cannot be given beside --config")]
    [InlineData("run --config r.yaml --query-interval 5", "--query-interval cannot be given beside --config")]
    [InlineData("run --config r.yaml --forward", "--forward cannot be given beside --config")]
    [InlineData("check", "FILE")]
    [InlineData("run --interface eth0 --interface eth0", "eth0 is given twice")]
    [InlineData("run --interface a/b", "'a/b' cannot be the name of an interface")]
    [InlineData("run --interface sixteen-letters-", "cannot be the name of an interface")]
    [InlineData("run --interface eth0 --query-interval fast", "--query-interval is a number of seconds above 0, decimals allowed, not 'fast'")]
    [InlineData("run --interface eth0 --query-interval 0", "not '0'")]
    [InlineData("run --interface eth0 --query-interval=-1", "not '-1'")]
    [InlineData("run --interface eth0 --query-interval 1,5", "not '1,5'")]
    [InlineData("run --interface eth0 --query-interval 1e3", "not '1e3'")]
    [InlineData("run --interface eth0 --igmp-version 4", "'4' not recognized")]
    [InlineData("run --interface eth0 --robustness-variable x", "x")]
    [InlineData("show", "what")]
    [InlineData("show everything", "everything")]
    [InlineData("fly", "fly")]
    public void A_wrong_command_line_is_refused_with_what_is_wrong(string line, string error) =>
        RouterCommand.Build().Parse(line.Split(' ')).Errors.Select(each => each.Message).Should().Contain(message => message.Contains(error, StringComparison.Ordinal));

    [Fact]
    public void The_kernels_limit_of_forwarding_interfaces_is_told() =>
        RouterCommand.Build().Parse(["run", "--forward", .. Enumerable.Range(0, 33).SelectMany(number => (string[])["--interface", $"eth{number}"])])
            .Errors.Should().ContainSingle().Which.Message.Should().Be("the kernel forwards between at most 32 interfaces, not 33");

    [Theory]
    [InlineData("run", "--interface", "eth0", "--igmp-version", "2")]
    [InlineData("run", "--interface", "eth0", "--query-max-response-time", "200")]
    [InlineData("run", "--interface", "eth0", "--robustness-variable", "0")]
    [InlineData("run")]
    [InlineData("show", "everything")]
    public void A_usage_error_exits_with_2(params string[] arguments) => RouterCommand.Run(arguments).Should().Be(2);

    [Theory]
    [InlineData("show", "groups", "--control", "/nonexistent/router.sock")]
    [InlineData("events", "--control", "/nonexistent/router.sock")]
    public void Without_a_router_to_ask_it_exits_with_1(params string[] arguments) => RouterCommand.Run(arguments).Should().Be(1);

    private static RouterSettings Settings(string line)
    {
        var arguments = RouterCommand.Build().Parse(line.Split(' '));
        arguments.Errors.Should().BeEmpty();
        return RunCommand.Settings(arguments);
    }
}
