using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Router.Daemon;
using Xunit;

namespace MulticastLab.Tests.Router.Configuration;

/// <summary>What differs between two configurations, and what <c>router set</c> makes of one.</summary>
public sealed class ConfigurationChangesTests
{
    private const string Before = "interfaces: {eth0: {query-interval: 60}, eth1: {}, eth2: {robustness-variable: 3}}";

    [Fact]
    public void The_same_differs_in_nothing() => Changes(Before, Before).Should().BeEmpty();

    [Fact]
    public void The_same_in_other_words_differs_in_nothing() =>
        Changes(
                Before,
                "defaults: {robustness-variable: 3}\ninterfaces: {eth1: {robustness-variable: 2}, eth0: {query-interval: 60.0, "
                    + "robustness-variable: 2}, eth2: }")
            .Should()
            .BeEmpty();

    [Fact]
    public void Every_difference_is_told() =>
        Changes(
                Before,
                "forward: true\ncontrol: /run/r.sock\ninterfaces: {eth0: {query-interval: 30, startup-query-count: 2}, eth2: "
                    + "{robustness-variable: 3}, eth3: {}}")
            .Should()
            .Equal(
                "forward false → true", "control none → /run/r.sock with the next start", "eth1: removed", "eth0: query-interval 60 → 30",
                "eth0: startup-query-count 2 → 2", "eth3: added");

    [Fact]
    public void Settings_are_set_together_and_the_others_stay() =>
        Set("eth0", "query-interval", "8", "query-max-response-time", "4")
            .Should()
            .Equal("eth0: query-interval 60 → 8", "eth0: query-max-response-time 10 → 4");

    [Fact]
    public void A_list_is_set_as_a_whole() =>
        Set("eth1", "group-policy", "[permit 239.1.0.0/16]").Should().Equal("eth1: group-policy [] → [permit 239.1.0.0/16]");

    [Fact]
    public void A_list_gains_and_loses_items()
    {
        Set("eth1", "static-group", "+239.1.1.1", "static-group", "+{group: 232.1.1.1, source: 192.0.2.1}", "static-group", "+239.1.1.1")
            .Should().Equal("eth1: static-group [] → [239.1.1.1, {group: 232.1.1.1, source: 192.0.2.1}]");
        Set("eth1", "static-group", "[239.1.1.1, 239.1.1.2, 239.1.1.3]", "static-group", "-239.1.1.1", "static-group", "-[239.1.1.2]")
            .Should().Equal("eth1: static-group [] → [239.1.1.3]");
        Set("eth1", "ssm-range", "+239.232.0.0/16").Should().Equal("eth1: ssm-range [232.0.0.0/8] → [232.0.0.0/8, 239.232.0.0/16]");
    }

    [Fact]
    public void The_same_list_again_is_no_change() =>
        Changes("interfaces: {eth0: {static-group: [239.1.1.1]}}", "interfaces: {eth0: {static-group: [\"239.1.1.1\"]}}")
            .Should()
            .BeEmpty();

    [Fact]
    public void The_same_value_again_is_no_change() => Set("eth0", "query-interval", "60").Should().BeEmpty();

    [Fact]
    public void A_setting_is_taken_back() => Set("eth0", "query-interval", "default").Should().Equal("eth0: query-interval 60 → 125");

    [Theory]
    [InlineData("the router does not serve eth9, only eth0, eth1, eth2", 1, "eth9", "query-interval", "5")]
    [InlineData("there is no setting 'query-intervall'; did you mean query-interval?", 2, "eth0", "query-intervall", "5")]
    [InlineData("query-interval: must be seconds above 0, at most 31744, not 'fast' (RFC 9776 §8.2)", 2, "eth0", "query-interval", "fast")]
    [InlineData(
        "query-interval: must be seconds above 0, at most 31744, not '31745' (RFC 9776 §8.2)", 2, "eth0", "query-interval", "31745")]
    [InlineData("query-interval: must be seconds above 0, at most 31744, not '{[' (RFC 9776 §8.2)", 2, "eth0", "query-interval", "{[")]
    [InlineData("query-interval: must be seconds above 0, at most 31744, or default", 2, "eth0", "query-interval")]
    [InlineData("what is to be set? There are version, *query-interval, *", 2, "eth0")]
    [InlineData(
        "The Query Response Interval of * must be less than the Query Interval of * (RFC 9776 §8.3).", 2, "eth0", "query-interval", "5")]
    public void What_cannot_be_set_is_refused(string error, int exitCode, string name, params string[] words)
    {
        var setting = () => Set(name, words);

        setting.Should().Throw<ControlException>().WithMessage(error).Which.ExitCode.Should().Be((ExitCode)exitCode);
    }

    private static IEnumerable<string> Set(string name, params string[] words)
    {
        var before = Read(Before);
        return Texts(before, SettingAssignments.Read(words).Apply(before, name));
    }

    private static IEnumerable<string> Changes(string before, string after) => Texts(Read(before), Read(after));

    private static IEnumerable<string> Texts(RouterOptions before, RouterOptions after) =>
        new ConfigurationChanges(before, after).All.Select(each => each.ToString());

    private static RouterOptions Read(string text) => ConfigurationReader.Read("r.yaml", text);
}
