using FluentAssertions;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Host.HostUnderTest;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>Reports within the MTU (RFC 9776 §4.2.17). At 1500 bytes: (1500 - 24 - 8 - 8) / 4 = 365 sources, (1500 - 24 - 8) / 8 = 183 records without.</summary>
public sealed class ReportPackingTests
{
    private readonly HostUnderTest host = new(robustness: 2);

    [Fact]
    public void V3_H_4_2_17_01_Records_are_spread_over_as_many_reports_as_needed()
    {
        for (var i = 0; i < 400; i++)
            host.Exclude($"239.2.{i / 200}.{i % 200}", "");
        host.TakeAll();

        host.Query();
        var before = host.Sent.Count;
        host.TakeAll();

        var answer = host.Sent.Skip(before).Select(each => each.Report).ToList();
        answer.Select(report => report.Records.Count).Should().Equal(183, 183, 34);
        answer.SelectMany(report => report.Records).Select(record => record.Group).Should().OnlyHaveUniqueItems();
        answer.Should().OnlyContain(report => Length(report) <= 1500);
    }

    [Fact]
    public void V3_H_4_2_17_02_Other_records_that_are_too_large_are_split_into_reports_of_their_own()
    {
        host.Include("G1", Sources(500));
        ShouldBeSplit(host.TakeSent(), RecordType.Allow);
        host.TakeAll();

        host.Query("G1").TakeAll();
        ShouldBeSplit(host.Sent.Skip(4), RecordType.IsInclude);

        host.Query("G1", Sources(500)).TakeAll();
        ShouldBeSplit(host.Sent.Skip(6), RecordType.IsInclude);

        host.TakeSent();
        host.Include("G1", "");
        ShouldBeSplit(host.TakeSent(), RecordType.Block);
    }

    [Fact]
    public void V3_H_4_2_17_02_A_TO_IN_is_split_likewise()
    {
        host.Exclude("G1", "").TakeAll();

        host.Include("G1", Sources(500));

        ShouldBeSplit(host.TakeSent(), RecordType.ToInclude);
    }

    [Fact]
    public void V3_H_4_2_17_03_An_EXCLUDE_record_that_is_too_large_is_cut_to_the_same_sources_each_time()
    {
        host.Exclude("G1", Sources(500)).TakeAll();
        for (var i = 0; i < 3; i++)
            host.Query().TakeAll();

        var records = host.Sent.Select(each => each.Report.Records.Should().ContainSingle().Subject).ToList();
        records.Select(record => record.Type).Should()
            .Equal(RecordType.ToExclude, RecordType.ToExclude, RecordType.IsExclude, RecordType.IsExclude, RecordType.IsExclude);
        records.Should().OnlyContain(record => record.Sources.Count == 365 && record.Sources.SequenceEqual(records[0].Sources));
    }

    [Fact]
    public void A_record_that_fits_a_report_of_its_own_is_not_split()
    {
        host.Include("G1", Sources(200), socket: 1).Include("G2", Sources(200), socket: 1).TakeAll();

        host.Close(1);

        host.TakeSent().Select(each => each.Report.Records.Single().Sources.Count).Should().Equal(200, 200);
    }

    [Theory]
    [InlineData(365, 1)]
    [InlineData(366, 2)]
    [InlineData(730, 2)]
    [InlineData(731, 3)]
    public void The_bound_is_exact(int sources, int reports)
    {
        host.Include("G1", Sources(sources));

        host.TakeSent().Should().HaveCount(reports).And.OnlyContain(each => Length(each.Report) <= 1500);
    }

    [Theory]
    [InlineData(163, 1)]
    [InlineData(164, 2)]
    public void Two_records_share_a_report_that_they_just_fill(int more, int reports)
    {
        // (1500 - 24 - 8 - 2 * 8) / 4 = 363 sources in two records.
        host.Include("G1", Sources(200)).Include("G2", Sources(more)).TakeAll();

        host.Close(1);

        host.TakeSent().Should().HaveCount(reports).And.OnlyContain(each => Length(each.Report) <= 1500);
    }

    [Fact]
    public void The_bound_follows_the_MTU()
    {
        var small = new HostUnderTest(robustness: 1, mtu: 68);
        small.Include("G1", Sources(8));

        // (68 - 24 - 8 - 8) / 4 = 7.
        small.TakeSent().Select(each => each.Report.Records.Single().Sources.Count).Should().Equal(7, 1);
        FluentActions.Invoking(() => new HostUnderTest(mtu: 67)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static void ShouldBeSplit(IEnumerable<Sent> sent, RecordType type)
    {
        var records = sent.Select(each => each.Report.Records.Should().ContainSingle().Subject).ToList();
        records.Select(record => (record.Type, record.Sources.Count)).Should().Equal((type, 365), (type, 135));
        records.SelectMany(record => record.Sources).Should().OnlyHaveUniqueItems();
    }

    // IPv4 header with Router Alert, report header, records.
    private static int Length(ReportContent report) => 24 + 8 + report.Records.Sum(record => 8 + (4 * record.Sources.Count));
}
