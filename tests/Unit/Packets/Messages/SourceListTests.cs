using FluentAssertions;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Packets.Messages;

/// <summary>Lists and records read in place, with the addresses of either protocol.</summary>
public sealed class SourceListTests
{
    [Fact]
    public void Sources_are_counted_indexed_and_walked_in_the_order_of_the_wire()
    {
        var list = new SourceList(Hex.Bytes("c0000203 c0000201 c0000203"), 4);

        list.Count.Should().Be(3);
        list.IsEmpty.Should().BeFalse();
        list[1].Should().Be(Address.Parse("192.0.2.1"));
        list.ToArray().Should().Equal(Address.Parse("192.0.2.3"), Address.Parse("192.0.2.1"), Address.Parse("192.0.2.3"));
        list.Contains(Address.Parse("192.0.2.1")).Should().BeTrue();
        list.Contains(Address.Parse("192.0.2.2")).Should().BeFalse();
        var walked = new List<Address>();
        foreach (var each in list)
            walked.Add(each);
        walked.Should().Equal(list.ToArray());
    }

    [Fact]
    public void The_default_list_is_empty()
    {
        var list = default(SourceList);

        list.Count.Should().Be(0);
        list.IsEmpty.Should().BeTrue();
        list.ToArray().Should().BeEmpty();
        list.Contains(Address.AnyV4).Should().BeFalse();
    }

    // RFC 9777 §5.2: the same record with addresses of 16 bytes.
    [Fact]
    public void A_report_of_MLDv2_is_walked_by_the_same_code()
    {
        var records = Hex.Bytes(
            "04010001 ff320000000000000000000000000001 20010db8000000000000000000000001 11223344"
            + "05000000 ff320000000000000000000000000002");

        var content = new Report(records, 2, 16).ToContent();

        content.Records.Should().BeEquivalentTo(
        [
            new RecordContent(RecordType.ToExclude, Address.Parse("ff32::1"), [Address.Parse("2001:db8::1")]),
            new RecordContent(RecordType.Allow, Address.Parse("ff32::2"), []),
        ], options => options.WithStrictOrdering());
    }

    [Fact]
    public void The_kind_of_a_query_follows_from_group_and_sources()
    {
        var group = Address.Parse("239.1.1.1");
        new Query { Generation = Generation.Sources, MaxResponseTime = default, Group = Address.AnyV4 }
            .Kind.Should()
            .Be(QueryKind.General);
        new Query { Generation = Generation.Sources, MaxResponseTime = default, Group = group }
            .Kind.Should()
            .Be(QueryKind.GroupSpecific);
        new Query { Generation = Generation.Sources, MaxResponseTime = default, Group = group, Sources = new SourceList(new byte[4], 4) }
            .Kind.Should()
            .Be(QueryKind.GroupAndSourceSpecific);
        new QueryContent(Generation.Sources, default, group, false, 2, default, [group]).Kind.Should().Be(QueryKind.GroupAndSourceSpecific);
    }
}
