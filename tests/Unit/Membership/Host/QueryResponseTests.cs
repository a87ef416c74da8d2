using FluentAssertions;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;
using static MulticastLab.Tests.Membership.Host.HostUnderTest;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>Answers to queries (RFC 9776 §5.2): what, when, and how pending answers combine.</summary>
public abstract class QueryResponseTests(Vocabulary words) : HostTests(words)
{
    /// <summary>A host whose state changes are all told.</summary>
    /// <summary>How many records without sources there may be in a report at 1500 bytes.</summary>
    protected abstract int RecordsPerReport { get; }

    private HostUnderTest Quiet(Action<HostUnderTest> prepare, params double[] delays)
    {
        var host = NewHost(robustness: 1, random: delays.Length == 0 ? null : new ToldDelays(delays));
        prepare(host);
        host.TakeAll();
        return host;
    }

    [Fact]
    public void V3_H_5_2_01_and_02_General_queries_are_answered_at_random_within_the_Max_Resp_Time_never_at_once()
    {
        var delays = new List<double>();
        var host = Quiet(each => each.Exclude("G1", ""));
        for (var i = 0; i < 400; i++)
        {
            var asked = host.Now;
            host.Query(seconds: 4).Take().Should().BeEmpty();
            host.TakeAll().Should().Equal("IS_EX(G1,{})");
            delays.Add((host.Now - asked).TotalSeconds);
        }

        delays.Should().OnlyContain(delay => delay > 0 && delay <= 4);
        // Uniform: mean 2, standard error 0.06; each quarter holds 100, give or take 9.
        delays.Average().Should().BeApproximately(2, 0.3);
        delays.GroupBy(delay => (int)(delay * 0.9999)).Should().HaveCount(4).And.OnlyContain(quarter => quarter.Count() > 60);
    }

    [Fact]
    public void V3_M_4_1_1_03_A_Max_Resp_Time_of_zero_is_answered_soon_but_not_at_once()
    {
        var host = Quiet(each => each.Exclude("G1", ""));
        var asked = host.Now;

        host.Query(seconds: 0).Take().Should().BeEmpty();

        host.TakeAll().Should().Equal("IS_EX(G1,{})");
        (host.Now - asked).Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThan(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void V3_H_5_2_02_Also_the_shortest_delay_is_not_none()
    {
        var host = Quiet(each => each.Exclude("G1", ""), 0);

        host.Query().Query("G1").Pass(0).Take().Should().BeEmpty();
        host.TakeAll().Should().HaveCount(1, "both answers are due together");
    }

    [Fact]
    public void V3_H_5_2_03_Without_state_nothing_is_scheduled()
    {
        var host = NewHost();
        host.Query().Query("G2").Query("G2", "S1");
        host.Host.NextDue.Should().Be(MulticastLab.Packets.Instant.Never);

        host.Exclude("G1", "").TakeAll();
        host.Query("G2").Query("G2", "S1");
        host.Host.NextDue.Should().Be(MulticastLab.Packets.Instant.Never);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("G1", "")]
    [InlineData("G1", "S1")]
    public void V3_H_5_2_04_Rule_1_A_general_answer_due_sooner_serves_every_query(string group, string sources)
    {
        var host = Quiet(each => each.Exclude("G1", ""), 1, 0.5);

        host.Query(seconds: 1).Query(group, sources, seconds: 12.7);

        host.TakeAll().Should().Equal("IS_EX(G1,{})");
        host.Sent[^1].At.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void V3_H_5_2_04_Rule_1_does_not_serve_what_is_asked_for_sooner()
    {
        var host = Quiet(each => each.Exclude("G1", "").Exclude("G2", ""), 1);

        host.Query(seconds: 10).Query("G1", seconds: 1);

        host.TakeAll().Should().Equal("IS_EX(G1,{})", "IS_EX(G1,{}) IS_EX(G2,{})");
    }

    [Fact]
    public void V3_H_5_2_05_Rule_2_A_sooner_general_query_replaces_the_pending_answer()
    {
        var host = Quiet(each => each.Exclude("G1", ""), 1);

        host.Query(seconds: 12.7).Pass(0.1).Query(seconds: 0.5);

        host.TakeAll().Should().Equal("IS_EX(G1,{})");
        host.Sent[^1].At.Should().Be(TimeSpan.FromSeconds(0.6));
    }

    [Fact]
    public void V3_H_5_2_06_Rule_3_A_group_specific_query_is_answered_for_that_group_only()
    {
        var host = Quiet(each => each.Exclude("G1", "").Exclude("G2", "S1"));
        var asked = host.Now;

        host.Query("G1", seconds: 1);

        host.TakeAll().Should().Equal("IS_EX(G1,{})");
        (host.Now - asked).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void V3_H_5_2_07_Rule_3_The_queried_sources_are_recorded() =>
        Quiet(each => each.Include("G1", "S1,S2,S3")).Query("G1", "S2,S3,S4", seconds: 1).TakeAll().Should().Equal("IS_IN(G1,{S2,S3})");

    [Fact]
    public void V3_H_5_2_08_Rule_4_A_group_specific_query_widens_the_answer()
    {
        var host = Quiet(each => each.Include("G1", "S1,S2"), 1, 0.5);

        host.Query("G1", "S1", seconds: 5).Pass(0.1).Query("G1", seconds: 5);

        host.TakeAll().Should().Equal("IS_IN(G1,{S1,S2})");
        host.Sent[^1].At.Should().Be(TimeSpan.FromSeconds(2.6), "the new delay ends sooner");
    }

    [Fact]
    public void V3_H_5_2_09_Rule_4_Queried_sources_do_not_narrow_the_answer()
    {
        var host = Quiet(each => each.Include("G1", "S1,S2"), 0.5, 1);

        host.Query("G1", seconds: 5).Query("G1", "S1", seconds: 5);

        host.TakeAll().Should().Equal("IS_IN(G1,{S1,S2})");
        host.Sent[^1].At.Should().Be(TimeSpan.FromSeconds(2.5), "the pending answer is due sooner");
    }

    [Fact]
    public void V3_H_5_2_10_Rule_5_Queried_sources_add_up()
    {
        var host = Quiet(each => each.Include("G1", "S1,S2,S3"), 1, 0.5);

        host.Query("G1", "S1", seconds: 5).Pass(0.1).Query("G1", "S2", seconds: 5);

        host.TakeAll().Should().Equal("IS_IN(G1,{S1,S2})");
        host.Sent[^1].At.Should().Be(TimeSpan.FromSeconds(2.6));
    }

    [Fact]
    public void V3_H_5_2_11_Combined_answers_are_due_at_the_earlier_time()
    {
        var host = Quiet(each => each.Exclude("G1", ""), 1);

        host.Query("G1", seconds: 1).Query("G1", seconds: 12.7);

        host.TakeAll().Should().Equal("IS_EX(G1,{})");
        host.Sent[^1].At.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void V3_H_5_2_12_A_general_answer_has_one_record_per_group_in_one_report() =>
        Quiet(each => each.Exclude("G1", "").Exclude("G2", "S1").Include("G3", "S1,S2")).Query().TakeAll()
            .Should().Equal("IS_EX(G1,{}) IS_EX(G2,{S1}) IS_IN(G3,{S1,S2})");

    [Fact]
    public void V3_H_5_2_13_A_large_general_answer_is_spread_over_the_response_time()
    {
        var host = Quiet(each =>
        {
            for (var i = 0; i < 1000; i++)
                each.Exclude($"239.2.{i / 250}.{i % 250}", "");
        });
        var asked = host.Now;

        host.Query(seconds: 10).TakeAll();

        var answer = host.Sent.Skip(1000).ToList();
        answer.Should().HaveCount((int)Math.Ceiling(1000.0 / RecordsPerReport));
        answer
            .SelectMany(each => each.Report.Records)
            .Select(record => record.Group)
            .Should()
            .HaveCount(1000)
            .And.OnlyHaveUniqueItems()
            .And.BeInAscendingOrder();
        answer.Select(each => each.At).Should().OnlyHaveUniqueItems();
        (host.Now - asked).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void V3_H_5_2_13_While_a_spread_answer_goes_out_the_groups_told_already_still_answer_queries()
    {
        var host = Quiet(each =>
        {
            for (var i = 0; i < RecordsPerReport + 17; i++)
                each.Exclude($"239.2.0.{i}", "");
        }, 0.5);
        host.Query(seconds: 10).Pass(5);
        host.Take().Should().HaveCount(1);

        host.Query("239.2.0.0", seconds: 10).Query($"239.2.0.{RecordsPerReport + 16}", seconds: 10);

        // The rest is due at 5 + 5 / 2 s; the last group is in it (rule 1), the first one is not.
        host.TakeSent().Should().BeEmpty();
        host.Pass(2.5).TakeSent().Single().Report.Records.Should().HaveCount(17);
        host.TakeAll().Should().Equal("IS_EX(239.2.0.0,{})");
    }

    [Fact]
    public void V3_H_5_2_13_A_general_query_while_a_spread_answer_goes_out_is_answered_for_every_group()
    {
        var host = Quiet(each =>
        {
            for (var i = 0; i < 200; i++)
                each.Exclude($"239.2.0.{i}", "");
        }, 0.5, 0.5, 1);
        host.Query(seconds: 10).Pass(5).Take();

        host.Query(seconds: 100).TakeAll();

        host.Sent.Skip(201).SelectMany(each => each.Report.Records).Should().HaveCount(200);
    }

    [Fact]
    public void V3_H_5_2_13_A_spread_answer_that_starts_again_keeps_the_time_of_a_query_that_it_answers()
    {
        // The rest of the first answer is due at 10 + 10 / 2 s, the answer to the second query would be at 18 s; from then on all is as
        // late as it can be.
        var host = Quiet(each =>
        {
            for (var i = 0; i < 200; i++)
                each.Exclude($"239.2.0.{i}", "");
        }, 0.5, 0.5, 1, 1, 1);
        host.Query(seconds: 20).Pass(10).Take();
        host.Query("239.2.0.199", seconds: 8);
        var limit = host.Elapsed + TimeSpan.FromSeconds(8);

        host.Query(seconds: 100).TakeAll();

        var last = host.Sent[^1];
        last.Report.Records.Select(record => Vocabulary.Name(record.Group)).Should().EndWith("239.2.0.199");
        last.At.Should().BeGreaterThan(limit - TimeSpan.FromSeconds(3)).And.BeLessThanOrEqualTo(limit);
    }

    [Fact]
    public void V3_H_5_2_14_A_group_specific_answer_has_mode_and_list() =>
        Quiet(each => each.Exclude("G2", "S1")).Query("G2").TakeAll().Should().Equal("IS_EX(G2,{S1})");

    [Theory]
    [InlineData("V3-H-5.2-15", true, "S1,S2", "S2,S3", "IS_IN(G1,{S2})")]
    [InlineData("V3-H-5.2-16", false, "S1", "S1,S2,S3", "IS_IN(G1,{S2,S3})")]
    [InlineData("V3-H-5.2-17 INCLUDE", true, "S1", "S2", "")]
    [InlineData("V3-H-5.2-17 EXCLUDE", false, "S1,S2", "S1", "")]
    public void Queried_sources_are_answered_by_what_is_wanted(
        string requirement, bool include, string state, string queried, string answer)
    {
        var host = Quiet(each => _ = include ? each.Include("G1", state) : each.Exclude("G1", state));

        host.Query("G1", queried);

        host.TakeAll().Should().Equal(answer.Length == 0 ? [] : [answer], requirement);
    }

    [Fact]
    public void V3_H_5_2_18_The_answer_reflects_the_state_at_expiry()
    {
        var left = Quiet(each => each.Exclude("G1", ""), 1);
        left.Query("G1").Pass(1).Include("G1", "");
        left.TakeAll().Should().Equal("TO_IN(G1,{})");

        var changed = Quiet(each => each.Include("G1", "S1"), 1);
        changed.Query("G1").Pass(1).Include("G1", "S2");
        changed.TakeAll().Should().Equal("ALLOW(G1,{S2}) BLOCK(G1,{S1})", "IS_IN(G1,{S2})");

        var general = Quiet(each => each.Exclude("G1", "").Exclude("G2", ""), 1);
        general.Query().Pass(1).Include("G1", "");
        general.TakeAll().Should().Equal("TO_IN(G1,{})", "IS_EX(G2,{})");
    }

    [Fact]
    public void V3_H_5_2_19_Recorded_sources_are_gone_after_the_answer()
    {
        var host = Quiet(each => each.Include("G1", "S1,S2"));

        host.Query("G1", "S1").TakeAll().Should().Equal("IS_IN(G1,{S1})");
        host.Query("G1").TakeAll().Should().Equal("IS_IN(G1,{S1,S2})");
        host.Query("G1", "S2").TakeAll().Should().Equal("IS_IN(G1,{S2})");
        host.Query("G1", "S1").TakeAll().Should().Equal("IS_IN(G1,{S1})");
    }

    [Fact]
    public void V3_H_5_2_20_A_general_answer_clears_recorded_sources_and_the_group_timer_still_answers()
    {
        var host = Quiet(each => each.Include("G1", "S1,S2"), 1);

        host.Query("G1", "S1", seconds: 12.7).Query(seconds: 0.5);

        host.TakeAll().Should().Equal("IS_IN(G1,{S1,S2})", "IS_IN(G1,{S1,S2})");
    }

    [Fact]
    public void V3_H_5_2_21_The_S_flag_is_no_concern_of_hosts()
    {
        var host = Quiet(each => each.Include("G1", "S1,S2"));

        host.Query("G1", s: true).TakeAll().Should().Equal("IS_IN(G1,{S1,S2})");
        host.Query("G1", "S1", s: true).TakeAll().Should().Equal("IS_IN(G1,{S1})");
    }

    [Fact]
    public void V3_H_5_2_22_Two_hosts_both_answer()
    {
        var hosts = new[] { 1, 2 }.Select(seed => NewHost(1, random: new Random(seed)).Exclude("G1", "")).ToList();

        foreach (var host in hosts)
        {
            host.TakeAll();
            host.Query().TakeAll().Should().Equal("IS_EX(G1,{})");
        }
    }

    [Fact]
    public void V3_H_5_2_23_Answers_do_not_use_up_pending_copies()
    {
        var host = NewHost(robustness: 3);
        host.Exclude("G1", "").Query(seconds: 0.5);

        string.Join(' ', host.TakeAll()).Split(' ').Should().BeEquivalentTo("TO_EX(G1,{})", "TO_EX(G1,{})", "TO_EX(G1,{})", "IS_EX(G1,{})");
    }

    [Fact]
    public void V3_H_3_2_09_Source_filters_do_not_apply_to_queries()
    {
        Quiet(each => each.Exclude("G1", "10.0.0.1")).Query("G1", to: "G1").TakeAll().Should().Equal("IS_EX(G1,{10.0.0.1})");
        Quiet(each => each.Include("G1", "S1")).Query("G1", to: "G1").TakeAll().Should().Equal("IS_IN(G1,{S1})");
    }

    [Theory]
    [InlineData("", "", "10.0.0.11")]
    [InlineData("G1", "", "10.0.0.11")]
    [InlineData("G1", "", "G1")]
    [InlineData("G1", "S1", "G1")]
    [InlineData("G1", "", "224.0.0.1")]
    public void V3_H_4_1_12_01_Queries_to_any_address_of_the_interface_are_answered(string group, string sources, string to) =>
        Quiet(each => each.Exclude("G1", "")).Query(group, sources, to: to).TakeAll().Should().HaveCount(1);

    [Theory]
    [InlineData("10.1.1.1", "")]
    [InlineData("255.255.255.255", "")]
    [InlineData("224.0.0.1", "")]
    [InlineData("224.0.0.0", "")]
    [InlineData("", "S1")]
    public void V3_M_4_1_3_02_and_V3_M_4_1_8_01_Queries_for_no_group_are_ignored(string group, string sources) =>
        Quiet(each => each.Exclude("G1", "")).Query(group, sources).TakeAll().Should().BeEmpty();

    [Fact]
    public void V3_H_9_1_03_A_flood_of_queried_sources_ends_in_one_answer_for_the_group()
    {
        var host = Quiet(each => each.Include("G1", "S1"), 1);
        for (var i = 0; i < 1000; i++)
            host.Query(
                "G1", string.Join(',', Enumerable.Range(0, 366).Select(n => Address.FromV4(0x0A00_0000 + (uint)((i * 366) + n)))),
                seconds: 3174.4);
        host.Query("G1", seconds: 1);

        host.TakeAll().Should().Equal("IS_IN(G1,{S1})");
    }

    [Fact]
    public void V3_H_9_1_03_More_sources_than_are_recorded_are_answered_for_the_whole_group()
    {
        var host = NewHost(1, random: new ToldDelays(1), settings: new MulticastLab.Membership.Host.HostSettings { MaxSources = 64 });
        host.Include("G1", "S1").TakeAll();

        host.Query("G1", Sources(65)).TakeAll().Should().Equal("IS_IN(G1,{S1})");
        host.Query("G1", Sources(64)).TakeAll().Should().BeEmpty();
    }

    [Fact]
    public void V3_S_2_2_04_A_group_specific_query_for_a_source_specific_group_is_answered() =>
        Quiet(each => each.Include("M1", "S1")).Query("M1").TakeAll().Should().Equal("IS_IN(M1,{S1})");

    private void AreLeftAlone(string message)
    {
        var host = Quiet(each => each.Exclude("G1", ""), 1);
        Dialect.TryRead(Words.Packet(message), out var received).Should().Be(PacketError.None);

        host.Query("G1", seconds: 5).Pass(1);
        host.Host.Receive(received, host.Now).Should().BeEmpty();

        host.TakeAll().Should().Equal("IS_EX(G1,{})");
        host.Elapsed.Should().Be(TimeSpan.FromSeconds(5));
    }

    public sealed class Igmp() : QueryResponseTests(Vocabulary.Igmp)
    {
        // (1500 - 24 - 8) / 8.
        protected override int RecordsPerReport => 183;

        [Theory]
        [InlineData("22000000 00000001 02000000 ef010101")]
        [InlineData("22000000 00000001 03000000 ef010101")]
        [InlineData("17000000 ef010101")]
        [InlineData("16000000 ef010101")]
        [InlineData("12000000 ef010101")]
        [Shows("V3-H-5-05", "V3-H-5.2-22")]
        public void Messages_of_other_hosts_do_not_touch_pending_answers(string message) => AreLeftAlone(message);

        [Fact]
        public void V3_H_5_2_24_Queries_from_0_0_0_0_are_answered() =>
            Quiet(each => each.Exclude("G1", "")).Query(from: "0.0.0.0").TakeAll().Should().Equal("IS_EX(G1,{})");

        [Theory]
        [InlineData("G1")]
        [InlineData("224.0.0.2")]
        public void V3_H_9_1_02_General_queries_to_another_group_are_ignored(string to) =>
            Quiet(each => each.Exclude("G1", "")).Query(to: to).TakeAll().Should().BeEmpty();

        [Fact]
        public void V3_H_9_1_01_Queries_without_Router_Alert_are_ignored_unless_they_may_be_without()
        {
            Quiet(each => each.Exclude("G1", "")).Query(routerAlert: false).Query("G1", routerAlert: false).TakeAll().Should().BeEmpty();
            Quiet(each => each.Exclude("G1", "")).Query(routerAlert: false, version: 1).TakeAll().Should().Equal("V1(G1)");
            var lenient = NewHost(1, settings: new MulticastLab.Membership.Host.HostSettings { RequireRouterAlert = false });
            lenient.Exclude("G1", "").Query(routerAlert: false).TakeAll().Should().Equal("TO_EX(G1,{})", "IS_EX(G1,{})");
        }
    }

    public sealed class Mld() : QueryResponseTests(Vocabulary.Mld)
    {
        // (1500 - 48 - 8) / 20.
        protected override int RecordsPerReport => 72;

        [Theory]
        [InlineData("8f00000000000001 02000000 ff1e00000000000000000000ef010101")]
        [InlineData("8f00000000000001 03000000 ff1e00000000000000000000ef010101")]
        [InlineData("8400000000000000 ff1e00000000000000000000ef010101")]
        [InlineData("8300000000000000 ff1e00000000000000000000ef010101")]
        [Shows("L2-H-6-07", "L2-H-6.2-24")]
        public void Messages_of_other_hosts_do_not_touch_pending_answers(string message) => AreLeftAlone(message);

        [Theory]
        [InlineData("::")]
        [InlineData("2001:db8::1")]
        [InlineData("fe90::1")]
        [Shows("L2-H-5.1.14-01", "L2-H-5.1.14-02")]
        public void Queries_that_do_not_come_from_a_link_local_address_are_ignored(string from) =>
            Quiet(each => each.Exclude("G1", ""))
                .Query(from: from)
                .Query("G1", from: from)
                .Query(from: from, version: 2)
                .TakeAll()
                .Should()
                .BeEmpty();

        [Theory]
        [InlineData("G1")]
        [InlineData("ff02::2")]
        [InlineData("fe80::11")]
        [Shows("L2-H-5.1.15-01")]
        public void General_queries_to_another_address_of_the_interface_are_answered(string to) =>
            Quiet(each => each.Exclude("G1", "")).Query(to: to).TakeAll().Should().Equal("IS_EX(G1,{})");

        [Fact]
        [Shows("L2-H-6.2-02")]
        public void Queries_without_Router_Alert_are_ignored_whatever_the_version_and_the_settings()
        {
            var lenient = NewHost(1, settings: new MulticastLab.Membership.Host.HostSettings { RequireRouterAlert = false });
            lenient.Exclude("G1", "").TakeAll();

            lenient
                .Query(routerAlert: false)
                .Query("G1", routerAlert: false)
                .Query(routerAlert: false, version: 2)
                .TakeAll()
                .Should()
                .BeEmpty();
        }

        [Theory]
        [InlineData(0)]
        [InlineData(2)]
        [InlineData(64)]
        [InlineData(255)]
        [Shows("L2-H-6.2-01")]
        public void Queries_with_another_hop_limit_than_1_are_ignored(byte hopLimit) =>
            Quiet(each => each.Exclude("G1", "")).Query(hopLimit: hopLimit).Query("G1", hopLimit: hopLimit).TakeAll().Should().BeEmpty();
    }
}
