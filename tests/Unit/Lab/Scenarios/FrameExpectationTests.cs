using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.ExpectationBench;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>Every kind of expectation on frames holds when it should, and fails with the right words when it should not.</summary>
public sealed class FrameExpectationTests
{
    private readonly ExpectationBench bench = new();

    private Series TwoQueriesOneSecondApart =>
        bench.Run.Expect(Messages.Query(G).WithoutSuppression().From(bench.R1), since: Start, times: 2, every: 1.Seconds());

    [Fact]
    public void A_series_holds() =>
        bench.Query(0, suppress: false).Query(1, suppress: false).Judge(TwoQueriesOneSecondApart, 3).Should().BeEmpty();

    [Fact]
    public void A_series_misses_a_frame() =>
        bench.Query(0, suppress: false).Judge(TwoQueriesOneSecondApart, 3).Should().Equal("seen 1 times");

    [Fact]
    public void A_series_sees_one_frame_too_many() =>
        bench.Query(0, suppress: false).Query(0.5, suppress: false).Query(1, suppress: false).Judge(TwoQueriesOneSecondApart, 3)
            .Should().Equal("seen 3 times", "0.5 s apart", "0.5 s apart");

    [Fact]
    public void A_series_begins_late() =>
        bench.Query(0.002, suppress: false).Query(1.002, suppress: false).Judge(TwoQueriesOneSecondApart, 3)
            .Should().Equal("the first came after 0.002 s");

    [Fact]
    public void A_series_is_spaced_wrongly() =>
        bench.Query(0, suppress: false).Query(0.9, suppress: false).Judge(TwoQueriesOneSecondApart, 3).Should().Equal("0.9 s apart");

    [Fact]
    public void A_series_wants_the_S_flag_clear() =>
        bench.Query(0, suppress: false).Query(1, suppress: true).Judge(TwoQueriesOneSecondApart, 3).Should().Equal("seen 1 times");

    [Theory]
    [InlineData(254.5)]
    [InlineData(255.5)]
    public void A_frame_due_at_a_time_comes_at_another(double at) =>
        bench.GeneralQuery(at).Judge(bench.Run.Expect(Messages.GeneralQuery().From(bench.R1), since: Start, after: 255.Seconds()), 300)
            .Should().ContainSingle();

    [Fact]
    public void Which_of_the_records_is_reported_matters() =>
        bench.Report(0, "h1", RecordType.Block, S2).Judge(bench.Run.ExpectStateChange(bench.H1, Messages.Block(G, S1), Start), 3)
            .Should().Equal("seen 0 times");

    [Fact]
    public void A_schedule_holds() =>
        bench
            .GeneralQuery(0)
            .GeneralQuery(31.25)
            .GeneralQuery(156.25)
            .Judge(bench.Run.ExpectGeneralQueries(bench.R1, "A", Start), 200)
            .Should()
            .BeEmpty();

    [Fact]
    public void A_schedule_misses_its_last_frame() =>
        bench.GeneralQuery(0).GeneralQuery(31.25).Judge(bench.Run.ExpectGeneralQueries(bench.R1, "A", Start), 200)
            .Should().Equal("number 3 did not come: it was due 125 s after the one before");

    [Fact]
    public void A_schedule_comes_too_early() =>
        bench.GeneralQuery(0).GeneralQuery(30).Judge(bench.Run.ExpectGeneralQueries(bench.R1, "A", Start), 40)
            .Should().Equal("number 2 came 30 s after the one before, not 31.25 s");

    [Fact]
    public void An_ended_schedule_claims_nothing_more()
    {
        var schedule = bench.Run.ExpectGeneralQueries(bench.R1, "A", Start).Until(new Moment(At(40), "its end"));

        bench.GeneralQuery(0).GeneralQuery(31.25).GeneralQuery(156.25).Judge(schedule, 200).Should().BeEmpty();

        schedule.Claimed.Should().HaveCount(2);
    }

    [Fact]
    public void A_take_over_comes_one_second_late() =>
        bench.GeneralQuery(256).Judge(bench.Run.ExpectTakeOver(bench.R1, "A", 255.Seconds(), Start), 260)
            .Should().Equal("number 1 came 256 s after the start, not 255 s");

    [Fact]
    public void Every_query_is_answered() =>
        bench
            .Query(0, suppress: false)
            .Report(0.4, "h2", RecordType.IsExclude)
            .Query(1, suppress: true)
            .Report(1.9, "h2", RecordType.IsExclude)
            .Judge(AnswersOfH2, 3)
            .Should()
            .BeEmpty();

    [Fact]
    public void A_query_is_answered_too_late() =>
        bench
            .Query(0, suppress: false)
            .Report(1.1, "h2", RecordType.IsExclude)
            .Judge(AnswersOfH2, 3)
            .Should()
            .Equal("no answer to frame 1 within 1 s");

    [Fact]
    public void There_are_more_answers_than_queries() =>
        bench
            .Query(0, suppress: false)
            .Report(0.1, "h2", RecordType.IsExclude)
            .Report(0.2, "h2", RecordType.IsExclude)
            .Judge(AnswersOfH2, 3)
            .Should()
            .Equal("2 answers to 1 queries");

    [Fact]
    public void A_query_just_before_the_end_has_time_left() => bench.Query(0, suppress: false).Judge(AnswersOfH2, 0.5).Should().BeEmpty();

    [Fact]
    public void A_query_before_the_start_need_not_be_answered() =>
        bench.Query(0, suppress: false).Judge(AnswersOfH2After(0.5), 3).Should().BeEmpty();

    [Fact]
    public void A_query_before_the_start_may_still_be_answered() =>
        bench
            .Query(0, suppress: false)
            .Report(0.9, "h2", RecordType.IsExclude)
            .Judge(bench.Run.ExpectNothingElse(), 3, before: AnswersOfH2After(0.5))
            .Should()
            .NotContain(problem => problem.StartsWith("h2", StringComparison.Ordinal));

    [Fact]
    public void What_must_not_come_comes() =>
        bench.GeneralQuery(5).Judge(bench.Run.ExpectNone(Messages.GeneralQuery().From(bench.R1), Start), 10).Should().Equal("seen");

    [Fact]
    public void A_rule_is_broken_by_a_report_without_Router_Alert()
    {
        var rule = bench.Run.ExpectAlways(Messages.AnyMessage(), "Router Alert", message => message.Envelope.RouterAlert);

        bench.Report(0, "h1", RecordType.IsExclude).WithoutRouterAlert(1, "h1").Judge(rule, 3).Should().Equal("frame 2 has not");
    }

    [Fact]
    public void A_rule_says_what_a_frame_has_instead_and_may_end_with_its_step()
    {
        var rule = bench.Run
            .ExpectAlways(Messages.AnyQuery(), "S=0", frame => frame.Query!.SuppressRouterSideProcessing ? "S=1" : null)
            .UntilStepEnds();

        bench.Query(0, suppress: false).Query(1, suppress: true).Judge(rule, 3).Should().Equal("frame 2 has S=1");
        rule.OutlivesStep.Should().BeFalse();
    }

    [Theory]
    [InlineData(0.4, "none was seen")]
    [InlineData(0.5, null)]
    [InlineData(1.501, null)]
    [InlineData(1.502, "none was seen")]
    public void Some_frame_is_seen_in_its_time(double at, string? problem)
    {
        var some = bench.Run.ExpectSome(
            Messages.GeneralQuery().From(bench.R1), Start, within: 1.Seconds(), after: 500.Milliseconds());

        bench.GeneralQuery(at).GeneralQuery(1, from: "h1").Judge(some, 3).Should().Equal(problem is null ? [] : [problem]);
        some.Text.Should().Be("General Query from r1 is seen, 0.5 s to 1.5 s after the start");
    }

    [Fact]
    public void Frames_are_judged_together()
    {
        var together = bench.Run.ExpectTogether(
            Messages.AnyQueryOf(G), Start, within: 1.Seconds(), "ask about S1 and S2",
            frames => frames.SelectMany(frame => frame.Query!.Sources).ToHashSet().SetEquals([S1, S2]) ? null : "not about both");

        bench.Query(0, suppress: false, S1).Query(0.5, suppress: false, S2).Judge(together, 3).Should().BeEmpty();
        together.Claimed.Should().HaveCount(2);
    }

    [Fact]
    public void Frames_together_lack_something()
    {
        var together = bench.Run.ExpectTogether(
            Messages.AnyQueryOf(G), Start, within: 1.Seconds(), "ask about S1 and S2",
            frames => frames.Count == 2 ? null : "not two");

        bench.Query(0, suppress: false, S1).Query(1.5, suppress: false, S2).Judge(together, 3).Should().Equal("not two");
    }

    [Fact]
    public void Something_else_was_sent()
    {
        var queries = bench.Run.ExpectGeneralQueries(bench.R1, "A", Start);

        bench.GeneralQuery(0).Report(1, "h1", RecordType.ToExclude).Judge(bench.Run.ExpectNothingElse(), 3, before: queries)
            .Should().ContainSingle().Which.Should().StartWith("h1 has sent this: ");
    }

    [Fact]
    public void A_requirement_that_does_not_exist_is_refused()
    {
        var shows = () => bench.Run.ExpectNothingElse().Shows("V3-R-0-00");

        shows.Should().Throw<ArgumentException>().WithMessage("There is no requirement 'V3-R-0-00'*");
    }

    private Answers AnswersOfH2After(double seconds) =>
        bench.Run.ExpectAnswers(
            Messages.Report(Messages.IsExclude(G)).From(bench.H2), to: Messages.Query(G),
            since: new Moment(Start.At + TimeSpan.FromSeconds(seconds), "the join"));

    private Answers AnswersOfH2 =>
        bench.Run.ExpectAnswers(Messages.Report(Messages.IsExclude(G)).From(bench.H2), to: Messages.Query(G), since: Start);
}
