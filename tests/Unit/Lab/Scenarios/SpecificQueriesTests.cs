using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.ExpectationBench;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>The queries of RFC 9776 §6.6.3 from the outside: what is right passes, each way to be wrong fails.</summary>
public sealed class SpecificQueriesTests
{
    private readonly ExpectationBench bench = new();

    private SpecificQueries OnLeave => bench.Run.ExpectSpecificQueries(
        bench.R1, G, Messages.Report(Messages.ToInclude(G)).From(bench.H1), Messages.Report(Messages.IsExclude(G)).From(bench.H2), Start);

    private SpecificQueries OnBlock =>
        bench.Run.ExpectSpecificQueries(
            bench.R1, G, Messages.Report(Messages.Block(G, S1, S2)).From(bench.H1),
            Messages.Report(Messages.IsInclude(G, S1)).From(bench.H2), Start);

    [Fact]
    public void A_leave_nobody_answers_is_asked_for_twice() =>
        Leave(0).Query(0, suppress: false).Query(1, suppress: false).Judge(OnLeave, 5).Should().BeEmpty();

    [Fact]
    public void An_answered_leave_is_asked_for_again_with_the_S_flag() =>
        Leave(0)
            .Query(0, suppress: false)
            .Report(0.4, "h2", RecordType.IsExclude)
            .Query(1, suppress: true)
            .Judge(OnLeave, 5)
            .Should()
            .BeEmpty();

    [Fact]
    public void The_S_flag_is_never_set() =>
        Leave(0).Query(0, suppress: false).Report(0.4, "h2", RecordType.IsExclude).Query(1, suppress: false).Judge(OnLeave, 5)
            .Should().Equal("S=0 for the group, which was reported before");

    [Fact]
    public void The_S_flag_is_set_without_an_answer() =>
        Leave(0).Query(0, suppress: false).Query(1, suppress: true).Judge(OnLeave, 5)
            .Should().Equal("S=1 for the group, which was not reported before");

    [Fact]
    public void The_query_is_not_repeated() =>
        Leave(0).Query(0, suppress: false).Judge(OnLeave, 5).Should().Equal("the group was not asked for at 1.000000000");

    [Fact]
    public void The_query_is_repeated_too_often() =>
        Leave(0).Query(0, suppress: false).Query(1, suppress: false).Query(2, suppress: false).Judge(OnLeave, 5)
            .Should().Equal("nothing calls for asking for the group at this time");

    [Fact]
    public void A_leave_repeated_without_an_answer_in_between_starts_nothing_anew() =>
        Leave(0)
            .Query(0, suppress: false)
            .Report(0.5, "h1", RecordType.ToInclude)
            .Query(1, suppress: false)
            .Judge(OnLeave, 5)
            .Should()
            .BeEmpty();

    [Fact]
    public void A_leave_repeated_after_an_answer_starts_anew() =>
        Leave(0).Query(0, suppress: false).Report(0.4, "h2", RecordType.IsExclude).Report(0.5, "h1", RecordType.ToInclude)
            .Query(0.5, suppress: false).Query(1.5, suppress: false).Judge(OnLeave, 5).Should().BeEmpty();

    [Fact]
    public void An_answer_that_crosses_the_query_leaves_the_S_flag_open() =>
        Leave(0)
            .Query(0, suppress: false)
            .Report(0.9995, "h2", RecordType.IsExclude)
            .Query(1, suppress: false)
            .Judge(OnLeave, 5)
            .Should()
            .BeEmpty();

    [Fact]
    public void Without_a_leave_nothing_is_shown() =>
        bench.Judge(OnLeave, 5).Should().ContainSingle().Which.Should().EndWith("nothing is shown");

    // V3-R-6.6.3.2-03: two messages, S=1 for what was reported, S=0 for what was not.
    [Fact]
    public void Blocked_sources_are_split_by_their_answers() =>
        Block()
            .Query(0, suppress: false, S1, S2)
            .Report(0.4, "h2", RecordType.IsInclude, S1)
            .Query(1, suppress: true, S1)
            .Query(1, suppress: false, S2)
            .Judge(OnBlock, 5)
            .Should()
            .BeEmpty();

    [Fact]
    public void Blocked_sources_are_not_split() =>
        Block().Query(0, suppress: false, S1, S2).Report(0.4, "h2", RecordType.IsInclude, S1).Query(1, suppress: false, S1, S2)
            .Judge(OnBlock, 5).Should().Equal("S=0 for 10.1.0.100, which was reported before");

    [Fact]
    public void A_source_is_left_out() =>
        Block()
            .Query(0, suppress: false, S1)
            .Query(1, suppress: false, S1, S2)
            .Judge(OnBlock, 5)
            .Should()
            .Equal("10.1.0.101 was not asked for at 0.000000000");

    [Fact]
    public void The_group_is_asked_for_instead_of_its_sources() =>
        Block().Query(0, suppress: false).Query(1, suppress: false, S1, S2).Judge(OnBlock, 5).Should().HaveCount(3);

    // §4.1.1, §4.1.6, §4.1.7, §4.1.12: what holds of every query of a group, whichever round it belongs to.
    [Fact]
    public void A_query_that_announces_something_else_or_goes_elsewhere_is_wrong()
    {
        var right = MadeUpFrames.QueryOf(G);
        foreach (
            var wrong in (QueryContent[])
                [
                    right with { MaxResponseTime = 2.Seconds() }, right with { RobustnessVariable = 3 },
                    right with { QueryInterval = 60.Seconds() }, right with { Generation = Generation.Leaves }])
        {
            var other = new SpecificQueriesTests();
            other.Leave(0).Query(0, wrong).Query(1, right).Judge(other.OnLeave, 5)
                .Should().Equal("this is not like any query of 239.1.1.1 announcing RV 2, QI 125 s");
        }

        Leave(0).Query(0, right).Query(1, right, to: Address.Parse("224.0.0.1")).Judge(OnLeave, 5).Should().ContainSingle();
    }

    [Theory]
    [InlineData(1.999)]
    [InlineData(2.001)]
    [InlineData(1.9989, "the group was not asked for at 2.000000000", "nothing calls for asking for the group at this time")]
    [InlineData(2.0011, "the group was not asked for at 2.000000000", "nothing calls for asking for the group at this time")]
    public void A_query_is_due_at_its_time_within_the_tolerance(double at, params string[] problems) =>
        Leave(1).Query(1, suppress: false).Query(at, suppress: false).Judge(OnLeave, 20).Should().Equal(problems);

    // §6.6.3.1: the S flag is set when the group timer has been renewed. An answer that is less than 1 ms away may be seen before or after.
    [Theory]
    [InlineData(0.9989, true, true)]
    [InlineData(0.9989, false, false)]
    [InlineData(0.999, true, true)]
    [InlineData(0.999, false, true)]
    [InlineData(1.0009, true, true)]
    [InlineData(1.0009, false, true)]
    [InlineData(1.001, true, false)]
    [InlineData(1.001, false, true)]
    [InlineData(0, true, false)]
    [InlineData(0, false, true)]
    public void The_S_flag_follows_the_answers_that_came_before(double answered, bool suppress, bool isRight)
    {
        // The leave comes first: an answer at the same instant is one to something before.
        Leave(0).Query(0, suppress: false).Report(answered, "h2", RecordType.IsExclude).Query(1, suppress);

        (bench.Judge(OnLeave, 5).Count == 0).Should().Be(isRight);
    }

    // The repetition of the leave may come a second after it (§8.11), its last query LMQC × LMQI = 2 s after that (§8.10).
    [Fact]
    public void Queries_are_looked_at_until_the_last_may_have_come()
    {
        OnLeave.Closes(1.Milliseconds()).Should().Be(At(3.002));
        var expectation = OnLeave;
        Leave(0)
            .Query(0, suppress: false)
            .Query(1, suppress: false)
            .Query(3.002, suppress: false)
            .Query(3.0021, suppress: false)
            .Judge(expectation, 5)
            .Should()
            .Equal("nothing calls for asking for the group at this time");
        expectation.Claimed.Select(each => each.Number).Should().Equal(2, 3, 4);
    }

    [Fact]
    public void What_came_before_the_command_calls_for_nothing() =>
        Leave(-0.0001).Judge(OnLeave, 5).Should().Equal("TO_IN(239.1.1.1, {}) from h1 was not seen: nothing is shown");

    [Fact]
    public void Queries_of_another_group_or_router_are_left_to_others()
    {
        Leave(0)
            .Query(0, suppress: false)
            .Query(1, suppress: false)
            .Query(0.5, MadeUpFrames.QueryOf(MadeUpFrames.G2))
            .Query(0.5, MadeUpFrames.QueryOf(G), from: "h2")
            .Query(0.5, MadeUpFrames.GeneralQuery);

        var expectation = OnLeave;
        bench.Judge(expectation, 5).Should().BeEmpty();
        expectation.Claimed.Should().HaveCount(2);
    }

    // §6.4.2: what is wanted is told by IS_IN and ALLOW source by source, by IS_EX and TO_EX for the group.
    [Theory]
    [InlineData(RecordType.IsExclude)]
    [InlineData(RecordType.ToExclude)]
    public void The_group_is_reported_by_either_record(RecordType type)
    {
        var onLeave = bench.Run.ExpectSpecificQueries(
            bench.R1, G, Messages.Report(Messages.ToInclude(G)).From(bench.H1),
            Messages.Report(new RecordContent(type, G, [])).From(bench.H2), Start);

        Leave(0).Query(0, suppress: false).Report(0.4, "h2", type).Query(1, suppress: true).Judge(onLeave, 5).Should().BeEmpty();
    }

    [Theory]
    [InlineData(RecordType.IsInclude)]
    [InlineData(RecordType.Allow)]
    public void A_source_is_reported_by_either_record(RecordType type)
    {
        var onBlock = bench.Run.ExpectSpecificQueries(
            bench.R1, G, Messages.Report(Messages.Block(G, S1, S2)).From(bench.H1),
            Messages.Report(new RecordContent(type, G, [S1, S2])).From(bench.H2), Start);

        Block()
            .Query(0, suppress: false, S1, S2)
            .Report(0.4, "h2", type, S1, S2)
            .Query(1, suppress: true, S1, S2)
            .Judge(onBlock, 5)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void A_source_that_is_blocked_again_after_an_answer_is_asked_for_anew_and_the_other_goes_on()
    {
        Block()
            .Query(0, suppress: false, S1, S2)
            .Report(0.4, "h2", RecordType.IsInclude, S1)
            .Report(0.5, "h1", RecordType.Block, S1, S2)
            .Query(0.5, suppress: false, S1)
            .Query(1, suppress: false, S2)
            .Query(1.5, suppress: false, S1)
            .Judge(OnBlock, 5)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void A_source_that_nobody_blocked_is_asked_for() =>
        Block()
            .Query(0, suppress: false, S1, S2)
            .Query(1, suppress: false, S1, S2)
            .Query(1, suppress: false, MadeUpFrames.S3)
            .Judge(OnBlock, 5)
            .Should()
            .Equal("nothing calls for asking for 10.1.0.102 at this time");

    private ExpectationBench Leave(double at) => bench.Report(at, "h1", RecordType.ToInclude);

    private ExpectationBench Block() => bench.Report(0, "h1", RecordType.Block, S1, S2);
}
