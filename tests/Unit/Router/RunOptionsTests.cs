using System.CommandLine;
using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Settings;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;
using MulticastLab.Router.Cli;
using MulticastLab.Daemon.Configuration;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The command line of <c>router run</c> (DESIGN §5).</summary>
public sealed class RunOptionsTests
{
    [Fact]
    public void Without_options_the_timers_are_the_RFCs_and_only_memory_is_bounded() =>
        Settings("run --interface eth0").Should().Be(new RouterSettings { MaxGroups = 250_000, MaxSources = 500_000 });

    [Fact]
    public void Every_timer_can_be_set_and_seconds_have_decimals()
    {
        var timing = Settings(
            "run --interface eth0 --query-interval 2.5 --query-max-response-time 0.8 --last-member-query-interval 0.1 "
                + "--last-member-query-count 4 "
            + "--robustness-variable 3 --startup-query-interval 0.25 --startup-query-count 5 --unsolicited-report-interval 0.5").Timing;

        timing.QueryInterval.Should().Be(TimeSpan.FromMilliseconds(2500));
        timing.QueryResponseInterval.Should().Be(TimeSpan.FromMilliseconds(800));
        timing.LastMemberQueryInterval.Should().Be(TimeSpan.FromMilliseconds(100));
        timing.LastMemberQueryCount.Should().Be(4);
        timing.RobustnessVariable.Should().Be(3);
        timing.StartupQueryInterval.Should().Be(TimeSpan.FromMilliseconds(250));
        timing.StartupQueryCount.Should().Be(5);
        timing.UnsolicitedReportInterval.Should().Be(TimeSpan.FromMilliseconds(500));
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

    [Fact]
    public void Policies_can_be_set_for_all_interfaces_or_for_one()
    {
        const string Line =
            "run --interface eth0 --interface eth1 --verify-source-subnet --max-groups 10 --max-groups eth1=20 --max-groups 5 "
                + "--max-group-sources unlimited "
            + "--max-sources-per-group eth1=7 --group-policy deny:239.1.0.0/16 --group-policy eth0=permit:239.0.0.0/8 --source-policy "
            + "eth1=permit:10.0.0.0/8 "
            + "--ssm-range 232.1.0.0/16 --ssm-range eth1=239.232.0.0/16 --join-routers-group eth1=false";
        var first = Settings(Line, "eth0");
        var second = Settings(Line, "eth1");

        first.OnLinkSendersOnly.Should().BeTrue();
        first.MaxGroups.Should().Be(5, "the last one for all");
        first.MaxSources.Should().BeNull();
        first.MaxSourcesPerGroup.Should().BeNull();
        first.GroupPolicy.Rules.Select(each => each.ToString()).Should().Equal("deny 239.1.0.0/16", "permit 239.0.0.0/8");
        first.SourcePolicy.Rules.Should().BeEmpty();
        first.SourceSpecificRange.Should().Equal(Prefix.Parse("232.1.0.0/16"));
        first.JoinsRoutersGroup.Should().BeTrue();
        second.JoinsRoutersGroup.Should().BeFalse();
        second.MaxGroups.Should().Be(20, "the one that names the interface, wherever it stands");
        second.MaxSourcesPerGroup.Should().Be(7);
        second.GroupPolicy.Rules.Should().ContainSingle();
        second.SourcePolicy.Rules.Should().ContainSingle();
        second.SourceSpecificRange.Should().Equal(Prefix.Parse("232.1.0.0/16"), Prefix.Parse("239.232.0.0/16"));
    }

    [Fact]
    public void The_version_and_the_oldest_one_to_serve_can_be_set()
    {
        var settings = Settings("run --interface eth0 --igmp-version 2 --oldest-version 2");

        settings.Version.Should().Be(2);
        settings.OldestVersion.Should().Be(2);
    }

    [Theory]
    [InlineData("run", "--interface")]
    [InlineData("run --config r.yaml --interface eth0", "--interface cannot be combined with --config")]
    [InlineData("run --config r.yaml --query-interval 5", "--query-interval cannot be combined with --config")]
    [InlineData("run --config r.yaml --forward", "--forward cannot be combined with --config")]
    [InlineData("check", "FILE")]
    [InlineData("run --interface eth0 --max-groups 0", "--max-groups: must be a whole number from 1, or unlimited, not '0'")]
    [InlineData("run --interface eth0 --max-groups eth9=5", "'eth9=5' is for the interface eth9, which is not served")]
    [InlineData(
        "run --interface eth0 --group-policy 239.0.0.0/8", "--group-policy: must be a rule such as permit 239.1.0.0/16, not '239.0.0.0/8'")]
    [InlineData("run --interface eth0 --ssm-range 232.0.0.0", "--ssm-range: must be a prefix such as 10.0.0.0/24, not '232.0.0.0'")]
    [InlineData("run --interface eth0 --join-routers-group no", "--join-routers-group: must be true or false, not 'no'")]
    [InlineData("run --interface eth0 --forward --ttl-threshold eth0=256", "the TTL threshold of 'eth0=256' is not a number from 1 to 255")]
    [InlineData(
        "run --interface eth0 --forward --reverse-path 239.0.0.0/8=eth0", "source 239.0.0.0/8 is not an IPv4 address of a host or network")]
    [InlineData("run --interface eth0 --interface eth0", "eth0 is given twice")]
    [InlineData("run --interface a/b", "'a/b' cannot be the name of an interface")]
    [InlineData("run --interface sixteen-letters-", "cannot be the name of an interface")]
    [InlineData("run --interface eth0 --query-interval fast", "--query-interval: must be seconds above 0, at most 31744, not 'fast'")]
    [InlineData("run --interface eth0 --query-interval 0", "not '0'")]
    [InlineData("run --interface eth0 --query-interval=-1", "not '-1'")]
    [InlineData("run --interface eth0 --query-interval 1,5", "not '1,5'")]
    [InlineData("run --interface eth0 --query-interval 1e3", "not '1e3'")]
    [InlineData("run --interface eth0 --query-interval NaN", "not 'NaN'")]
    [InlineData("run --interface eth0 --query-interval Infinity", "not 'Infinity'")]
    [InlineData("run --interface eth0 --query-interval 31744.1", "--query-interval: must be seconds above 0, at most 31744, not '31744.1'")]
    [InlineData(
        "run --interface eth0 --query-max-response-time 3174.5",
        "--query-max-response-time: must be seconds above 0, at most 3174.4, not '3174.5'")]
    [InlineData(
        "run --interface eth0 --last-member-query-count 256", "--last-member-query-count: must be a whole number from 1 to 255, not '256'")]
    [InlineData("run --interface eth0 --igmp-version 4", "--igmp-version: must be a whole number from 1 to 3, not '4'")]
    [InlineData("run --interface eth0 --robustness-variable x", "x")]
    [InlineData("show", "what")]
    [InlineData("show everything", "everything")]
    [InlineData("fly", "fly")]
    public void A_wrong_command_line_is_refused_with_what_is_wrong(string line, string error) =>
        RouterCommand
            .Build()
            .Parse(line.Split(' '))
            .Errors.Select(each => each.Message)
            .Should()
            .Contain(message => message.Contains(error, StringComparison.Ordinal));

    [Fact]
    public void The_command_line_and_the_file_take_the_same_and_refuse_it_in_the_same_words()
    {
        string[] values =
        [
            "0", "0.05", "1", "3.5", "255", "256", "3174.4", "3175", "31744", "31745", "NaN", "Infinity", "-1", "1e3", "x",
            "true", "unlimited", "always", "source-specific", "10.0.0.0/24", "239.1.1.1", "permit 239.0.0.0/8",
        ];
        foreach (
            var (setting, name, option) in RouterInterfaceSettings
                .Table.Options.Where(each => !each.IsFlag)
                .Select(each => (each.Setting, each.Setting.Name, each.Name)))
        {
            foreach (var value in values)
            {
                var line = RouterCommand
                    .Build()
                    .Parse(["run", "--interface", "eth0", $"{option}={value}"])
                    .Errors.Select(each => each.Message)
                    .SingleOrDefault();
                var inFile = Refusal($"interfaces: {{eth0: {{{name}: {(setting.Type.IsList ? $"[{value}]" : value)}}}}}", name);

                line?.Replace(option, name, StringComparison.Ordinal).Should().Be(inFile, $"{name} is {value}");
            }
        }
    }

    [Fact]
    public void Every_setting_is_in_the_help_with_its_summary()
    {
        var help = new StringWriter();
        RouterCommand.Build().Parse(["run", "--help"]).Invoke(new InvocationConfiguration { Output = help });
        var text = string.Join(' ', help.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        foreach (var option in RouterInterfaceSettings.Table.Options)
            text.Should().Contain(option.Name + " ").And.Contain(option.Setting.Summary.TrimEnd('.'));
    }

    [Theory]
    [InlineData("run --interface eth0")]
    [InlineData("--help run")]
    [InlineData("--help")]
    [InlineData("[suggest:6] run --m")]
    [InlineData("@file")]
    [InlineData("runn")]
    public void The_options_of_run_are_there_for_every_command_line_that_may_mean_it(string line) =>
        RouterCommand
            .Build(line.Split(' '))
            .Subcommands.Single(each => each.Name == "run")
            .Options.Should()
            .HaveCountGreaterThan(RouterInterfaceSettings.Table.All.Count);

    [Fact]
    public void The_command_lines_of_other_commands_do_not_wait_for_the_options_of_run()
    {
        foreach (var name in RouterCommand.Build().Subcommands.Select(each => each.Name).Where(each => each != "run"))
        {
            var root = RouterCommand.Build(name, "--help");
            root.Subcommands.Single(each => each.Name == "run").Options.Should().BeEmpty();
            var help = new StringWriter();
            root.Parse([name, "--help"]).Invoke(new InvocationConfiguration { Output = help });
            var whole = new StringWriter();
            RouterCommand.Build().Parse([name, "--help"]).Invoke(new InvocationConfiguration { Output = whole });
            help.ToString().Should().Be(whole.ToString()).And.Contain($" {name}");
        }
    }

    [Fact]
    public void Values_that_do_not_go_together_are_told_as_the_user_writes_them() =>
        Settings("run --interface eth0 --query-interval 2.5").Invoking(it => it.Validate(Dialect.Igmp)).Should().Throw<ArgumentException>()
            .WithMessage("The Query Response Interval of 10 s in version 3 must be less than the Query Interval of 2.5 s (RFC 9776 §8.3).");

    [Fact]
    public void The_kernels_limit_of_forwarding_interfaces_is_told() =>
        RouterCommand
            .Build()
            .Parse(["run", "--forward", .. Enumerable.Range(0, 33).SelectMany(number => (string[])["--interface", $"eth{number}"])])
            .Errors.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Be("the kernel forwards between at most 32 interfaces, not 33");

    [Theory]
    [InlineData("run", "--interface", "eth0", "--igmp-version", "1", "--query-interval", "10")]
    [InlineData("run", "--interface", "eth0", "--igmp-version", "2", "--oldest-version", "3")]
    [InlineData("run", "--interface", "eth0", "--query-max-response-time", "200")]
    [InlineData("run", "--interface", "eth0", "--robustness-variable", "0")]
    [InlineData("run", "--interface", "eth0", "--query-interval", "40000")]
    [InlineData("run")]
    [InlineData("show", "everything")]
    public void A_usage_error_exits_with_2(params string[] arguments) => RouterCommand.Run(arguments).Should().Be(ExitCode.Usage);

    [Theory]
    [InlineData("show", "groups", "--control", "/nonexistent/router.sock")]
    [InlineData("events", "--control", "/nonexistent/router.sock")]
    public void Without_a_router_to_ask_it_exits_with_1(params string[] arguments) =>
        RouterCommand.Run(arguments).Should().Be(ExitCode.Failed);

    private static string? Refusal(string file, string setting)
    {
        try
        {
            ConfigurationReader.Read("r.yaml", file);
            return null;
        }
        catch (InvalidFileException refused)
        {
            // Whether values go together is another question.
            return refused
                .Problems.Select(each => each.Message)
                .SingleOrDefault(text => text.StartsWith(setting + ": ", StringComparison.Ordinal));
        }
    }

    private static RouterSettings Settings(string line, string interfaceName = "eth0")
    {
        var arguments = RouterCommand.Build().Parse(line.Split(' '));
        arguments.Errors.Should().BeEmpty();
        return RunCommand.Settings(arguments, interfaceName);
    }
}
