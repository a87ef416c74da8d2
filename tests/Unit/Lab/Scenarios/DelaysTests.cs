using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.ExpectationBench;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>Answers to several questions, and what their delays show together.</summary>
public sealed class DelaysTests
{
    private static readonly FramePattern Answer = Messages.Report(Messages.IsExclude(G));

    private readonly ExpectationBench bench = new();

    [Fact]
    public void An_answer_to_each_with_the_right_delays_is_right()
    {
        Answers(10.2, 20.4).Judge(Delays(null), 30).Should().BeEmpty();

        seen.Select(each => each.TotalSeconds).Should().Equal(0.2, 0.4);
    }

    [Fact]
    public void Wrong_delays_are_wrong_although_all_have_come() =>
        Answers(10.2, 20.4).Judge(Delays("all alike"), 30).Should().Equal("all alike");

    [Fact]
    public void One_that_is_missing_is_told_and_the_delays_are_not_looked_at() =>
        Answers(10.2).Judge(Delays("all alike"), 30).Should().ContainSingle().Which.Should().StartWith("no answer like");

    [Fact]
    public void One_that_comes_too_late_is_missing() => Answers(10.2, 21.0011).Judge(Delays(null), 30).Should().HaveCount(1);

    [Fact]
    public void One_answer_does_not_serve_two_questions()
    {
        var together = new Delays(
            [(new Moment(At(10), "one"), Answer), (new Moment(At(10.1), "another"), Answer)], 1.Seconds(), "differ", (_, _) => null);

        Answers(10.2).Judge(together, 30).Should().HaveCount(1);
    }

    private readonly List<TimeSpan> seen = [];

    private Delays Delays(string? wrong) => new(
        [(new Moment(At(10), "the first query"), Answer), (new Moment(At(20), "the second query"), Answer)], 1.Seconds(), "differ",
        (delays, _) =>
        {
            seen.AddRange(delays);
            return wrong;
        });

    private ExpectationBench Answers(params double[] at)
    {
        foreach (var each in at)
            bench.Report(each, "h1", RecordType.IsExclude);
        return bench;
    }
}
