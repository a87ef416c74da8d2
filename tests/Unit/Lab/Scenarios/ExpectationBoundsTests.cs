using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.ExpectationBench;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>
/// Where each kind of expectation begins and ceases to hold. The tolerance of 1 ms is given once at each end: what comes just within it is
/// right, what comes a tenth of a millisecond beyond it is wrong, in both directions.
/// </summary>
public sealed class ExpectationBoundsTests
{
    private static readonly Moment Command = new(At(10), "the command") { Done = At(12) };

    private readonly ExpectationBench bench = new();

    private FramePattern Query => Messages.Query(G).From(bench.R1);

    // A command that took two seconds: what it causes is due from its beginning to its end.
    [Theory]
    [InlineData(12.999, true)]
    [InlineData(12.9989, false)]
    [InlineData(16.001, true)]
    [InlineData(16.0011, false)]
    public void The_first_of_a_series_is_due_from_so_long_after_the_command_began_to_so_long_after_it_was_over(double at, bool isRight) =>
        (bench.Query(at, suppress: false).Judge(bench.Run.Expect(Query, Command, after: 3.Seconds(), within: 1.Seconds()), 30).Count == 0)
            .Should()
            .Be(isRight);

    // A device with a clock of half a second.
    [Theory]
    [InlineData(1.001, true)]
    [InlineData(1.0011, false)]
    public void What_a_frame_causes_at_once_is_not_put_off_by_a_coarse_clock(double at, bool isRight)
    {
        var coarse = new ExpectationBench { Granularity = 500.Milliseconds() };
        var frame = new Moment(At(1), "h1 leaves") { IsFrame = true };
        var series = coarse.Run.Expect(Query, frame, times: 2, every: 1.Seconds());
        var presence = new Presence(Query, frame, within: TimeSpan.Zero);

        coarse.Query(at, suppress: false).Query(at + 1.4, suppress: false);

        coarse.Judge(series, 5).Should().Equal(isRight ? [] : ["the first came after 0.0011 s"]);
        (coarse.Judge(presence, 5).Count == 0).Should().Be(isRight);
        series.Missing.Count.Should().Be(isRight ? 0 : 1);
    }

    [Fact]
    public void What_comes_too_late_is_shown_and_what_comes_later_still_is_not_taken_for_one_more()
    {
        var coarse = new ExpectationBench { Granularity = 500.Milliseconds() };
        var frame = new Moment(At(1), "h1 leaves") { IsFrame = true };
        var late = coarse.Run.Expect(Query, frame);
        var once = coarse.Run.Expect(Query, new Moment(At(2), "h1 leaves again") { IsFrame = true });

        coarse.Query(1.4, suppress: false).Query(2, suppress: false).Query(2.4, suppress: false);

        coarse.Judge(late, 5).Should().Equal("the first came after 0.4 s");
        late.Claimed.Should().ContainSingle();
        coarse.Judge(once, 5).Should().BeEmpty();
    }

    [Theory]
    [InlineData(5, 1, true)]
    [InlineData(3, 1, false)]
    [InlineData(5, 1.6, false)]
    public void Of_a_series_that_goes_on_only_the_first_so_many_are_judged(int count, double gap, bool isRight)
    {
        // Late by up to half a second each, four of them may take as long as five that are on time.
        var coarse = new ExpectationBench { Granularity = 500.Milliseconds() };
        var series = coarse.Run.Expect(Query, Start, times: 4, every: 1.Seconds()).AndOn();
        series.Text.Should().Be("Query(239.1.1.1) from r1, 4 times and on, every 1 s, as soon as the start");

        for (var i = 0; i < count; i++)
            coarse.Query(i * gap, suppress: false);

        (coarse.Judge(series, 20).Count == 0).Should().Be(isRight);
    }

    [Theory]
    [InlineData(true, 1.5)]
    [InlineData(false, 0)]
    public void What_a_timer_decides_may_be_late_by_its_granularity(bool isFrame, double after)
    {
        var coarse = new ExpectationBench { Granularity = 500.Milliseconds() };
        var moment = new Moment(At(1), "the moment") { IsFrame = isFrame };
        var (series, delay) = (coarse.Run.Expect(Query, moment, after: TimeSpan.FromSeconds(after)), after + 0.5);

        coarse.Query(1 + delay, suppress: false).Judge(series, 5).Should().BeEmpty();
    }

    [Theory]
    [InlineData(12.9989, "the first came after 2.9989 s")]
    [InlineData(16.0011, "the first came after 6.0011 s")]
    public void Of_several_the_first_has_the_same_bounds(double at, string problem) =>
        bench
            .Query(at, suppress: false)
            .Query(at + 1, suppress: false)
            .Judge(bench.Run.Expect(Query, Command, after: 3.Seconds(), within: 1.Seconds(), times: 2, every: 1.Seconds()), 30)
            .Should()
            .Equal(problem);

    [Theory]
    [InlineData(0.499, true)]
    [InlineData(0.4989, false)]
    [InlineData(1.001, true)]
    [InlineData(1.0011, false)]
    public void The_others_are_spaced_within_the_tolerance(double gap, bool isRight)
    {
        var twice = bench.Run.Expect(Query, Start, times: 2, every: new Spacing(500.Milliseconds(), 1.Seconds()));

        bench
            .Query(0, suppress: false)
            .Query(gap, suppress: false)
            .Judge(twice, 5)
            .Should()
            .Equal(isRight ? [] : (string[])[FormattableString.Invariant($"{gap} s apart")]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_series_may_have_one_or_two(int count, bool isRight)
    {
        for (var i = 0; i < count; i++)
            bench.Query(i * 0.25, suppress: false);

        bench.Judge(bench.Run.Expect(Query, Start, times: Times.Between(1, 2), every: Spacing.UpTo(1.Seconds())), 9)
            .Should().Equal(isRight ? [] : (string[])[$"seen {count} times"]);
    }

    [Fact]
    public void What_came_before_the_command_or_after_the_window_is_not_of_the_series()
    {
        // 12 s + 1 × 1 s + 2 × 1 ms: the window of two within a second of each other.
        var twice = bench.Run.Expect(Query, Command, times: 2, every: Spacing.UpTo(1.Seconds()));
        twice.Closes(1.Milliseconds()).Should().Be(At(13.002));

        bench
            .Query(9.9999, suppress: false)
            .Query(10, suppress: false)
            .Query(11, suppress: false)
            .Query(13.0021, suppress: false)
            .Judge(twice, 20)
            .Should()
            .BeEmpty();

        twice.Claimed.Select(each => each.Number).Should().Equal(2, 3);
    }

    [Fact]
    public void A_series_with_one_more_at_the_end_of_its_window_has_too_many()
    {
        var twice = bench.Run.Expect(Query, Command, times: 2, every: Spacing.UpTo(2.Seconds()));

        bench
            .Query(10, suppress: false)
            .Query(12, suppress: false)
            .Query(14.002, suppress: false)
            .Judge(twice, 20)
            .Should()
            .Contain("seen 3 times");
    }

    [Fact]
    public void Several_frames_without_a_spacing_are_no_expectation()
    {
        var expect = () => bench.Run.Expect(Query, Start, times: 2);

        expect.Should().Throw<ArgumentException>().WithMessage("How far apart are the 2 frames*");
    }

    [Fact]
    public void A_series_says_what_it_expects()
    {
        bench.Run.Expect(Query, Start).Text.Should().Be("Query(239.1.1.1) from r1, once, as soon as the start");
        bench
            .Run.Expect(Query, Start, times: 2, every: 1.Seconds())
            .Text.Should()
            .Be("Query(239.1.1.1) from r1, 2 times, every 1 s, as soon as the start");
        bench.Run.Expect(Query, Start, after: 3.Seconds()).Text.Should().EndWith("once, 3 s after the start");
        bench.Run.Expect(Query, Start, within: 1.Seconds()).Text.Should().EndWith("once, within 1 s of the start");
        bench
            .Run.Expect(
                Query, Start, after: 3.Seconds(), within: 1.Seconds(), times: Times.Between(0, 2), every: Spacing.UpTo(500.Milliseconds()))
            .Text.Should()
            .EndWith("at most 2 times, at most 0.5 s apart, 3 s to 4 s after the start");
        bench.Run.Expect(Query, Start, times: Times.Between(1, 3), every: Spacing.UpTo(1.Seconds())).Text.Should().Contain("1 to 3 times");
    }

    // RFC 9776 §5.1: RV transmissions, the repetitions at random within the Unsolicited Report Interval of 1 s.
    [Theory]
    [InlineData(1, 0.5, "seen 1 times")]
    [InlineData(2, 1.001)]
    [InlineData(2, 1.0011, "1.0011 s apart")]
    [InlineData(3, 0.5, "seen 3 times")]
    public void A_state_change_is_told_twice_within_a_second(int count, double gap, params string[] problems)
    {
        for (var i = 0; i < count; i++)
            bench.Report(i * gap, "h1", RecordType.ToExclude);

        bench.Judge(bench.Run.ExpectStateChange(bench.H1, Messages.ToExclude(G), Start), 9).Should().Equal(problems);
    }

    [Theory]
    [InlineData(10, false, true)]
    [InlineData(10.0005, false, true)]
    [InlineData(10.0005, true, false)]
    [InlineData(10, true, true)]
    public void What_comes_within_the_latency_may_have_been_in_flight_unless_nothing_can_be(double at, bool atOnce, bool isRight) =>
        (bench.GeneralQuery(at).Judge(bench.Run.ExpectNone(Messages.GeneralQuery(), Command, atOnce), 20).Count == 0).Should().Be(isRight);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_tally_counts_until_the_end_however_far_apart(int count, bool isRight)
    {
        for (var i = 0; i < count; i++)
            bench.Query(11 + (7 * i), suppress: false);

        bench.Query(9.9, suppress: false).Judge(bench.Run.ExpectTimes(2, Query, Command), 40)
            .Should().Equal(isRight ? [] : (string[])[$"seen {count} times"]);
    }

    [Fact]
    public void What_is_on_its_way_when_it_must_not_come_any_more_is_no_offence()
    {
        bench.GeneralQuery(9.9).GeneralQuery(10.001).Judge(bench.Run.ExpectNone(Messages.GeneralQuery(), Command), 20).Should().BeEmpty();
        bench.GeneralQuery(10.0011).Judge(bench.Run.ExpectNone(Messages.GeneralQuery(), Command), 20).Should().Equal("seen");
        bench.Judge(bench.Run.ExpectNone(Messages.GeneralQuery().From(bench.H1), Command), 20).Should().BeEmpty("r1 has sent it");
    }

    // §8.6, §8.7, §8.2: the second start-up query 31.25 s after the first, each further one 125 s after the one before.
    [Theory]
    [InlineData(9.999, 41.249, 166.248, 2)]
    [InlineData(10, 41.249, 166.248)]
    [InlineData(10, 41.251, 166.252)]
    [InlineData(12.001, 43.251, 168.251)]
    [InlineData(12.0011, 43.2511, 168.2511, 1)]
    [InlineData(10, 41.2489, 166.2489, 1)]
    [InlineData(10, 41.2511, 166.2511, 1)]
    [InlineData(10, 41.25, 166.2489, 1)]
    [InlineData(10, 41.25, 166.2511, 1)]
    [InlineData(10, 41.25, 72.5, 1)]
    public void General_Queries_keep_their_intervals(double first, double second, double third, int problems = 0)
    {
        // A query before the command is of the time before.
        bench.GeneralQuery(first).GeneralQuery(second).GeneralQuery(third)
            .Judge(bench.Run.ExpectGeneralQueries(bench.R1, "A", Command), 170).Should().HaveCount(problems);
    }

    [Theory]
    [InlineData(254.999)]
    [InlineData(255.001)]
    [InlineData(254.9989, "number 1 came 254.9989 s after the start, not 255 s")]
    [InlineData(255.0011, "number 1 came 255.0011 s after the start, not 255 s")]
    public void A_take_over_comes_at_its_time(double at, params string[] problems) =>
        bench
            .GeneralQuery(at)
            .GeneralQuery(at + 125)
            .Judge(bench.Run.ExpectTakeOver(bench.R1, "A", 255.Seconds(), Start), 400)
            .Should()
            .Equal(problems);

    [Fact]
    public void Until_its_time_is_over_a_query_is_not_missed()
    {
        bench.GeneralQuery(0).Judge(Schedule(), 31.252).Should().BeEmpty();
        bench.Judge(Schedule(), 31.2521).Should().Equal("number 2 did not come: it was due 31.25 s after the one before");
        bench.GeneralQuery(31.25).Judge(Schedule(), 156.252).Should().BeEmpty();
        bench.Judge(Schedule(), 156.2521).Should().Equal("number 3 did not come: it was due 125 s after the one before");
    }

    [Fact]
    public void A_schedule_without_any_query_misses_the_first()
    {
        bench.Judge(Schedule(), 0.002).Should().BeEmpty();
        bench.Judge(Schedule(), 0.0021).Should().Equal("number 1 did not come: it was due 0 s after the start");
        bench.Judge(bench.Run.ExpectGeneralQueries(bench.R1, "A", Command), 12.002).Should().BeEmpty("the command may not have been done");
        bench.Judge(bench.Run.ExpectGeneralQueries(bench.R1, "A", Command), 12.0021).Should().ContainSingle();
    }

    [Fact]
    public void Queries_of_another_router_or_LAN_or_with_other_timers_are_not_of_the_schedule()
    {
        bench.GeneralQuery(0, from: "h1").GeneralQuery(0, lan: "U").Query(0, MadeUpFrames.GeneralQuery with { RobustnessVariable = 3 })
            .Query(0, MadeUpFrames.GeneralQuery, to: G);

        bench.Judge(Schedule(), 10).Should().Equal("number 1 did not come: it was due 0 s after the start");
    }

    [Fact]
    public void An_ended_schedule_closes_a_tolerance_after_its_end()
    {
        var end = new Moment(At(31.25), "its end") { Done = At(40) };
        var within = Schedule().Until(end);
        bench.GeneralQuery(0).GeneralQuery(31.251).Judge(within, 200).Should().BeEmpty();
        within.Claimed.Should().HaveCount(2);
        within.Closes(1.Milliseconds()).Should().Be(At(31.251));
        (within.OutlivesStep, Schedule().OutlivesStep).Should().Be((false, true));
        Schedule().Closes(1.Milliseconds()).Should().BeNull();

        var beyond = Schedule().Until(new Moment(At(31.2499), "its end"));
        bench.Judge(beyond, 200).Should().BeEmpty("it was not due yet");
        beyond.Claimed.Should().ContainSingle();
    }

    // §5.2: within the Max Response Time of 1 s, never at once.
    [Theory]
    [InlineData(10.0001, true)]
    [InlineData(10, false)]
    [InlineData(11.001, true)]
    [InlineData(11.0011, false)]
    public void An_answer_comes_after_its_query_and_within_its_time(double at, bool isRight) =>
        (bench.Query(10, suppress: false).Report(at, "h2", RecordType.IsExclude).Judge(Answers(Start), 20).Count == 0).Should().Be(isRight);

    [Fact]
    public void A_query_is_to_be_answered_when_its_time_is_over()
    {
        bench.Query(10, suppress: false).Judge(Answers(Start), 11.0009).Should().BeEmpty();
        bench.Judge(Answers(Start), 11.001).Should().Equal("no answer to frame 1 within 1 s");
    }

    [Fact]
    public void Nothing_is_shown_where_nobody_asked()
    {
        bench
            .Report(5, "h2", RecordType.IsExclude)
            .Judge(Answers(Start), 20)
            .Should()
            .Equal("Query(239.1.1.1) was not seen: nothing is shown");
        bench
            .Query(30, suppress: false)
            .Judge(Answers(Start).Until(new Moment(At(29), "the end")), 40)
            .Should()
            .ContainSingle("it came after the end");
    }

    [Fact]
    public void An_answer_to_a_query_before_counts_from_the_moment_on()
    {
        var since = new Moment(At(11.001), "the join");
        bench.Query(10, suppress: false).Report(11.0009, "h2", RecordType.IsExclude).Report(11.001, "h2", RecordType.IsExclude);

        var answers = Answers(since);
        bench.Judge(answers, 20).Should().BeEmpty();
        answers.Claimed.Select(each => each.Number).Should().Equal(3);

        bench
            .Judge(Answers(new Moment(At(11.0011), "the join")), 20)
            .Should()
            .Equal(["Query(239.1.1.1) was not seen: nothing is shown"], "its time was over");
    }

    [Fact]
    public void After_its_end_no_answer_is_expected_and_none_is_taken()
    {
        var end = new Moment(At(20), "its end") { Done = At(20.5) };
        bench.Query(10, suppress: false).Report(10.5, "h2", RecordType.IsExclude);
        // Asked at the end: whether it still answers is open, until the command is over.
        bench
            .Query(20, suppress: false)
            .Report(20.501, "h2", RecordType.IsExclude)
            .Query(20.0001, suppress: false)
            .Report(20.5011, "h2", RecordType.IsExclude);

        var answers = Answers(Start).Until(end);
        bench.Judge(answers, 40).Should().BeEmpty();
        answers.Claimed.Select(each => each.Number).Should().Equal(2, 4);
        answers.Closes(1.Milliseconds()).Should().Be(At(20.501));

        bench.Query(18.999, suppress: false).Judge(Answers(Start).Until(end), 40).Should().Equal("no answer to frame 7 within 1 s");
    }

    [Fact]
    public void Answers_beyond_the_step_outlive_it_until_they_are_ended()
    {
        Answers(Start).OutlivesStep.Should().BeFalse();
        Answers(Start).InAllSteps().OutlivesStep.Should().BeTrue();
        Answers(Start).InAllSteps().Until(Command).OutlivesStep.Should().BeFalse();
        Answers(Start).InAllSteps().Closes(1.Milliseconds()).Should().BeNull();
    }

    [Fact]
    public void As_many_answers_as_queries_may_come_and_no_more()
    {
        bench
            .Query(10, suppress: false)
            .Query(10.1, suppress: false)
            .Report(10.2, "h2", RecordType.IsExclude)
            .Report(10.3, "h2", RecordType.IsExclude)
            .Judge(Answers(Start), 20)
            .Should()
            .BeEmpty();
        bench.Report(10.4, "h2", RecordType.IsExclude).Judge(Answers(Start), 20).Should().Equal("3 answers to 2 queries");
        bench
            .Report(10.5, "h1", RecordType.IsExclude)
            .Judge(Answers(Start), 20)
            .Should()
            .Equal(["3 answers to 2 queries"], "another host's are not counted");
    }

    [Fact]
    public void A_rule_that_no_message_was_held_to_shows_nothing()
    {
        var rule = bench.Run.ExpectAlways(Messages.AnyQuery(), "Router Alert", message => message.Envelope.RouterAlert);

        bench.Report(0, "h1", RecordType.IsExclude).Judge(rule, 3).Should().Equal("any query was not seen: nothing is shown");
    }

    [Fact]
    public void A_rule_holds_for_the_first_and_for_the_last_message()
    {
        var rule = bench.Run.ExpectAlways(Messages.AnyMessage(), "Router Alert", message => message.Envelope.RouterAlert);

        bench
            .WithoutRouterAlert(0, "h1")
            .Report(1, "h1", RecordType.IsExclude)
            .WithoutRouterAlert(2, "h1")
            .Judge(rule, 3)
            .Should()
            .Equal("frame 1 has not", "frame 3 has not");
        (rule.OutlivesStep, rule.Closes(1.Milliseconds()), rule.Text)
            .Should()
            .Be((true, (Instant?)null, "every IGMP message has Router Alert"));
    }

    [Fact]
    public void Nothing_else_means_each_message_by_itself()
    {
        var schedule = Schedule();
        bench.GeneralQuery(0).GeneralQuery(0, lan: "U").GeneralQuery(0, from: "h1").Report(1, "h2", RecordType.IsExclude);

        bench.Judge(bench.Run.ExpectNothingElse(), 3, before: schedule).Select(each => each[..2]).Should().Equal("r1", "h1", "h2");
    }

    [Fact]
    public void Judged_twice_is_a_fault_of_whoever_asks()
    {
        var schedule = Schedule();
        bench.Judge(schedule, 0);

        bench.Invoking(each => each.Judge(schedule, 0)).Should().Throw<InvalidOperationException>();
    }

    private Schedule Schedule() => bench.Run.ExpectGeneralQueries(bench.R1, "A", Start);

    private Answers Answers(Moment since) =>
        bench.Run.ExpectAnswers(Messages.Report(Messages.IsExclude(G)).From(bench.H2), to: Messages.Query(G), since);
}
