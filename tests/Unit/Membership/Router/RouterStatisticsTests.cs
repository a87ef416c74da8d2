using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using Xunit;

namespace MulticastLab.Tests.Membership.Router;

public sealed class RouterStatisticsTests
{
    private readonly RouterStatistics statistics = new();

    [Fact]
    public void At_first_there_are_the_leaves_of_RFC_8652_all_at_zero()
    {
        var state = statistics.ToState();

        state.Error.Keys.Should().Equal("total", "query", "report", "leave", "checksum", "too-short");
        state.Received.Keys.Should().Equal("total", "query", "report", "leave");
        state.Sent.Keys.Should().Equal("total", "query", "report", "leave");
        state.Error.Values.Concat(state.Received.Values).Concat(state.Sent.Values).Should().OnlyContain(each => each == 0);
    }

    [Fact]
    public void Received_messages_are_counted_by_kind()
    {
        foreach (var type in Enum.GetValues<IgmpType>())
            statistics.Received(type);

        statistics.ToState().Received.Should().Equal(new Dictionary<string, long> { ["total"] = 5, ["query"] = 1, ["report"] = 3, ["leave"] = 1 });
    }

    [Fact]
    public void Queries_of_other_versions_have_a_leaf_of_their_own()
    {
        statistics.Received(IgmpType.MembershipQuery);
        statistics.ReceivedQueryOfOtherVersion();

        statistics.ToState().Received.Should().Contain("multicast-lab:query-of-other-version", 1).And.Contain("total", 1);
    }

    [Fact]
    public void Sent_queries_are_counted_by_kind()
    {
        var general = new QueryContent(3, TimeSpan.FromSeconds(10), Address.AnyV4, false, 2, TimeSpan.FromSeconds(125), []);
        var group = Address.Parse("239.1.1.1");
        statistics.Sent(general);
        statistics.Sent(general);
        statistics.Sent(general with { Group = group });
        statistics.Sent(general with { Group = group, Sources = [Address.Parse("192.0.2.1")] });

        statistics.ToState().Sent.Should().Equal(new Dictionary<string, long>
        {
            ["total"] = 4,
            ["query"] = 4,
            ["report"] = 0,
            ["leave"] = 0,
            ["multicast-lab:general-query"] = 2,
            ["multicast-lab:group-specific-query"] = 1,
            ["multicast-lab:group-and-source-specific-query"] = 1,
        });
    }

    [Fact]
    public void What_the_router_sends_as_a_member_is_counted_by_kind()
    {
        var group = Address.Parse("239.1.1.1");
        statistics.Sent(new SendReport(new ReportContent([]), Dialect.Igmp.ReportDestination));
        statistics.Sent(new SendOlderReport(2, group));
        statistics.Sent(new SendLeave(group, Dialect.Igmp.AllRouters));

        statistics.ToState().Sent.Should().Equal(new Dictionary<string, long> { ["total"] = 3, ["query"] = 0, ["report"] = 2, ["leave"] = 1 });
    }

    [Fact]
    public void Every_way_a_packet_can_be_wrong_has_a_leaf_of_its_own()
    {
        var leaves = Enum.GetValues<PacketError>().Where(each => each != PacketError.None).Select(error =>
        {
            var alone = new RouterStatistics();
            alone.Rejected(error);
            var counted = alone.ToState().Error.Where(each => each.Value == 1 && each.Key is not "total" and not "query" and not "report").ToList();
            alone.ToState().Error["total"].Should().Be(1);
            return counted.Should().ContainSingle(error.ToString()).Subject.Key;
        }).ToList();

        leaves.Should().OnlyHaveUniqueItems().And.Contain(["checksum", "too-short", "multicast-lab:ipv4-header-checksum"]);
    }

    [Fact]
    public void Drops_are_counted_by_reason_and_those_of_single_records_are_no_message_errors()
    {
        statistics.Dropped(DropReason.RouterAlertMissing);
        statistics.Dropped(DropReason.ExcludeOfSourceSpecificGroup);
        statistics.KernelDropped(7);

        var error = statistics.ToState().Error;
        error["total"].Should().Be(1);
        error["multicast-lab:router-alert-missing"].Should().Be(1);
        error["multicast-lab:exclude-of-source-specific-group"].Should().Be(1);
        error["multicast-lab:kernel-drops"].Should().Be(7);
    }
}
