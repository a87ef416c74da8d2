using System.Text;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon.State;
using MulticastLab.Membership;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Daemon.State;

public sealed class RouterStateJsonTests
{
    private static readonly RouterState State = new()
    {
        Interfaces =
        [
            new InterfaceState
            {
                Name = "eth0",
                Up = true,
                Address = Address.Parse("10.0.0.1"),
                UpTime = TimeSpan.FromSeconds(90.25),
                Version = 3,
                Querier = Address.Parse("10.0.0.1"),
                IsQuerier = false,
                Timing = Timing.Default with
                {
                    LastMemberQueryCount = 5,
                    QueryInterval = TimeSpan.FromSeconds(20.5),
                    StartupQueryInterval = TimeSpan.FromSeconds(3),
                },
                OtherQuerierPresentExpires = TimeSpan.FromMilliseconds(254_999),
                StartupQueriesLeft = 0,
                Groups =
                [
                    new GroupState
                    {
                        Group = Address.Parse("239.1.1.1"),
                        Mode = FilterMode.Exclude,
                        CompatibilityMode = 3,
                        Expires = TimeSpan.FromMilliseconds(260_500),
                        UpTime = TimeSpan.FromMilliseconds(9_499),
                        LastReporter = Address.Parse("10.0.0.11"),
                        IsStatic = true,
                        Hosts = [Host("10.0.0.11", FilterMode.Exclude), Host("10.0.0.12", FilterMode.Exclude)],
                        Sources =
                        [
                            new SourceState
                            {
                                Source = Address.Parse("192.0.2.1"),
                                Expires = TimeSpan.FromMilliseconds(1),
                                Hosts = [Host("10.0.0.12", FilterMode.Include)],
                            },
                            new SourceState { Source = Address.Parse("192.0.2.2") },
                            new SourceState { Source = Address.Parse("192.0.2.3"), IsStatic = true },
                        ],
                    },
                    new GroupState
                    {
                        Group = Address.Parse("239.1.1.2"),
                        Mode = FilterMode.Include,
                        LastReporter = Address.AnyV4,
                        CompatibilityMode = 1,
                        Version1HostPresentExpires = TimeSpan.FromMilliseconds(1),
                        Version2HostPresentExpires = TimeSpan.FromMilliseconds(44_000),
                    },
                ],
            },
            new InterfaceState { Name = "eth1", Version = 3, Up = false },
            new InterfaceState
            {
                Name = "eth2",
                Up = true,
                Version = 3,
                IsQuerier = true,
                Querier = Address.Parse("10.1.0.1"),
                GeneralQueryExpires = TimeSpan.FromMilliseconds(31_250),
                StartupQueriesLeft = 1,
            },
        ],
        Statistics = new StatisticsState
        {
            Error = new Dictionary<string, long> { ["checksum"] = 3, ["multicast-lab:ipv4-options"] = long.MaxValue },
            Received = new Dictionary<string, long> { ["query"] = 1 },
            Sent = new Dictionary<string, long> { ["query"] = 2 },
        },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_back_exactly(bool indented) =>
        RouterStateJson.Read(RouterStateJson.ToText(State, indented)).Should().BeEquivalentTo(State, options => options
            .WithStrictOrdering().ComparingByMembers<RouterState>().ComparingByMembers<InterfaceState>().ComparingByMembers<GroupState>()
            .ComparingByMembers<StatisticsState>());

    [Fact]
    public void Tracked_hosts_have_the_names_of_RFC_8652_and_are_left_out_where_none_are()
    {
        using var document = JsonDocument.Parse(RouterStateJson.ToText(State));
        var groups = document
            .RootElement.GetProperty("ietf-igmp-mld:igmp")
            .GetProperty("interfaces")
            .GetProperty("interface")[0]
            .GetProperty("group");
        var source = groups[0].GetProperty("source")[0];

        source.GetProperty("host-count").GetInt32().Should().Be(1);
        source.GetProperty("host")[0].GetProperty("host-address").GetString().Should().Be("10.0.0.12");
        source.GetProperty("host")[0].GetProperty("host-filter-mode").GetString().Should().Be("include");
        groups[0].GetProperty("source")[1].TryGetProperty("host", out _).Should().BeFalse();
        groups[1].TryGetProperty("multicast-lab:host", out _).Should().BeFalse();
        groups[1].TryGetProperty("multicast-lab:static", out _).Should().BeFalse();
    }

    private static HostState Host(string address, FilterMode mode) =>
        new()
        {
            Host = Address.Parse(address),
            Mode = mode,
            UpTime = TimeSpan.FromMilliseconds(1_500),
            Expires = TimeSpan.FromMilliseconds(7),
        };

    [Fact]
    public void The_dump_has_the_names_of_RFC_8652_with_times_in_rounded_seconds_and_exact_milliseconds()
    {
        using var document = JsonDocument.Parse(RouterStateJson.ToText(State));
        var igmp = document.RootElement.GetProperty("ietf-igmp-mld:igmp");
        var eth0 = igmp.GetProperty("interfaces").GetProperty("interface")[0];
        var group = eth0.GetProperty("group")[0];
        var blocked = group.GetProperty("source")[1];

        eth0.GetProperty("interface-name").GetString().Should().Be("eth0");
        eth0.GetProperty("oper-status").GetString().Should().Be("up");
        eth0.GetProperty("version").GetInt32().Should().Be(3);
        eth0.GetProperty("querier").GetString().Should().Be("10.0.0.1");
        eth0.GetProperty("query-interval").GetUInt32().Should().Be(21);
        eth0.GetProperty("query-max-response-time").GetUInt32().Should().Be(10);
        eth0.GetProperty("robustness-variable").GetUInt32().Should().Be(2);
        eth0.GetProperty("last-member-query-interval").GetUInt32().Should().Be(1);
        eth0.GetProperty("multicast-lab:querier-role").GetString().Should().Be("non-querier");
        eth0.GetProperty("multicast-lab:other-querier-present-expires-ms").GetInt64().Should().Be(254_999);
        eth0.TryGetProperty("multicast-lab:general-query-expires-ms", out _).Should().BeFalse();
        eth0.GetProperty("multicast-lab:startup-queries-left").GetInt32().Should().Be(0);
        group.GetProperty("group-address").GetString().Should().Be("239.1.1.1");
        group.GetProperty("filter-mode").GetString().Should().Be("exclude");
        group.GetProperty("expire").GetUInt32().Should().Be(261);
        group.GetProperty("multicast-lab:expire-ms").GetInt64().Should().Be(260_500);
        group.GetProperty("up-time").GetUInt32().Should().Be(9);
        group.GetProperty("last-reporter").GetString().Should().Be("10.0.0.11");
        group.GetProperty("multicast-lab:compatibility-mode").GetInt32().Should().Be(3);
        blocked.GetProperty("source-address").GetString().Should().Be("192.0.2.2");
        blocked.GetProperty("expire").GetUInt32().Should().Be(0);
        blocked.GetProperty("multicast-lab:expire-ms").GetInt64().Should().Be(0);
        blocked.GetProperty("multicast-lab:forward").GetBoolean().Should().BeFalse();
        group.GetProperty("source")[0].GetProperty("multicast-lab:forward").GetBoolean().Should().BeTrue();
        igmp.GetProperty("global").GetProperty("groups-count").GetInt32().Should().Be(2);
        igmp.GetProperty("global").GetProperty("statistics").GetProperty("error").GetProperty("checksum").GetInt64().Should().Be(3);
    }

    // The milliseconds are rounded up, here across the half of a second; the longest time has a rest of a millisecond, too.
    [Theory]
    [InlineData(2_694_995_000)]
    [InlineData(2_694_995_001)]
    [InlineData(2_694_994_999)]
    [InlineData(2_694_990_001)]
    [InlineData(1)]
    [InlineData(long.MaxValue)]
    public void A_dump_that_was_read_is_written_as_it_was(long ticks)
    {
        var written = RouterStateJson.ToText(new RouterState
        {
            Interfaces =
            [
                new InterfaceState
                {
                    Name = "eth0",
                    UpTime = new TimeSpan(ticks),
                    Groups =
                    [
                        new GroupState
                        {
                            Group = Address.Parse("239.1.1.1"),
                            Mode = FilterMode.Exclude,
                            CompatibilityMode = 3,
                            Expires = new TimeSpan(ticks),
                            UpTime = new TimeSpan(ticks),
                        },
                    ],
                },
            ],
        });

        RouterStateJson.ToText(RouterStateJson.Read(written)).Should().Be(written);
    }

    [Fact]
    public void A_timer_with_less_than_a_millisecond_left_does_not_read_as_ended()
    {
        var state = new RouterState
        {
            Interfaces =
            [
                new InterfaceState
                {
                    Name = "eth0",
                    Groups =
                    [
                        new GroupState
                        {
                            Group = Address.Parse("239.1.1.1"),
                            Mode = FilterMode.Include,
                            CompatibilityMode = 3,
                            Sources = [new SourceState { Source = Address.Parse("192.0.2.1"), Expires = TimeSpan.FromTicks(1) }],
                        },
                    ],
                },
            ],
        };

        RouterStateJson.Read(RouterStateJson.ToText(state)).Interfaces[0].Groups[0].Sources[0].Forward.Should().BeTrue();
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "$ is not an object")]
    [InlineData("{}", "$ has no \"ietf-igmp-mld:igmp\"")]
    [InlineData("\"eth0\"|\"eth0\",\"x\":[1]", null)]
    [InlineData("\"up\"|\"sideways\"", "$.ietf-igmp-mld:igmp.interfaces.interface[0].oper-status is none of down, up: \"sideways\"")]
    [InlineData("\"239.1.1.1\"|\"239.1.1\"", "interface[0].group[0].group-address is not an IP address: \"239.1.1\"")]
    [InlineData("\"version\":3|\"version\":-3", "interface[0].version is not a whole number from 0")]
    [InlineData("\"version\":3|\"version\":\"3\"", "interface[0].version is not a whole number from 0")]
    [InlineData("expire-ms\":260500|expire-ms\":9223372036854775807", "group[0].multicast-lab:expire-ms is too long a time")]
    [InlineData("\"group\":[{|\"group\":[7,{", "interface[0].group[0] is not an object")]
    [InlineData("\"filter-mode\"|\"filter\"", "interface[0].group[0] has no \"filter-mode\"")]
    public void A_wrong_dump_is_refused_with_the_place(string change, string? message)
    {
        var parts = change.Split('|');
        var text = parts.Length == 1 ? change : RouterStateJson.ToText(State).Replace(parts[0], parts[1], StringComparison.Ordinal);

        var reading = () => RouterStateJson.Read(text);

        if (message is null)
            reading.Should().NotThrow("unknown leaves are passed over");
        else
            reading.Should().Throw<FormatException>().WithMessage($"*{message}*");
    }

    [Theory]
    [InlineData("eth0", 0xED)]
    [InlineData("interface-name", 0xFF)]
    public void A_string_that_is_no_UTF_8_is_refused_like_any_other_mistake(string inside, byte wrong)
    {
        var dump = Encoding.UTF8.GetBytes(RouterStateJson.ToText(State));
        dump[dump.AsSpan().IndexOf(Encoding.UTF8.GetBytes(inside))] = wrong;

        var reading = () => RouterStateJson.Read(dump);

        reading.Should().Throw<FormatException>();
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_like_any_other_mistake()
    {
        var text = RouterStateJson.ToText(State).Replace("\"eth0\"", "\"\\ud800\"", StringComparison.Ordinal);

        var reading = () => RouterStateJson.Read(text);

        reading.Should().Throw<FormatException>().WithMessage("*no text*");
    }
}
