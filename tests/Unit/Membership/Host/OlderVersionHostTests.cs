using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>What a host of version 1 or 2 says and when (RFC 2236 §3, §4, §6; RFC 9776 §7.2).</summary>
public abstract class OlderVersionHostTests(Vocabulary words) : HostTests(words)
{
    /// <summary>A host that has heard a General Query of an older version some time ago.</summary>
    private HostUnderTest Host(int version = 2, int robustness = 2, params double[] delays) =>
        NewHost(robustness, random: delays.Length == 0 ? null : new ToldDelays(delays)).Query(version: version).Pass(10);

    [Theory]
    [InlineData(2, "V2(G1)", "V2(G2)")]
    public void V3_X_3_02_A_join_is_told_at_once_and_again_within_ten_seconds(int version, string report, string other)
    {
        var host = Host(version, delays: 1);

        host.Exclude("G1", "").Pass(3).Include("G2", "S1").Pass(100);

        host.TakeSent()
            .Select(each => (each.Text, each.At.TotalSeconds))
            .Should()
            .Equal((report, 10), (other, 13), (report, 20), (other, 23));
    }

    [Fact]
    public void V3_X_3_02_and_V3_H_8_11_01_Repetitions_come_at_random_within_ten_seconds()
    {
        var gaps = new List<double>();
        for (var seed = 0; seed < 400; seed++)
        {
            var host = NewHost(random: new Random(seed)).Query(version: 2).Exclude("G1", "").Pass(60);
            gaps.Add((host.Sent[1].At - host.Sent[0].At).TotalSeconds);
        }

        gaps.Should().OnlyContain(gap => gap > 0 && gap <= 10);
        // Uniform: mean 5, standard error 0.14; each half holds 200, give or take 10.
        gaps.Average().Should().BeApproximately(5, 0.7);
        gaps.Count(gap => gap < 5).Should().BeInRange(140, 260);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(7, 3)]
    public void A_join_is_repeated_once_or_twice_at_most(int robustness, int reports) =>
        Host(robustness: robustness).Exclude("G1", "").Pass(100).Take().Should().HaveCount(reports);

    [Fact]
    public void V3_X_3_01_The_last_reporter_tells_that_it_leaves()
    {
        var host = Host();
        host.Exclude("G1", "").Query(version: 2).Pass(20).Take();

        host.Include("G1", "");

        host.Pass(20).Take().Should().Equal("LEAVE(G1)");
        host.Host.GroupCount.Should().Be(0);
    }

    [Fact]
    public void V3_X_3_01_A_host_that_was_not_the_last_reporter_is_silent()
    {
        var host = Host();
        host.Exclude("G1", "").Exclude("G2", "").Pass(20).Take();

        host.Overhear("G1").Include("G1", "").Include("G2", "");

        host.Pass(20).Take().Should().Equal("LEAVE(G2)");
    }

    // RFC 2236 §6: the flag tells who was the last to report. In version 3 this host has reported itself (RFC 9776 §5.2), so it is not for
    // others to leave.
    [Fact]
    public void A_host_that_was_overheard_before_it_changed_its_mode_tells_its_leave_again()
    {
        var host = Host();
        host.Exclude("G1", "").Pass(20).Overhear("G1");

        // RV × QI + 10 × MRT = 350 s after the last query of version 2 (§8.12) it is of version 3 again.
        host.Pass(400).Query(version: 2).Take();
        host.Include("G1", "");

        host.Take().Should().Equal("LEAVE(G1)");
    }

    [Fact]
    public void A_leave_takes_the_repetition_of_the_join_back() =>
        Host().Exclude("G1", "").Include("G1", "").Pass(20).Take().Should().Equal("V2(G1)", "LEAVE(G1)");

    [Fact]
    public void V3_X_3_03_Another_hosts_report_cancels_the_own_one()
    {
        var host = Host();
        host.Exclude("G1", "").Exclude("G2", "").Pass(20).Take();

        host.Query(version: 2).Overhear("G1").Pass(20).Take().Should().Equal("V2(G2)");
        host.Query(version: 2).Pass(20).Take().Order().Should().Equal(["V2(G1)", "V2(G2)"], "the next query is answered again");
    }

    [Fact]
    public void V3_X_3_03_Another_hosts_report_cancels_the_repetition_of_the_own_one() =>
        Host().Exclude("G1", "").Overhear("G1").Overhear("G5").Pass(20).Take().Should().Equal("V2(G1)");

    [Fact]
    public void V3_X_7_2_2_02_and_V3_S_2_2_02_Reports_for_source_specific_groups_are_never_suppressed()
    {
        var current = NewHost(robustness: 1).Include("M1", "S1");
        current.Query().Overhear("M1").Pass(10).Take().Should().Equal("ALLOW(M1,{S1})", "IS_IN(M1,{S1})");

        var older = Host(robustness: 1).Include("M1", "S1");
        older.Query(version: 2).Overhear("M1").Pass(10).Include("M1", "");
        older.Take().Should().Equal("V2(M1)", "V2(M1)", "LEAVE(M1)");
    }

    [Fact]
    public void V3_X_7_2_2_01_A_host_of_version_3_does_not_let_itself_be_suppressed()
    {
        var host = NewHost(robustness: 1).Exclude("G1", "");

        host.Query().Overhear("G1").Pass(10).Take().Should().Equal("TO_EX(G1,{})", "IS_EX(G1,{})");
    }

    [Fact]
    public void V3_X_3_04_A_pending_report_is_hastened_by_a_shorter_response_time_only()
    {
        var host = Host(delays: 1);
        host.Exclude("G1", "").Pass(20).Take();

        host.Query("G1", version: 2, seconds: 10).Pass(0.2).Query("G1", version: 2, seconds: 1);
        host.Pass(20).TakeSent().Select(each => each.At.TotalSeconds).Should().Equal(31.2);

        host.Query("G1", version: 2, seconds: 1).Pass(0.2).Query("G1", version: 2, seconds: 10);
        host.Pass(20).TakeSent().Select(each => each.At.TotalSeconds).Should().Equal(51.2);
    }

    [Fact]
    public void V3_X_7_2_1_11_Sources_are_not_told_and_still_filter()
    {
        var host = Host();

        host.Include("G1", "S1").Pass(20).Take().Should().Equal("V2(G1)", "V2(G1)");
        host.Include("G1", "S1,S2").Exclude("G1", "S3").Include("G1", "S2").Pass(20).Take().Should().BeEmpty();
        host.Host.Accepts(Named("S1"), Named("G1")).Should().BeFalse();
        host.Host.Accepts(Named("S2"), Named("G1")).Should().BeTrue();
        host.Query("G1", "S9", seconds: 1)
            .Pass(1)
            .Take()
            .Should()
            .Equal(["V2(G1)"], "a version 2 host does not read the sources of a query");
        host.Include("G1", "").Pass(20).Take().Should().Equal("LEAVE(G1)");
    }

    [Fact]
    public void When_the_link_comes_up_every_group_is_told_again()
    {
        var host = Host();
        host.Exclude("G2", "").Include("G1", "S1").Pass(20).Take();

        host.LinkUp().Pass(20).Take().Order().Should().Equal("V2(G1)", "V2(G1)", "V2(G2)", "V2(G2)");
    }

    public sealed class Igmp() : OlderVersionHostTests(Vocabulary.Igmp)
    {
        [Fact]
        public void V3_X_4_01_A_version_1_host_leaves_silently()
        {
            var host = Host(version: 1);
            host.Exclude("G1", "").Pass(20).Take();

            host.Include("G1", "").Pass(20).Take().Should().BeEmpty();
            host.Query(version: 1).Pass(10).Take().Should().BeEmpty();
        }

        [Fact]
        public void A_host_that_is_configured_as_version_1_knows_no_query_for_one_group()
        {
            var host = OfVersion1().Exclude("G1", "").Pass(20);
            host.Take();

            host.Query("G1", version: 2, seconds: 1)
                .Query("G1", seconds: 1)
                .Query("G1", "S1", seconds: 1)
                .Pass(20)
                .Take()
                .Should()
                .BeEmpty();

            // One that follows a querier of version 1 knows what a Group-Specific Query is.
            Host(version: 1)
                .Exclude("G1", "")
                .Pass(20)
                .Query("G1", version: 2, seconds: 1)
                .Pass(1)
                .Take()
                .Should()
                .Equal("V1(G1)", "V1(G1)", "V1(G1)");
        }

        [Fact]
        public void A_host_that_is_configured_as_version_1_takes_ten_seconds_whatever_it_is_granted()
        {
            var delays = Enumerable.Range(0, 200).Select(seed =>
            {
                var host = OfVersion1(seed).Exclude("G1", "").Pass(20);
                var asked = host.Query(seconds: 1).Elapsed;
                return (host.Pass(20).Sent[^1].At - asked).TotalSeconds;
            }).ToList();

            delays.Should().OnlyContain(delay => delay > 0 && delay <= 10);
            delays.Average().Should().BeApproximately(5, 1);
        }

        [Fact]
        public void A_host_that_is_configured_as_version_1_gives_way_to_reports_of_version_1_only()
        {
            var host = OfVersion1().Exclude("G1", "").Pass(20);
            host.Take();

            host.Query().Receive("16 00 0000 EF010101").Pass(10).Take().Should().Equal("V1(G1)");
            host.Query().Receive("12 00 0000 EF010101").Pass(10).Take().Should().BeEmpty();
        }

        private HostUnderTest OfVersion1(int seed = 1) =>
            NewHost(random: new Random(seed), settings: new HostSettings { Version = Version(1) });

        [Fact]
        public void V3_X_7_2_1_09_Answers_to_version_1_queries_come_within_ten_seconds()
        {
            var delays = new List<double>();
            var host = Host(version: 1);
            host.Exclude("G1", "").Pass(20);
            for (var i = 0; i < 50; i++)
            {
                var asked = host.Elapsed;
                host.TakeSent();
                host.Receive("11000000 00000000").Pass(10);
                delays.Add((host.TakeSent().Single().At - asked).TotalSeconds);
            }

            delays.Should().OnlyContain(delay => delay > 0 && delay <= 10);
            delays.Max().Should().BeGreaterThan(8);
        }

        [Fact]
        public void V3_X_7_2_1_10_Answers_to_version_2_queries_take_up_to_their_whole_linear_time()
        {
            var delays = new List<double>();
            var host = Host();
            host.Exclude("G1", "").Pass(20);
            for (var i = 0; i < 50; i++)
            {
                var asked = host.Elapsed;
                host.TakeSent();
                host.Receive("11ff0000 00000000").Pass(25.5);
                delays.Add((host.TakeSent().Single().At - asked).TotalSeconds);
            }

            delays.Should().OnlyContain(delay => delay <= 25.5);
            delays.Max().Should().BeGreaterThan(12.8);
        }

        [Fact]
        public void All_systems_is_never_told() =>
            Host().Exclude("224.0.0.1", "").Query(version: 2).Query(version: 1).Include("224.0.0.1", "").Pass(20).Take().Should().BeEmpty();

        // The bytes behind the effects; fields by RFC 2236 §2, RFC 1112 Appendix I, RFC 9776 §4.
        [Theory]
        [InlineData(1, false, "12", "EF010101")]
        [InlineData(2, false, "16", "EF010101")]
        [InlineData(2, true, "17", "E0000002")]
        public void V3_X_4_2_15_01_Messages_of_older_versions_are_eight_bytes_to_the_group_or_to_all_routers(
            int version, bool leave, string type, string destination)
        {
            var (group, allRouters) = (Named("G1"), Named("224.0.0.2"));
            SendAsMember effect = leave ? new SendLeave(group, allRouters) : new SendOlderReport(Dialect.GenerationOf(version), group);
            var packet = new byte[100];

            var length = Dialect.Write(packet, effect, Named("10.0.0.11"));

            // Version 4, 6 words, TOS, 32 bytes; identification and Don't Fragment aside; TTL 1, protocol 2; addresses; Router Alert; the
            // message.
            Hex(0, 4).Should().Be("46C00020");
            Hex(8, 2).Should().Be("0102");
            Hex(12, 12).Should().Be("0A00000B" + destination + "94040000");
            Hex(24, 2).Should().Be(type + "00");
            Hex(28, 4).Should().Be("EF010101");
            length.Should().Be(32);

            string Hex(int at, int count) => Convert.ToHexString(packet, at, count);
        }

        [Fact]
        public void V3_X_3_02_A_join_is_told_in_version_1_as_in_version_2() =>
            V3_X_3_02_A_join_is_told_at_once_and_again_within_ten_seconds(1, "V1(G1)", "V1(G2)");
    }

    public sealed class Mld() : OlderVersionHostTests(Vocabulary.Mld)
    {
        [Fact(DisplayName = "L2-X-8.2.1-08 x-h-v1-mrd-linear")]
        public void Answers_to_version_1_queries_take_up_to_their_whole_linear_time()
        {
            var delays = new List<double>();
            var host = Host();
            host.Exclude("G1", "").Pass(20);
            for (var i = 0; i < 50; i++)
            {
                var asked = host.Elapsed;
                host.TakeSent();
                host.Receive("82000000ffff0000 00000000000000000000000000000000").Pass(65.535);
                delays.Add((host.TakeSent().Single().At - asked).TotalSeconds);
            }

            // As a floating point number it would be 8,387.584 s.
            delays.Should().OnlyContain(delay => delay <= 65.535);
            delays.Max().Should().BeGreaterThan(33);
        }

        // RFC 2710 §4. No host draws a delay that could spare another one its report.
        [Fact(DisplayName = "L2-X-4-01 x-h-v1-mrd-zero")]
        public void A_version_1_query_that_grants_no_time_is_answered_at_once()
        {
            var host = Host();
            host.Exclude("G1", "").Pass(20).Take();

            host.Query(version: 2, seconds: 0).Pass(0.000001).Take().Should().Equal("V2(G1)");
        }

        [Theory(DisplayName = "L2-X-5-01 x-h-v1-scope")]
        [InlineData("ff02::1")]
        [InlineData("ff01::1")]
        [InlineData("ff11::1:1")]
        [InlineData("ff00::1")]
        public void What_is_never_reported_is_not_in_version_1_either(string group) =>
            Host()
                .Exclude(group, "")
                .Query(version: 2)
                .Query(group, version: 2)
                .LinkUp()
                .Include(group, "")
                .Pass(20)
                .Take()
                .Should()
                .BeEmpty();

        // The bytes behind the effects; fields by RFC 2710 §3, RFC 8200 §3, RFC 2711 §2.1.
        [Theory(DisplayName = "L2-X-5.2.15-01 x-h-v1-report-form, L2-X-4-02 x-h-v1-done")]
        [InlineData(false, "83", "FF1E00000000000000000000EF010101")]
        [InlineData(true, "84", "FF020000000000000000000000000002")]
        public void Messages_of_version_1_are_24_bytes_to_the_group_or_to_all_routers(bool leave, string type, string destination)
        {
            SendAsMember effect = leave
                ? new SendLeave(Named("G1"), Dialect.AllRouters)
                : new SendOlderReport(Generation.Leaves, Named("G1"));
            var packet = new byte[100];

            var length = Dialect.Write(packet, effect, Host1);

            // Version 6; 32 bytes after the header, hop-by-hop options first, hop limit 1; addresses; ICMPv6 next, Router Alert 0, padding;
            // the message.
            Hex(0, 1).Should().StartWith("6");
            Hex(4, 4).Should().Be("00200001");
            Hex(8, 32).Should().Be("FE80000000000000000000000A00000B" + destination);
            Hex(40, 8).Should().Be("3A00050200000100");
            Hex(48, 2).Should().Be(type + "00");
            Hex(52, 20).Should().Be("00000000FF1E00000000000000000000EF010101");
            length.Should().Be(72);

            string Hex(int at, int count) => Convert.ToHexString(packet, at, count);
        }
    }
}
