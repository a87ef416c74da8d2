using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>Which version a host speaks, and for how long (RFC 9776 §7.2.1). An OVQPI is 2 × 125 s + 10 × the Max Response Time.</summary>
public abstract class OlderQuerierTests(Vocabulary words) : HostTests(words)
{
    private readonly HostUnderTest host = new(words, random: new ToldDelays(1));

    [Fact]
    public void V3_X_7_2_1_03_A_version_2_General_Query_makes_the_host_speak_version_2()
    {
        host.Query(version: 2).Host.CompatibilityMode.Should().Be(Version(2));
        host.Exclude("G2", "").Take().Should().Equal("V2(G2)");
    }

    [Fact]
    public void V3_X_7_2_1_04_A_version_2_Group_Specific_Query_changes_nothing()
    {
        host.Exclude("G1", "").TakeAll();

        host.Query("G1", version: 2, seconds: 1).Host.CompatibilityMode.Should().Be(Version(3));

        host.Exclude("G2", "").TakeAll().Should().Equal("TO_EX(G2,{})", "IS_EX(G1,{}) TO_EX(G2,{})");
        host.Elapsed.Should().Be(TimeSpan.FromSeconds(2), "it is answered within its second");
    }

    [Fact]
    public void V3_X_7_2_1_06_A_version_3_query_does_not_end_version_2_and_is_answered_in_it()
    {
        host.Query(version: 2).Exclude("G1", "").Pass(20).Take();

        host.Pass(5).Query(seconds: 51.2).Pass(51.1).Take().Should().BeEmpty("the code of a version 3 query is decoded as one");

        host.Pass(0.1).Take().Should().Equal("V2(G1)");
        host.Host.CompatibilityMode.Should().Be(Version(2));
    }

    [Fact]
    public void V3_X_7_2_1_07_Also_the_query_that_changes_the_mode_is_answered_in_the_new_one()
    {
        var fresh = NewHost();
        fresh.Exclude("G1", "").Include("G2", "S1").Exclude("G3", "S1,S2").TakeAll();

        fresh.Query(version: 2, seconds: 10).Pass(10).Take().Order().Should().Equal("V2(G1)", "V2(G2)", "V2(G3)");
    }

    [Fact]
    public void V3_X_7_2_1_08_A_change_of_the_mode_cancels_what_is_pending()
    {
        var fresh = NewHost(robustness: 3, random: new ToldDelays(1));
        fresh.Exclude("G1", "").Query(seconds: 12.7).Query("G1", "S1").Pass(0.05).Take();

        fresh.Query(version: 2, seconds: 10);

        fresh.Pass(30).Take().Should().Equal("V2(G1)");

        // The other way: the repetition of a version 2 report is not sent by a host of version 3, and a group that was left is forgotten.
        fresh.Query(version: 2, seconds: 0.1);
        fresh.Pass((fresh.Host.CompatibilityModeEnds! - fresh.Now).Value.TotalSeconds - 0.5).Exclude("G2", "").Take();
        fresh.Pass(30).Take().Should().BeEmpty();
        fresh.Host.CompatibilityMode.Should().Be(Version(3));
        fresh.Include("G1", "").Query(version: 2).Host.GroupCount.Should().Be(1);
    }

    [Fact]
    public void V3_X_7_2_1_12_After_the_timers_the_host_is_of_version_3_again()
    {
        host.Exclude("G1", "").Query(version: 2).Pass(350).Take();

        host.Query().Pass(10).Exclude("G2", "");

        host.Take().Should().Equal("IS_EX(G1,{})", "TO_EX(G2,{})");
    }

    [Fact]
    public void V3_X_7_2_1_01_Each_interface_has_a_mode_of_its_own()
    {
        var other = NewHost();

        host.Query(version: 2).Exclude("G1", "").Take().Should().Equal("V2(G1)");
        other.Query().Exclude("G1", "").Take().Should().Equal("TO_EX(G1,{})");
    }

    [Theory]
    [InlineData(2, "V2(G1)")]
    [InlineData(3, "TO_EX(G1,{})")]
    public void The_configured_version_is_spoken_without_a_query_and_is_the_newest(int version, string report)
    {
        var configured = NewHost(settings: new HostSettings { Version = Version(version) });
        configured.Exclude("G1", "").Take().Should().Equal(report);
        configured.Host.CompatibilityModeEnds.Should().BeNull();

        configured.Query().Query(version: 2).Host.CompatibilityMode.Should().Be(Version(Math.Min(version, 2)));
        FluentActions.Invoking(() => NewHost(settings: new HostSettings { Version = 4 })).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => NewHost(settings: new HostSettings { Version = 0 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void V3_X_7_2_1_14_The_host_can_be_told_to_keep_its_version()
    {
        var strict = NewHost(robustness: 1, settings: new HostSettings { FollowsOlderQueriers = false });

        strict.Query(version: 2).Exclude("G1", "").Query(version: 2).Pass(10).Take().Should().Equal("TO_EX(G1,{})", "IS_EX(G1,{})");
        new HostSettings().FollowsOlderQueriers.Should().BeTrue("the option is off by default");
    }

    [Fact]
    public void V3_X_7_2_1_13_and_V3_S_2_2_03_Older_queriers_are_told_for_the_log_but_not_each_time()
    {
        host.Include("M1", "S1");
        for (var i = 0; i < 100; i++)
            host.Query(version: 2, from: "10.0.0.7").Query("M1", version: 2).Query("G1", version: 2).Pass(1);

        host.Log.Should().Equal("V2 10.0.0.7 general", "V2 10.0.0.1 M1");

        host.Pass(400).Query(version: 2, from: "10.0.0.7").Query("M1", version: 2);
        host.Log.Skip(2).Should().Equal("V2 10.0.0.7 general", "V2 10.0.0.1 M1");
    }

    /// <summary>Something that happens to a host; before it, some time passes.</summary>
    public sealed record Happening(int Seconds, int Version, bool Specific, int ResponseTenths, bool Joins);

    [Fact]
    public void The_timers_run_while_nothing_is_joined_and_send_nothing()
    {
        host.Query(version: 2).Host.NextDue.Should().Be(host.Host.CompatibilityModeEnds!.Value);

        host.TakeAll().Should().BeEmpty();
        host.Host.NextDue.Should().Be(Instant.Never);
    }

    public sealed class Igmp() : OlderQuerierTests(Vocabulary.Igmp)
    {
        [Theory]
        [InlineData("V3-X-7.1-01", "11000000 00000000", 1)]
        [InlineData("V3-X-7.1-02", "11640000 00000000", 2)]
        [InlineData("V3-X-7.1-03: 12 bytes", "11640000 00000000 027d0000", 3)]
        [InlineData("V3-X-7.1-03: code 0", "11000000 00000000 027d0000", 3)]
        [InlineData("V3-X-7.1-03: 16 bytes", "11640000 ef010101 027d0001 c0000201", 3)]
        [InlineData("V3-X-7.1-03: 16 bytes, no sources", "11640000 00000000 027d0000 00000000", 3)]
        [InlineData("V3-X-7.1-04: 9 bytes", "11000000 00000000 00", 3)]
        [InlineData("V3-X-7.1-04: 10 bytes", "11640000 00000000 027d", 3)]
        [InlineData("V3-X-7.1-04: 11 bytes", "11640000 00000000 027d00", 3)]
        [InlineData("V3-X-7.1-04: 7 bytes", "11000000 000000", 3)]
        public void The_version_of_a_query_is_told_by_its_length_and_code(string because, string message, int mode)
        {
            host.Exclude("G1", "").TakeAll();

            host.Receive(message).Host.CompatibilityMode.Should().Be(Version(mode), because);

            var answer =
                because.StartsWith("V3-X-7.1-04", StringComparison.Ordinal) ? []
                : mode == 3
                    ? message.Contains("c0000201") ? ["IS_IN(G1,{S1})"]
                        : new[] { "IS_EX(G1,{})" }
                : [$"V{mode}(G1)"];
            host.Pass(10).Take().Should().Equal(answer, because);
        }

        [Fact]
        public void V3_X_7_2_1_02_A_version_1_query_makes_the_host_speak_version_1_at_once()
        {
            host.Query(version: 1).Host.CompatibilityMode.Should().Be(Version(1));

            host.Exclude("G2", "").Take().Should().Equal("V1(G2)");
        }

        [Fact]
        public void V3_X_9_1_01_A_version_1_query_is_heard_without_Router_Alert_a_version_2_query_is_not()
        {
            host.Query(version: 2, routerAlert: false).Host.CompatibilityMode.Should().Be(Version(3));
            host.Query(version: 1, routerAlert: false).Host.CompatibilityMode.Should().Be(Version(1));
        }

        [Fact]
        public void A_General_Query_that_is_not_accepted_changes_nothing() =>
            host.Query(version: 2, to: "224.0.0.2").Host.CompatibilityMode.Should().Be(Version(3));

        [Fact]
        public void V3_X_7_2_1_05_The_oldest_querier_of_the_last_interval_decides()
        {
            var modes = new List<(double, int)>();
            host.Query(version: 2);
            Note();
            host.Pass(10).Query(version: 1);
            Note();
            host.Pass(349.999);
            Note();
            host.Pass(0.001);
            Note();
            modes.Should().Equal((0, 2), (10, 1), (359.999, 1), (360, 3));

            // The other run: version 2 outlives version 1.
            host.Query(version: 1).Pass(100).Query(version: 2).Pass(250);
            host.Host.CompatibilityMode.Should().Be(Version(2));
            host.Pass(99.999).Host.CompatibilityMode.Should().Be(Version(2));
            host.Pass(0.001).Host.CompatibilityMode.Should().Be(Version(3));

            void Note() => modes.Add((host.Elapsed.TotalSeconds, host.Host.CompatibilityMode));
        }

        [Theory]
        [InlineData(10, 350)]
        [InlineData(2, 270)]
        [InlineData(25.5, 505)]
        public void V3_H_8_12_01_The_interval_is_RV_times_QI_and_ten_Max_Response_Times(double seconds, double interval)
        {
            host.Query(version: 2, seconds: seconds);

            host.Host.CompatibilityModeEnds.Should().Be(host.Now + TimeSpan.FromSeconds(interval));
            host.Pass(interval - 0.001).Host.CompatibilityMode.Should().Be(Version(2));
            host.Pass(0.001).Host.CompatibilityMode.Should().Be(Version(3));
            host.Host.CompatibilityModeEnds.Should().BeNull();
        }

        // The whole of §7.2.1 without timers: the mode is that of the oldest version of which the last General Query was heard within its
        // interval.
        [Fact]
        public void The_mode_depends_on_the_General_Queries_heard_within_the_interval_and_on_nothing_else()
        {
            var steps =
                from seconds in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 60)), (3, Gen.Choose(200, 600)))
                from version in Gen.Choose(1, 3)
                from specific in ArbMap.Default.GeneratorFor<bool>()
                from tenths in Gen.Choose(1, 255)
                from joins in ArbMap.Default.GeneratorFor<bool>()
                select new Happening(seconds, version, specific, tenths, joins);
            var runs = Arb.From(Gen.ArrayOf(steps), run => run.Select((_, left) => run.Where((_, i) => i != left).ToArray()));

            Prop.ForAll(runs, run =>
            {
                var fresh = NewHost();
                var last = new Dictionary<int, (TimeSpan At, double Seconds)>();
                foreach (var happening in run)
                {
                    fresh.Pass(happening.Seconds);
                    fresh.Host.CompatibilityMode.Should().Be(Version(Model(fresh.Elapsed)), "time passed before {0}", happening);
                    // Version 1 has General Queries only, and one response time.
                    var specific = happening.Specific && happening.Version > 1;
                    var response = happening.Version == 1 ? 10 : happening.ResponseTenths / 10.0;
                    fresh.Query(specific ? "G1" : "", seconds: response, version: happening.Version);
                    if (!specific)
                        last[happening.Version] = (fresh.Elapsed, response);
                    fresh.Listen("G1", happening.Joins ? FilterMode.Exclude : FilterMode.Include, "");
                    fresh.Host.CompatibilityMode.Should().Be(Version(Model(fresh.Elapsed)), "after {0}", happening);
                }

                        int Model(TimeSpan now) =>
                            last
                                .Keys.Where(version =>
                                    version < 3 && now < last[version].At + TimeSpan.FromSeconds(250 + (10 * last[version].Seconds)))
                                .DefaultIfEmpty(3)
                                .Min();
                    })
                .Holds(500);
        }

        [Fact]
        public void V3_X_7_2_1_05_A_version_2_query_does_not_end_version_1() =>
            host.Query(version: 1).Query(version: 2).Host.CompatibilityMode.Should().Be(1, "while the timer of version 1 runs");

        [Fact]
        public void Configured_as_version_1_it_is_spoken_without_a_query_and_as_any_version_with_one()
        {
            The_configured_version_is_spoken_without_a_query_and_is_the_newest(1, "V1(G1)");
            foreach (var version in (int[])[1, 2, 3])
                NewHost(settings: new HostSettings { Version = version })
                    .Query()
                    .Query(version: 2)
                    .Query(version: 1)
                    .Host.CompatibilityMode.Should()
                    .Be(1);
        }

        [Fact]
        public void V3_X_7_2_1_14_The_host_can_be_told_not_to_follow_version_1_either() =>
            NewHost(robustness: 1, settings: new HostSettings { FollowsOlderQueriers = false })
                .Query(version: 1)
                .Exclude("G1", "")
                .Take()
                .Should()
                .Equal("TO_EX(G1,{})");

        [Fact]
        public void V3_X_7_2_1_13_Queriers_of_either_version_are_told_for_the_log_once()
        {
            for (var i = 0; i < 100; i++)
                host.Query(version: 2, from: "10.0.0.7").Query(version: 1, from: "10.0.0.8").Pass(1);

            host.Log.Should().Equal("V2 10.0.0.7 general", "V1 10.0.0.8 general");
        }
    }

    public sealed class Mld() : OlderQuerierTests(Vocabulary.Mld)
    {
        [Theory]
        [InlineData("L2-X-8.1-01", "8200000027100000 00000000000000000000000000000000", 1)]
        [InlineData("L2-X-8.1-01: code 0", "8200000000000000 00000000000000000000000000000000", 1)]
        [InlineData("L2-X-8.1-02: 28 bytes", "8200000027100000 00000000000000000000000000000000 027d0000", 2)]
        [InlineData("L2-X-8.1-02: code 0", "8200000000000000 00000000000000000000000000000000 027d0000", 2)]
        [InlineData("L2-X-8.1-02: 32 bytes, no sources", "8200000027100000 00000000000000000000000000000000 027d0000 00000000", 2)]
        [InlineData("L2-X-8.1-03: 25 bytes", "8200000027100000 00000000000000000000000000000000 02", 0)]
        [InlineData("L2-X-8.1-03: 27 bytes", "8200000027100000 00000000000000000000000000000000 027d00", 0)]
        [InlineData("L2-X-8.1-03: 23 bytes", "8200000027100000 000000000000000000000000000000", 0)]
        public void The_version_of_a_query_is_told_by_its_length(string because, string message, int version)
        {
            host.Exclude("G1", "").TakeAll();

            host.Receive(message).Host.CompatibilityMode.Should().Be(version == 1 ? 1 : 2, because);

            string[] answer = version switch { 0 => [], 1 => ["V2(G1)"], _ => ["IS_EX(G1,{})"] };
            host.Pass(10).Take().Should().Equal(answer, because);
        }

        // RFC 9777 §9.12: RV × the Query Interval of the last query received + the Query Response Interval, whatever the older query
        // grants.
        [Theory]
        [InlineData(10)]
        [InlineData(0)]
        [InlineData(65.535)]
        [Shows("L2-H-9.12-01")]
        public void The_interval_is_RV_times_QI_and_one_Query_Response_Interval(double seconds)
        {
            host.Query(version: 2, seconds: seconds);

            host.Host.CompatibilityModeEnds.Should().Be(host.Now + TimeSpan.FromSeconds((2 * 125) + 10));
            host.Pass(259.999).Host.CompatibilityMode.Should().Be(1);
            host.Pass(0.001).Host.CompatibilityMode.Should().Be(2);
            host.Host.CompatibilityModeEnds.Should().BeNull();
        }

        [Fact]
        [Shows("L2-H-9.12-01")]
        public void It_goes_by_what_the_last_query_of_version_2_has_told()
        {
            host.Query(qrv: 3, seconds: 20).Query(version: 2);

            host.Host.CompatibilityModeEnds.Should().Be(host.Now + TimeSpan.FromSeconds((3 * 125) + 20));
        }

        [Fact]
        [Shows("L2-X-8.2.1-02", "L2-X-8.2.1-10")]
        public void Each_General_Query_of_version_1_starts_the_interval_anew_and_after_it_the_host_is_of_version_2_again()
        {
            host.Query(version: 2).Pass(100).Query(version: 2).Pass(259.999);
            host.Host.CompatibilityMode.Should().Be(1);
            host.Pass(0.001).Host.CompatibilityMode.Should().Be(2);
        }

        // The whole of §8.2.1 without timers.
        [Fact]
        public void The_mode_depends_on_the_last_General_Query_of_version_1_and_on_nothing_else()
        {
            var steps =
                from seconds in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 60)), (3, Gen.Choose(200, 600)))
                from version in Gen.Choose(2, 3)
                from specific in ArbMap.Default.GeneratorFor<bool>()
                from tenths in Gen.Choose(1, 255)
                from joins in ArbMap.Default.GeneratorFor<bool>()
                select new Happening(seconds, version, specific, tenths, joins);
            var runs = Arb.From(Gen.ArrayOf(steps), run => run.Select((_, left) => run.Where((_, i) => i != left).ToArray()));

            Prop.ForAll(runs, run =>
            {
                var fresh = NewHost();
                var until = TimeSpan.Zero;
                // What the last General Query of version 2 has told.
                var response = 10.0;
                foreach (var happening in run)
                {
                    fresh.Pass(happening.Seconds);
                    fresh.Host.CompatibilityMode.Should().Be(fresh.Elapsed < until ? 1 : 2, "time passed before {0}", happening);
                    var seconds = happening.ResponseTenths / 10.0;
                    fresh.Query(happening.Specific ? "G1" : "", seconds: seconds, version: happening.Version);
                    if (!happening.Specific && happening.Version == 2)
                        until = fresh.Elapsed + TimeSpan.FromSeconds(250 + response);
                    else if (!happening.Specific)
                        response = seconds;
                    fresh.Listen("G1", happening.Joins ? FilterMode.Exclude : FilterMode.Include, "");
                    fresh.Host.CompatibilityMode.Should().Be(fresh.Elapsed < until ? 1 : 2, "after {0}", happening);
                }
            }).Holds(500);
        }
    }
}
