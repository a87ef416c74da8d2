using FluentAssertions;
using MulticastLab.Daemon.State;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Devices;

/// <summary>State dumps of devices, which may leave out what the device does not know (DESIGN §6).</summary>
public sealed class DeviceDumpTests
{
    private static readonly Address G = Address.Parse("239.1.1.1");

    [Fact]
    public void What_is_left_out_is_as_in_a_router_that_has_just_started()
    {
        var state = DeviceDump.Read("""{"ietf-igmp-mld:igmp":{"interfaces":{"interface":[{"interface-name":"eth0"}]}}}""");

        var eth0 = state.On("eth0");
        (eth0.Up, eth0.Version, eth0.Querier, eth0.IsQuerier, eth0.Timing).Should().Be((true, 3, null, false, Timing.Default));
        eth0.Groups.Should().BeEmpty();
        (state.Statistics.Error.Count, state.Statistics.Received.Count, state.Statistics.Sent.Count).Should().Be((0, 0, 0));
    }

    [Fact]
    public void Times_in_seconds_do_where_those_in_milliseconds_are_missing()
    {
        var state = DeviceDump.Read("""
            {"ietf-igmp-mld:igmp":{"interfaces":{"interface":[{"interface-name":"eth0","oper-status":"down","version":2,
              "querier":"10.0.0.2",
              "query-interval":20,"query-max-response-time":4,"robustness-variable":3,"multicast-lab:last-member-query-interval-ms":250,
              "group":[{"group-address":"239.1.1.2","filter-mode":"include"},
                {"group-address":"239.1.1.1","filter-mode":"exclude","expire":7,"up-time":5,
                  "source":[{"source-address":"192.0.2.1","expire":2},{"source-address":"192.0.2.2"}]}]}]},
              "global":{"groups-count":1,"statistics":{"received":{"report":4}}}}}
            """);

        var eth0 = state.On("eth0");
        (eth0.Up, eth0.Version, eth0.Querier).Should().Be((false, 2, Address.Parse("10.0.0.2")));
        eth0.Timing.Should().Be(new Timing
        {
            RobustnessVariable = 3, QueryInterval = TimeSpan.FromSeconds(20), QueryResponseInterval = TimeSpan.FromSeconds(4),
            LastMemberQueryInterval = TimeSpan.FromMilliseconds(250),
        });
        eth0.Groups.Select(each => each.Group).Should().Equal(G, Address.Parse("239.1.1.2"));
        var group = state.Group(G)!;
        (group.Expires, group.UpTime, group.CompatibilityMode).Should().Be((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5), 3));
        group.IsExclude(forwarded: [Address.Parse("192.0.2.1")], blocked: [Address.Parse("192.0.2.2")]).Should().BeTrue();
        state.Statistics.Received["report"].Should().Be(4);
    }

    // DESIGN §5.
    [Fact]
    public void A_whole_dump_is_read_as_it_is()
    {
        var state = new RouterState
        {
            Interfaces =
            [
                new InterfaceState
                {
                    Name = "eth0",
                    Up = true,
                    Version = 3,
                    Querier = Address.Parse("10.0.0.1"),
                    IsQuerier = true,
                    GeneralQueryExpires = TimeSpan.FromSeconds(3),
                    Groups =
                    [
                        new GroupState
                        {
                            Group = G,
                            Mode = FilterMode.Exclude,
                            Expires = TimeSpan.FromMilliseconds(1500),
                            CompatibilityMode = 2,
                        },
                    ],
                },
            ],
        };

        DeviceDump.Read(RouterStateJson.ToText(state)).Should().BeEquivalentTo(state);
    }

    [Theory]
    [InlineData("nothing", "*is not JSON: *")]
    [InlineData("[]", "*$ is not an object*")]
    [InlineData("{}", "*has no \"ietf-igmp-mld:igmp\"*")]
    [InlineData("{\"ietf-igmp-mld:igmp\":{\"interfaces\":{\"interface\":[{}]}}}", "*has no \"interface-name\"*")]
    [InlineData(
        "{\"ietf-igmp-mld:igmp\":{\"interfaces\":{\"interface\":[{\"interface-name\":\"eth0\",\"version\":\"three\"}]}}}",
        "*is not a whole number*")]
    [InlineData(
        "{\"ietf-igmp-mld:igmp\":{\"interfaces\":{\"interface\":[{\"interface-name\":\"eth0\",\"group\":{}}]}}}", "*is not an array*")]
    public void What_is_no_dump_is_an_error(string text, string message)
    {
        var read = () => DeviceDump.Read(text);

        read.Should().Throw<FormatException>().WithMessage(message);
    }
}
