using FluentAssertions;
using MulticastLab.Lab.Devices;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using Xunit;

namespace MulticastLab.Tests.Lab.Devices;

/// <summary>
/// What a device is set to when certain timers are wanted of it (DESIGN §6: "reckons with default where it must not set one").
/// </summary>
public sealed class DeviceSettingsTests
{
    private static readonly Timing Wanted = new()
    {
        RobustnessVariable = 3,
        QueryInterval = TimeSpan.FromSeconds(2.5),
        QueryResponseInterval = TimeSpan.FromSeconds(1),
        LastMemberQueryInterval = TimeSpan.FromSeconds(0.33),
        LastMemberQueryCount = 4,
    };

    [Theory]
    [InlineData(null, null, 125)] // fixed
    [InlineData("1", null, 2.5)]
    [InlineData("1", "1", 3)] // rounded up, so that what is short is not cut
    [InlineData("0.5", "0.5", 2.5)]
    [InlineData("5", "5", 5)]
    [InlineData("1", "0.4", 2.6)]
    public void A_timer_takes_the_next_value_that_it_can_be_set_to(string? least, string? step, double expected)
    {
        var timer = new DeviceTimer(125, Decimal(least), Decimal(step));

        timer.Nearest(2.5m).Should().Be((decimal)expected);

        static decimal? Decimal(string? text) =>
            text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Only_what_can_be_set_is_handed_over_and_all_that_is_known_is_reckoned_with()
    {
        var device = With(
            ("QUERY_INTERVAL", new(125, 1, 1)), ("QUERY_RESPONSE_INTERVAL", new(10, 0.1m, 0.1m)),
            ("LAST_MEMBER_QUERY_INTERVAL", new(1, 0.1m, 0.1m)), ("LAST_MEMBER_QUERY_COUNT", new(2)), ("ROBUSTNESS_VARIABLE", new(2)),
            ("VERSION", new(3, 2, 1)));

        var settings = DeviceSettings.For(device, Wanted, version: 2);

        settings.Variables.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["QUERY_INTERVAL"] = "3", ["QUERY_RESPONSE_INTERVAL"] = "1", ["LAST_MEMBER_QUERY_INTERVAL"] = "0.4", ["VERSION"] = "2",
        });
        settings.Timing.Should().Be(new Timing
        {
            RobustnessVariable = 2, QueryInterval = TimeSpan.FromSeconds(3), QueryResponseInterval = TimeSpan.FromSeconds(1),
            LastMemberQueryInterval = TimeSpan.FromSeconds(0.4), LastMemberQueryCount = 2,
        });
        settings.Version.Should().Be(2);
    }

    [Fact]
    public void A_version_is_the_default_unless_told_and_unknown_where_the_device_does_not_tell()
    {
        DeviceSettings.For(With(("VERSION", new(3, 2, 1))), Wanted).Version.Should().Be(3);
        DeviceSettings.For(With(("VERSION", new(2))), Wanted, version: 3).Version.Should().Be(2);
        DeviceSettings.For(With(), Wanted, version: 3).Version.Should().BeNull();
    }

    // RFC 9776 §8.6, §8.7, §8.9: what is not told follows from the others.
    [Fact]
    public void What_a_device_does_not_tell_follows_from_what_it_does()
    {
        var timing = DeviceSettings
            .For(
                With(("QUERY_INTERVAL", new(125, 1, 1)), ("ROBUSTNESS_VARIABLE", new(2, 1, 1))),
                Wanted with { QueryInterval = TimeSpan.FromSeconds(8) })
            .Timing;

        (timing.StartupQueryInterval, timing.StartupQueryCount, timing.LastMemberQueryCount).Should().Be((TimeSpan.FromSeconds(2), 3, 3));
        timing.QueryResponseInterval.Should().Be(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Every_timer_can_be_set()
    {
        var device = With([.. DeviceSettings.Names.Select(name => (name, new DeviceTimer(1, DeviceSettings.IsCount(name) ? 1 : 0.01m)))]);
        var wanted = Wanted with
        {
            StartupQueryInterval = TimeSpan.FromSeconds(0.7), StartupQueryCount = 5, UnsolicitedReportInterval = TimeSpan.FromSeconds(0.2),
        };

        var settings = DeviceSettings.For(device, wanted, version: 3);

        settings.Timing.Should().Be(wanted);
        settings
            .Variables.Should()
            .BeEquivalentTo(
                new Dictionary<string, string>
                {
                    ["QUERY_INTERVAL"] = "2.5",
                    ["QUERY_RESPONSE_INTERVAL"] = "1",
                    ["LAST_MEMBER_QUERY_INTERVAL"] = "0.33",
                    ["LAST_MEMBER_QUERY_COUNT"] = "4",
                    ["ROBUSTNESS_VARIABLE"] = "3",
                    ["STARTUP_QUERY_INTERVAL"] = "0.7",
                    ["STARTUP_QUERY_COUNT"] = "5",
                    ["UNSOLICITED_REPORT_INTERVAL"] = "0.2",
                    ["VERSION"] = "3",
                });
    }

    [Theory]
    [InlineData("require-router-alert", "OPTION_REQUIRE_ROUTER_ALERT")]
    [InlineData("forward", "OPTION_FORWARD")]
    public void An_option_is_switched_on_by_a_variable(string option, string variable) => Device.VariableOf(option).Should().Be(variable);

    private static Device With(params (string Name, DeviceTimer Timer)[] timers) => new()
    {
        Name = "box", Folder = "/box", Title = "A box", Role = DeviceRole.Router, Protocols = [Dialect.Igmp], Start = "./start",
        Timers = timers.ToDictionary(each => each.Name, each => each.Timer),
    };
}
