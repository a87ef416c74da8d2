using FluentAssertions;
using Xunit;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>State-Change Reports (RFC 9776 §5.1): contents, copies, merging, and when they are sent.</summary>
public abstract class StateChangeTests(Vocabulary words) : HostTests(words)
{
    [Fact]
    public void V3_H_5_1_01_A_change_is_reported_at_once()
    {
        var host = NewHost();
        host.Pass(5).Exclude("G1", "");

        host.TakeSent().Select(each => (each.At, each.Text)).Should().Equal((TimeSpan.FromSeconds(5), "TO_EX(G1,{})"));
    }

    // The table of §5.1; "none" is INCLUDE of nothing.
    [Theory]
    [InlineData("V3-H-5.1-02", FilterMode.Include, "S1,S2,S3", FilterMode.Include, "S3,S4", "ALLOW(G1,{S4}) BLOCK(G1,{S1,S2})")]
    [InlineData("V3-H-5.1-03", FilterMode.Include, "", FilterMode.Include, "S1", "ALLOW(G1,{S1})")]
    [InlineData("V3-H-5.1-04", FilterMode.Include, "S1", FilterMode.Include, "", "BLOCK(G1,{S1})")]
    [InlineData("V3-H-5.1-05", FilterMode.Exclude, "S1,S2", FilterMode.Exclude, "S2,S3", "ALLOW(G1,{S1}) BLOCK(G1,{S3})")]
    [InlineData("V3-H-5.1-06", FilterMode.Include, "S1", FilterMode.Exclude, "S2,S3", "TO_EX(G1,{S2,S3})")]
    [InlineData("V3-H-5.1-07", FilterMode.Exclude, "S1", FilterMode.Include, "S2", "TO_IN(G1,{S2})")]
    [InlineData("V3-H-5.1-08", FilterMode.Include, "S1", FilterMode.Include, "S1,S2", "ALLOW(G1,{S2})")]
    [InlineData("V3-H-5.1-08 BLOCK", FilterMode.Exclude, "S1", FilterMode.Exclude, "S1,S2", "BLOCK(G1,{S2})")]
    public void The_difference_is_reported(
        string requirement, FilterMode before, string beforeSources, FilterMode after, string afterSources, string report)
    {
        var host = NewHost();
        host.Listen("G1", before, beforeSources).TakeAll();

        host.Listen("G1", after, afterSources);

        host.TakeAll().Should().Equal([report, report], "{0} asks for it, RV times", requirement);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void V3_H_5_1_09_A_report_is_sent_RV_times(int robustness)
    {
        var configured = NewHost(robustness);
        configured.Exclude("G1", "S1").TakeAll().Should().Equal(Enumerable.Repeat("TO_EX(G1,{S1})", robustness));

        var told = NewHost(robustness: 2);
        told.Query(qrv: robustness).Include("G1", "S1").TakeAll().Should().Equal(Enumerable.Repeat("ALLOW(G1,{S1})", robustness));
    }

    [Fact]
    public void V3_R_4_1_6_03_A_QRV_of_zero_brings_the_configured_value_back()
    {
        var host = NewHost(robustness: 3);

        host.Query(qrv: 5).Host.RobustnessVariable.Should().Be(5);
        host.Query(qrv: 0).Host.RobustnessVariable.Should().Be(3);
    }

    [Fact]
    public void A_query_that_is_not_accepted_or_tells_no_QRV_leaves_the_robustness_variable_alone()
    {
        var host = NewHost();
        host.Query(qrv: 5);

        host.Query(qrv: 7, routerAlert: false).Query("10.1.1.1", qrv: 7).Query(qrv: 0, version: 2);

        host.Host.RobustnessVariable.Should().Be(5);
    }

    [Fact]
    public void V3_H_3_2_05_A_request_that_changes_nothing_does_not_bring_a_pending_copy_forward()
    {
        var host = NewHost(random: new ToldDelays(1));
        host.Exclude("G1", "", socket: 1).Pass(0.1).Exclude("G1", "", socket: 2);

        host.TakeAll();

        host.Sent.Select(each => each.At.TotalSeconds).Should().Equal(0, 1);
    }

    [Fact]
    public void V3_H_5_1_10_and_V3_H_8_11_01_Copies_follow_at_random_within_the_Unsolicited_Report_Interval()
    {
        var gaps = new List<double>();
        for (var seed = 0; seed < 400; seed++)
        {
            var host = NewHost(robustness: 3, random: new Random(seed));
            host.Exclude("G1", "").TakeAll();
            gaps.AddRange(host.Sent.Zip(host.Sent.Skip(1), (earlier, later) => (later.At - earlier.At).TotalSeconds));
        }

        gaps.Should().HaveCount(800).And.OnlyContain(gap => gap > 0 && gap <= 1);
        // Uniform: mean 0.5, standard error 0.01; each tenth holds 80 of them, give or take 8.5.
        gaps.Average().Should().BeApproximately(0.5, 0.05);
        gaps.GroupBy(gap => (int)(gap * 10)).Should().HaveCount(10).And.OnlyContain(tenth => tenth.Count() > 40 && tenth.Count() < 120);
    }

    [Fact]
    public void V3_H_5_1_11_A_further_change_is_reported_at_once()
    {
        var host = NewHost(robustness: 3, random: new ToldDelays(1));
        host.Include("G1", "S1").Pass(0.1).Include("G1", "S1,S2");

        host.Sent.Select(each => each.At.TotalSeconds).Should().Equal(0, 0.1);
    }

    [Fact]
    public void V3_H_5_1_12_A_further_change_is_merged_and_each_source_is_reported_RV_times()
    {
        var host = NewHost(robustness: 3, random: new ToldDelays(1));
        host.Include("G1", "S1").Pass(0.1).Include("G1", "S1,S2");

        host.TakeAll().Should().Equal("ALLOW(G1,{S1})", "ALLOW(G1,{S1,S2})", "ALLOW(G1,{S1,S2})", "ALLOW(G1,{S2})");
        host.Sent.Select(each => each.At.TotalSeconds).Should().Equal([0, 0.1, 1.1, 2.1], "the earlier series ends");
    }

    [Fact]
    public void V3_H_5_1_13_A_source_that_is_no_longer_wanted_moves_from_ALLOW_to_BLOCK()
    {
        var host = NewHost(robustness: 3, random: new ToldDelays(1));
        host.Include("G1", "S1").Pass(0.1).Include("G1", "");

        host.TakeAll().Should().Equal("ALLOW(G1,{S1})", "BLOCK(G1,{S1})", "BLOCK(G1,{S1})", "BLOCK(G1,{S1})");
    }

    [Theory]
    [InlineData(2, "TO_EX(G1,{})", "TO_EX(G1,{S2})", "BLOCK(G1,{S2})")]
    [InlineData(3, "TO_EX(G1,{})", "TO_EX(G1,{S2})", "TO_EX(G1,{S2})", "BLOCK(G1,{S2})")]
    public void V3_H_5_1_14_and_15_The_mode_is_told_RV_times_before_sources_are(int robustness, params string[] reports)
    {
        var host = NewHost(robustness, random: new ToldDelays(1));
        host.Include("G1", "S1").TakeAll();

        host.Exclude("G1", "").Pass(0.1).Exclude("G1", "S2");

        host.TakeAll().Should().Equal(reports);
    }

    [Fact]
    public void V3_H_5_1_16_Copies_tell_the_present_mode()
    {
        var host = NewHost(robustness: 3, random: new ToldDelays(1));
        host.Exclude("G1", "").Pass(0.1).Include("G1", "S1");

        host.TakeAll().Should().Equal("TO_EX(G1,{})", "TO_IN(G1,{S1})", "TO_IN(G1,{S1})", "TO_IN(G1,{S1})");
    }

    [Fact]
    public void V3_H_5_1_17_Leaving_and_joining_again_ends_joined()
    {
        var host = NewHost(random: new ToldDelays(1));
        host.Exclude("G1", "").TakeAll();

        host.Include("G1", "").Pass(0.2).Exclude("G1", "");

        host.TakeAll().Should().Equal("TO_IN(G1,{})", "TO_EX(G1,{})", "TO_EX(G1,{})");
    }

    [Fact]
    public void V3_H_5_1_18_A_pending_mode_report_tells_the_whole_list()
    {
        var host = NewHost(robustness: 3, random: new ToldDelays(1));
        host.Exclude("G1", "").TakeAll();

        host.Include("G1", "S1,S2,S3").Pass(0.1).Include("G1", "S1,S2,S3,S4");

        host.TakeAll().Should().Equal("TO_IN(G1,{S1,S2,S3})", "TO_IN(G1,{S1,S2,S3,S4})", "TO_IN(G1,{S1,S2,S3,S4})", "ALLOW(G1,{S4})");
    }

    [Fact]
    public void V3_H_5_1_19_The_series_of_two_groups_do_not_disturb_each_other()
    {
        var host = NewHost(robustness: 3, random: new ToldDelays(1, 0.5));
        host.Exclude("G1", "").Pass(0.3).Exclude("G2", "");

        string.Join(' ', host.TakeAll())
            .Split(' ')
            .GroupBy(text => text)
            .Should()
            .OnlyContain(group => group.Count() == 3)
            .And.HaveCount(2);
    }

    [Fact]
    public void V3_H_5_1_19_Copies_due_together_share_a_report()
    {
        var host = NewHost(random: new ToldDelays(1));
        host.Exclude("G1", "").Exclude("G2", "");

        host.TakeAll().Should().Equal("TO_EX(G1,{})", "TO_EX(G2,{})", "TO_EX(G1,{}) TO_EX(G2,{})");
    }

    [Fact]
    public void Timers_that_ran_late_still_send_every_copy_in_a_report_of_its_own()
    {
        var host = NewHost(robustness: 3);
        host.Exclude("G1", "").Take();

        // One call, long after all were due: a shell that was held up.
        var effects = host.Host.Advance(host.Now + TimeSpan.FromMinutes(1));

        effects.Should().HaveCount(2);
        host.Host.NextDue.Should().Be(MulticastLab.Packets.Instant.Never);
    }

    [Fact]
    public void When_the_link_comes_up_every_state_is_told_again()
    {
        var host = NewHost();
        host.Exclude("G2", "S2").Include("G1", "S1").TakeAll();

        host.LinkUp();

        host.Take().Should().Equal("ALLOW(G1,{S1}) TO_EX(G2,{S2})");
        string.Join(' ', host.TakeAll()).Split(' ').Should().BeEquivalentTo("ALLOW(G1,{S1})", "TO_EX(G2,{S2})");
    }

    [Fact]
    public void Nothing_stays_behind_when_all_is_left()
    {
        var host = NewHost(robustness: 3);
        host.Exclude("G1", "").Query("G1", "S1").Include("G1", "").TakeAll();

        host.Host.Dump().Should().BeEmpty();
        host.Host.NextDue.Should().Be(MulticastLab.Packets.Instant.Never);
        host.Host.GroupCount.Should().Be(0);
        host.Query().Query("G1").TakeAll().Should().BeEmpty();
    }

    public sealed class Igmp() : StateChangeTests(Vocabulary.Igmp)
    {
        [Fact]
        public void A_General_Query_to_another_group_leaves_the_robustness_variable_alone() =>
            NewHost().Query(qrv: 5).Query(qrv: 7, to: "224.0.0.2").Host.RobustnessVariable.Should().Be(5);
    }

    public sealed class Mld() : StateChangeTests(Vocabulary.Mld);
}
