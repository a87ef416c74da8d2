using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.ExpectationBench;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>What was missing, and when it was due: a drawing of a run shows it at its place.</summary>
public sealed class MissingFrameTests
{
    private readonly ExpectationBench bench = new();

    private Series ThreeQueries => bench.Run.Expect(
        Messages.Query(G).WithoutSuppression().From(bench.R1).On("A"), since: Start, after: 2.Seconds(), times: 3, every: 1.Seconds());

    [Fact]
    public void A_series_that_did_not_come_is_missing_as_a_whole()
    {
        var series = Judged(ThreeQueries);

        series.Missing.Should().Equal(Query(2), Query(3), Query(4));
    }

    [Fact]
    public void Of_a_series_that_ends_early_the_rest_is_missing() =>
        Judged(ThreeQueries, bench.Query(2, suppress: false)).Missing.Should().Equal(Query(3), Query(4));

    [Fact]
    public void Of_a_series_that_begins_late_the_first_is_missing() =>
        Judged(ThreeQueries, bench.Query(3, suppress: false).Query(4, suppress: false)).Missing.Should().Equal(Query(2));

    [Fact]
    public void Of_what_came_nothing_is_missing() =>
        Judged(ThreeQueries, bench.Query(2, suppress: false).Query(3, suppress: false).Query(4, suppress: false))
            .Missing.Should().BeEmpty();

    [Fact]
    public void A_schedule_misses_what_came_late_and_what_did_not_come()
    {
        var schedule = Judged(
            new Schedule(Messages.GeneralQuery().From(bench.R1), Start, TimeSpan.Zero, 0, TimeSpan.Zero, 10.Seconds()),
            bench.GeneralQuery(0).GeneralQuery(12));

        schedule.Missing.Should().Equal(
            new MissingFrame("General Query", "r1", null, At(10)), new MissingFrame("General Query", "r1", null, At(22)));
    }

    [Fact]
    public void An_answer_is_missing_when_its_time_is_over() =>
        Judged(
                bench.Run.ExpectAnswers(Messages.Report(Messages.IsExclude(G)).From(bench.H1), Messages.GeneralQuery(), Start),
                bench.GeneralQuery(1)).Missing.Should().Equal(new MissingFrame($"IS_EX({G}, {{}})", "h1", null, At(11)));

    [Fact]
    public void A_datagram_that_is_not_forwarded_is_missing_where_it_should_have_been() =>
        Judged(bench.Stream.At(bench.H1).HasNoGap(), bench.Datagram(1, copies: 1).Datagram(1.1, copies: 0))
            .Missing.Should().Equal(new MissingFrame($"datagram of stream {S1} → {G}", null, "A", At(1.1)));

    private static MissingFrame Query(double at) => new($"Query({G}) S=0", "r1", "A", At(at));

    private T Judged<T>(T expectation, ExpectationBench? frames = null)
        where T : Expectation
    {
        (frames ?? bench).Judge(expectation, 30);
        return expectation;
    }
}
