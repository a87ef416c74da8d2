using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Node;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Membership.Node;

/// <summary>The leaves of <c>global/statistics</c>: RFC 8652's names, and one of its own for every other cause.</summary>
public abstract class RouterCountersTests(Vocabulary words) : CoreTests(words)
{
    private readonly RouterCounters counters = new(words.Dialect);

    [Theory]
    [InlineData(DropReason.OwnQuery, "own-query")]
    [InlineData(DropReason.ExcludeOfSourceSpecificGroup, "exclude-of-source-specific-group")]
    public void Every_reason_to_drop_has_a_leaf(DropReason reason, string leaf)
    {
        counters.Dropped(reason);

        Counted().Should().Equal(("total", 1L), (leaf, 1L));
    }

    [Fact]
    public void What_the_kernel_lost_is_an_error()
    {
        counters.ReceiveBufferFull = 7;

        Counted().Should().Equal(("total", 7L), ("receive-buffer-full", 7L));
    }

    [Fact]
    public void At_first_all_leaves_are_there_at_zero()
    {
        var state = counters.ToState();

        // RFC 8652's are among them.
        state.Error.Keys.Should().Contain(["total", "checksum", "too-short", "router-alert-missing", "send-failed"]);
        state.Received.Keys.Should().Equal("total", "query", "query-of-other-version", "report", "v1-report", "v2-report", "leave");
        state
            .Sent.Keys.Should()
            .Equal("total", "query", "general-query", "group-specific-query", "group-and-source-specific-query", "report", "leave");
        state.Error.Values.Concat(state.Received.Values).Concat(state.Sent.Values).Should().OnlyContain(each => each == 0);
    }

    [Fact]
    public void Queries_sent_are_told_apart()
    {
        var general = new QueryContent(
            Generation.Sources, TimeSpan.FromSeconds(10), Dialect.Unspecified, false, 2, TimeSpan.FromSeconds(125), []);
        counters.Sent(new SendQuery(general, Dialect.AllSystems));
        counters.Sent(new SendQuery(general with { Group = G1 }, G1));
        counters.Sent(new SendQuery(general with { Group = G1 }, G1));
        counters.Sent(new SendQuery(general with { Group = G1, Sources = [S1] }, G1));

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
    public void What_the_router_sends_as_a_member_is_counted_by_kind()
    {
        counters.Sent(new SendReport(new ReportContent([]), Dialect.ReportDestination));
        counters.Sent(new SendOlderReport(Generation.Leaves, G1));
        counters.Sent(new SendLeave(G1, Dialect.AllRouters));

        counters
            .Sent()
            .Where(each => each.Value != 0)
            .Should()
            .Equal(new Dictionary<string, long> { ["total"] = 3, ["report"] = 2, ["leave"] = 1 });
    }

    [Fact]
    public void The_sum_of_two_interfaces_leaves_nothing_out()
    {
        foreach (var each in typeof(RouterCounters).GetProperties().Where(each => each.CanWrite))
        {
            var (one, other) = (new RouterCounters(Dialect), new RouterCounters(Dialect));
            each.SetValue(one, 2L);
            each.SetValue(other, 3L);
            each.GetValue(RouterCounters.Sum(one, other)).Should().Be(5L, each.Name);
        }

        counters.Refused(Dialect == Dialect.Igmp ? PacketError.IgmpChecksum : PacketError.MldChecksum);
        counters.Dropped(DropReason.OwnQuery);
        var sum = RouterCounters.Sum(counters, counters).Errors();
        (sum["checksum"], sum["own-query"], sum["total"]).Should().Be((2L, 2L, 4L));
    }

    // RFC 8652 has "checksum" and "too-short", whatever the protocol.
    private void HasLeaf(PacketError error, string leaf)
    {
        counters.Refused(error);

        Counted().Should().Equal(("total", 1L), (leaf, 1L));
    }

    private void AreToldApart(string[] packets, Dictionary<string, long> received)
    {
        foreach (var packet in packets)
        {
            Dialect.TryRead(Words.Packet(packet), out var message).Should().Be(PacketError.None);
            counters.Received(message);
        }

        counters.QueriesOfOtherVersions++;

        counters.Received().Should().Equal(received);
    }

    private IEnumerable<(string Leaf, long Count)> Counted() =>
        counters.Errors().Where(each => each.Value != 0).Select(each => (each.Key, each.Value));

    public sealed class Igmp() : RouterCountersTests(Vocabulary.Igmp)
    {
        [Theory]
        [InlineData(PacketError.IgmpChecksum, "checksum")]
        [InlineData(PacketError.IgmpTooShort, "too-short")]
        [InlineData(PacketError.IgmpReportRecords, "report-records")]
        [InlineData(PacketError.Ipv4HeaderChecksum, "ipv4-header-checksum")]
        public void Every_error_has_a_leaf(PacketError error, string leaf) => HasLeaf(error, leaf);

        [Fact]
        public void Messages_taken_are_told_apart() => AreToldApart(
            ["11640000 00000000 027d0000", "12000000 ef010101", "16000000 ef010101", "17000000 ef010101", "22000000 00000000"],
            new()
            {
                ["total"] = 5,
                ["query"] = 1,
                ["query-of-other-version"] = 1,
                ["report"] = 1,
                ["v1-report"] = 1,
                ["v2-report"] = 1,
                ["leave"] = 1,
            });

        [Fact]
        public void Every_way_a_packet_can_be_wrong_has_a_leaf_of_its_own()
        {
            Leaves(Dialect.Igmp)
                .Should()
                .OnlyHaveUniqueItems()
                .And.Contain(["checksum", "too-short", "query-length", "ipv4-header-checksum"]);
            Leaves(Dialect.Mld)
                .Should()
                .OnlyHaveUniqueItems()
                .And.Contain(["checksum", "too-short", "query-length", "ipv6-extension-header"]);
            // The others are of other readers.
            Dialect
                .Igmp.Errors.Concat(Dialect.Mld.Errors)
                .Should()
                .OnlyHaveUniqueItems()
                .And.BeEquivalentTo(
                    Enum.GetValues<PacketError>()
                        .Where(each =>
                            each is not PacketError.None and not (PacketError.EthernetTooShort or PacketError.LinkTooShort)
                            && !$"{each}".StartsWith("Udp", StringComparison.Ordinal)));

            static List<string> Leaves(Dialect dialect) => [.. dialect.Errors.Select(error =>
            {
                var alone = new RouterCounters(dialect);
                alone.Refused(error);
                alone.Errors()["total"].Should().Be(1);
                return alone.Errors().Where(each => each.Value == 1 && each.Key != "total").Should().ContainSingle($"{error}").Subject.Key;
            })];
        }
    }

    public sealed class Mld() : RouterCountersTests(Vocabulary.Mld)
    {
        [Theory]
        [InlineData(PacketError.MldChecksum, "checksum")]
        [InlineData(PacketError.MldTooShort, "too-short")]
        [InlineData(PacketError.MldReportRecords, "report-records")]
        [InlineData(PacketError.Ipv6ExtensionHeader, "ipv6-extension-header")]
        public void Every_error_has_a_leaf(PacketError error, string leaf) => HasLeaf(error, leaf);

        [Fact]
        public void Messages_taken_are_told_apart() => AreToldApart(
            [
                "8200000027100000 00000000000000000000000000000000 027d0000", "8300000000000000 ff1e00000000000000000000ef010101",
                "8400000000000000 ff1e00000000000000000000ef010101", "8f00000000000000", "8f00000000000000",
            ],
            new()
            {
                ["total"] = 5,
                ["query"] = 1,
                ["query-of-other-version"] = 1,
                ["report"] = 2,
                ["v1-report"] = 1,
                ["v2-report"] = 0,
                ["leave"] = 1,
            });
    }
}
