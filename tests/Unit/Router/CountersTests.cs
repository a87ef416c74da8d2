using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Router.Daemon;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The leaves of <c>global/statistics</c>: RFC 8652's names, and one of its own for every other cause.</summary>
public sealed class CountersTests
{
    private readonly Counters counters = new();

    [Theory]
    [InlineData(PacketError.IgmpChecksum, "checksum")]
    [InlineData(PacketError.IgmpTooShort, "too-short")]
    [InlineData(PacketError.IgmpReportRecords, "report-records")]
    [InlineData(PacketError.Ipv4HeaderChecksum, "ipv4-header-checksum")]
    public void Every_error_has_a_leaf(PacketError error, string leaf)
    {
        counters.Refused(error);

        Counted().Should().Equal(("total", 1L), (leaf, 1L));
    }

    [Theory]
    [InlineData(DropReason.OwnQuery, "own-query")]
    [InlineData(DropReason.ExcludeOfSourceSpecificGroup, "exclude-of-source-specific-group")]
    public void Every_reason_to_drop_has_a_leaf(DropReason reason, string leaf)
    {
        counters.Dropped(reason);

        Counted().Should().Equal(("total", 1L), (leaf, 1L));
    }

    [Fact]
    public void What_the_kernel_lost_is_an_error() =>
        counters.Errors(lost: 7).Where(each => each.Value != 0).Select(each => (each.Key, each.Value)).Should().Equal(("total", 7L), ("receive-buffer-full", 7L));

    [Fact]
    public void Messages_taken_are_told_apart()
    {
        foreach (var type in Enum.GetValues<IgmpType>())
            counters.Received(type);
        counters.QueriesOfOtherVersions++;

        counters.Received().Should().Equal(new Dictionary<string, long>
        {
            ["total"] = 5,
            ["query"] = 1,
            ["query-of-other-version"] = 1,
            ["report"] = 1,
            ["v1-report"] = 1,
            ["v2-report"] = 1,
            ["leave"] = 1,
        });
    }

    [Fact]
    public void Queries_sent_are_told_apart()
    {
        counters.Sent(QueryKind.General);
        counters.Sent(QueryKind.GroupSpecific);
        counters.Sent(QueryKind.GroupSpecific);
        counters.Sent(QueryKind.GroupAndSourceSpecific);

        counters.Sent().Should().Equal(new Dictionary<string, long>
        {
            ["total"] = 4,
            ["query"] = 4,
            ["general-query"] = 1,
            ["group-specific-query"] = 2,
            ["group-and-source-specific-query"] = 1,
            ["report"] = 0,
            ["leave"] = 0,
        });
    }

    [Fact]
    public void The_sum_of_two_interfaces_leaves_nothing_out()
    {
        foreach (var each in typeof(Counters).GetProperties().Where(each => each.CanWrite))
        {
            var (one, other) = (new Counters(), new Counters());
            each.SetValue(one, 2L);
            each.SetValue(other, 3L);
            each.GetValue(Counters.Sum(one, other)).Should().Be(5L, each.Name);
        }

        counters.Refused(PacketError.IgmpChecksum);
        counters.Dropped(DropReason.OwnQuery);
        var sum = Counters.Sum(counters, counters).Errors(lost: 0);
        (sum["checksum"], sum["own-query"], sum["total"]).Should().Be((2L, 2L, 4L));
    }

    private IEnumerable<(string Leaf, long Count)> Counted() =>
        counters.Errors(lost: 0).Where(each => each.Value != 0).Select(each => (each.Key, each.Value));
}
