using FluentAssertions;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Host.HostUnderTest;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>Reports within the MTU (RFC 9776 §4.2.17, RFC 9777 §5.2.16).</summary>
public abstract class ReportPackingTests(Vocabulary words) : HostTests(words)
{
    private readonly HostUnderTest host = new(words, robustness: 2);

    /// <summary>How many sources there may be in a report of one record at 1500 bytes.</summary>
    protected abstract int MostSources { get; }

    /// <summary>How many records without sources there may be in a report at 1500 bytes.</summary>
    protected abstract int MostRecords { get; }

    /// <summary>The length of a report with its IP header.</summary>
    protected abstract int Length(ReportContent report);

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
        answer.Select(report => report.Records.Count).Should().Equal(Parts(400, MostRecords));
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
        var parts = Parts(500, MostSources).Count();
        ShouldBeSplit(host.Sent.Skip(2 * parts), RecordType.IsInclude);

        host.Query("G1", Sources(500)).TakeAll();
        ShouldBeSplit(host.Sent.Skip(3 * parts), RecordType.IsInclude);

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
        records.Should().OnlyContain(record => record.Sources.Count == MostSources && record.Sources.SequenceEqual(records[0].Sources));
    }

    [Fact]
    public void A_record_that_fits_a_report_of_its_own_is_not_split()
    {
        // Two of these do not share a report.
        var most = (MostSources + 35) / 2;
        host.Include("G1", Sources(most), socket: 1).Include("G2", Sources(most), socket: 1).TakeAll();

        host.Close(1);

        host.TakeSent().Select(each => each.Report.Records.Single().Sources.Count).Should().Equal(most, most);
    }

    private void IsExact(int sources, int reports)
    {
        host.Include("G1", Sources(sources));

        host.TakeSent().Should().HaveCount(reports).And.OnlyContain(each => Length(each.Report) <= 1500);
    }

    private void Share(int one, int other, int reports)
    {
        host.Include("G1", Sources(one)).Include("G2", Sources(other)).TakeAll();

        host.Close(1);

        host.TakeSent().Should().HaveCount(reports).And.OnlyContain(each => Length(each.Report) <= 1500);
    }

    private void FollowsTheMtu(int least, int most)
    {
        var small = NewHost(robustness: 1, mtu: least);
        small.Include("G1", Sources(most + 1));

        small.TakeSent().Select(each => each.Report.Records.Single().Sources.Count).Should().Equal(most, 1);
        FluentActions.Invoking(() => NewHost(mtu: least - 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static IEnumerable<int> Parts(int all, int most) => Enumerable.Range(0, all).Chunk(most).Select(each => each.Length);

    private void ShouldBeSplit(IEnumerable<Sent> sent, RecordType type)
    {
        var records = sent.Select(each => each.Report.Records.Should().ContainSingle().Subject).ToList();
        records
            .Select(record => (record.Type, record.Sources.Count))
            .Should()
            .Equal(Parts(500, MostSources).Select(count => (type, count)));
        records.SelectMany(record => record.Sources).Should().OnlyHaveUniqueItems();
    }

    /// <summary>(1500 - 24 - 8 - 8) / 4 sources, (1500 - 24 - 8) / 8 records without.</summary>
    public sealed class Igmp() : ReportPackingTests(Vocabulary.Igmp)
    {
        protected override int MostSources => 365;

        protected override int MostRecords => 183;

        // IPv4 header with Router Alert, report header, records.
        protected override int Length(ReportContent report) => 24 + 8 + report.Records.Sum(record => 8 + (4 * record.Sources.Count));

        [Theory]
        [InlineData(365, 1)]
        [InlineData(366, 2)]
        [InlineData(730, 2)]
        [InlineData(731, 3)]
        public void The_bound_is_exact(int sources, int reports) => IsExact(sources, reports);

        // (1500 - 24 - 8 - 2 * 8) / 4 = 363 sources in two records.
        [Theory]
        [InlineData(163, 1)]
        [InlineData(164, 2)]
        public void Two_records_share_a_report_that_they_just_fill(int more, int reports) => Share(200, more, reports);

        // (68 - 24 - 8 - 8) / 4 = 7.
        [Fact]
        public void The_bound_follows_the_MTU() => FollowsTheMtu(68, 7);
    }

    /// <summary>(1500 - 48 - 8 - 20) / 16 sources, (1500 - 48 - 8) / 20 records without.</summary>
    public sealed class Mld() : ReportPackingTests(Vocabulary.Mld)
    {
        protected override int MostSources => 89;

        protected override int MostRecords => 72;

        // IPv6 header and hop-by-hop options with Router Alert, report header, records.
        protected override int Length(ReportContent report) => 48 + 8 + report.Records.Sum(record => 20 + (16 * record.Sources.Count));

        [Theory(DisplayName = "L2-H-5.2.16-02 m-r-split-include")]
        [InlineData(89, 1)]
        [InlineData(90, 2)]
        [InlineData(178, 2)]
        [InlineData(179, 3)]
        public void The_bound_is_exact(int sources, int reports) => IsExact(sources, reports);

        // (1500 - 48 - 8 - 2 * 20) / 16 = 87 sources in two records.
        [Theory]
        [InlineData(37, 1)]
        [InlineData(38, 2)]
        public void Two_records_share_a_report_that_they_just_fill(int more, int reports) => Share(50, more, reports);

        // (1280 - 48 - 8 - 20) / 16 = 75.
        [Fact(DisplayName = "L2-H-5.2.16-04 m-r-min-mtu")]
        public void The_bound_follows_the_MTU() => FollowsTheMtu(1280, 75);
    }
}
