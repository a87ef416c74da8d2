using System.Globalization;
using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.ExpectationBench;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>What is said of streams holds when it should, and fails with the right words when it should not.</summary>
public sealed class StreamExpectationTests
{
    private static readonly Moment Leave = new(At(2), "the leave");

    private readonly ExpectationBench bench = new();

    private StreamView View => bench.Stream.At(bench.H1);

    private StreamExpectation StopsInTwoSeconds => View.Stops(after: 2.Seconds(), of: Leave);

    private StreamExpectation StartsAtOnce => View.Starts(within: TimeSpan.Zero, of: Leave);

    [Fact]
    public void A_stream_without_a_gap() => bench.Datagrams(0, 2, 0, 2).Judge(View.HasNoGap(), 2).Should().BeEmpty();

    [Fact]
    public void A_stream_with_a_gap() =>
        bench
            .Datagram(0, 1)
            .Datagram(0.1, 0)
            .Datagram(0.2, 1)
            .Judge(View.HasNoGap(), 1)
            .Should()
            .Equal("the datagram sent 0.1 s after now did not arrive");

    [Fact]
    public void A_stream_with_a_double() =>
        bench.Datagram(0, 1).Datagram(0.1, 2).Judge(View.HasNoGap(), 1).Should().Equal("the datagram sent 0.1 s after now arrived 2 times");

    [Fact]
    public void A_stream_that_is_not_sent_shows_nothing() =>
        bench.Judge(View.HasNoGap(), 1).Should().Equal("no datagram was sent after that: nothing is shown");

    [Fact]
    public void A_silent_stream() => bench.Datagrams(0, 1, 0, 0).Judge(View.IsSilent(), 1).Should().BeEmpty();

    [Fact]
    public void A_stream_that_should_be_silent() =>
        bench.Datagram(0, 0).Datagram(0.1, 1).Judge(View.IsSilent(), 1).Should().Equal("the datagram sent 0.1 s after now arrived");

    [Fact]
    public void A_stream_stops_in_time() => bench.Datagrams(1.05, 6, 0, 4).Judge(StopsInTwoSeconds, 6).Should().BeEmpty();

    // LMQT one second longer than it should be.
    [Fact]
    public void A_stream_stops_a_second_late() => bench.Datagrams(1.05, 6, 0, 5).Judge(StopsInTwoSeconds, 6)
        .Should().Equal(Each(2.05, 2.95, "the datagram sent {0} s after the leave arrived"));

    [Fact]
    public void A_stream_stops_at_once() => bench.Datagrams(1.05, 6, 0, 2).Judge(StopsInTwoSeconds, 6)
        .Should().Equal(Each(0.05, 1.95, "the datagram sent {0} s after the leave did not arrive"));

    [Fact]
    public void A_stream_starts_in_time() => bench.Datagrams(1.05, 4, 2, 9).Judge(StartsAtOnce, 4).Should().BeEmpty();

    [Fact]
    public void A_stream_starts_late() => bench.Datagrams(1.05, 4, 2.5, 9).Judge(StartsAtOnce, 4)
        .Should().Equal(Each(0.05, 0.45, "the datagram sent {0} s after the leave did not arrive"));

    // Of the time before, five datagrams are looked at.
    [Fact]
    public void A_stream_was_there_before() => bench.Datagrams(1.05, 4, 0, 9).Judge(StartsAtOnce, 4)
        .Should().Equal(Each(-0.45, -0.05, "the datagram sent {0} s after the leave arrived"));

    [Fact]
    public void A_stream_that_begins_twice_as_a_double_is_told_with_the_number() =>
        bench
            .Datagrams(1.05, 2, 0, 0)
            .Datagram(2.05, 3)
            .Judge(StartsAtOnce, 4)
            .Should()
            .Equal("the datagram sent 0.05 s after the leave arrived 3 times");

    [Theory]
    [InlineData(3.999, 1)]
    [InlineData(3.999, 0, "the datagram sent 1.999 s after the leave did not arrive")]
    [InlineData(3.9991, 0)]
    [InlineData(4.0009, 1)]
    [InlineData(4.001, 1, "the datagram sent 2.001 s after the leave arrived")]
    public void Only_a_datagram_within_the_tolerance_of_the_change_may_go_either_way(double at, int copies, params string[] problems) =>
        bench.Datagram(3, 1).Datagram(at, copies).Datagram(5, 0).Judge(StopsInTwoSeconds, 6).Should().Equal(problems);

    // A command that took a second: the stream may begin when it was given or when it was done.
    [Theory]
    [InlineData(1.999, 1, "the datagram sent -0.001 s after the join arrived")]
    [InlineData(1.9991, 1)]
    [InlineData(3.5009, 0)]
    [InlineData(3.501, 0, "the datagram sent 1.501 s after the join did not arrive")]
    public void The_change_lies_between_the_beginning_and_the_end_of_its_command(double at, int copies, params string[] problems)
    {
        var join = new Moment(At(2), "the join") { Done = At(3) };

        bench
            .Datagram(1.6, 0)
            .Datagram(at, copies)
            .Datagram(5, 1)
            .Judge(View.Starts(within: 500.Milliseconds(), of: join), 6)
            .Should()
            .Equal(problems);
    }

    [Fact]
    public void What_was_sent_long_before_does_not_count()
    {
        // 1 ms and five datagrams before the leave at 2 s.
        bench.Datagram(1.4989, 1).Datagram(1.6, 0).Datagram(3, 1).Judge(StartsAtOnce, 4).Should().BeEmpty();
        bench.Datagram(1.499, 1).Judge(StartsAtOnce, 4).Should().Equal("the datagram sent -0.501 s after the leave arrived");
    }

    [Fact]
    public void A_copy_may_still_be_on_its_way_at_the_end()
    {
        bench.Datagram(0.1, 1).Datagram(0.9991, 0).Judge(View.HasNoGap(), 1).Should().BeEmpty();
        bench.Datagram(0.999, 0).Judge(View.HasNoGap(), 1).Should().Equal("the datagram sent 0.999 s after now did not arrive");
    }

    [Fact]
    public void What_was_sent_before_is_no_gap() =>
        bench.Datagram(-0.0001, 0).Datagram(0.1, 1).Judge(View.HasNoGap(), 1).Should().BeEmpty();

    [Fact]
    public void It_is_looked_at_until_three_datagrams_after_the_change()
    {
        // 2 s, twice the tolerance, three times 100 ms.
        StopsInTwoSeconds.Closes(1.Milliseconds()).Should().Be(At(4.302));
        StartsAtOnce.Closes(1.Milliseconds()).Should().Be(At(2.302));
        View.Starts(within: 500.Milliseconds(), of: Leave with { Done = At(3) }).Closes(1.Milliseconds()).Should().Be(At(3.802));
        View.HasNoGap().Closes(1.Milliseconds()).Should().Be(At(0.302));
    }

    [Fact]
    public void It_says_what_it_expects()
    {
        View.HasNoGap().Text.Should().Be("stream 10.1.0.100 → 239.1.1.1 at h1 has no gap");
        View.IsSilent().Text.Should().EndWith("at h1 is silent");
        View.Starts(within: 500.Milliseconds(), of: Leave).Text.Should().EndWith("at h1 starts within 0.5 s of the leave");
        StopsInTwoSeconds.Text.Should().EndWith("at h1 stops 2 s after the leave");
    }

    [Fact]
    public void Other_streams_are_not_this_one()
    {
        // Another source, another group, a packet that is no datagram: neither sent nor arrived.
        bench
            .Datagram(0, 1)
            .Datagram(0.1, 1, source: S2)
            .Datagram(0.2, 1, group: MadeUpFrames.G2)
            .Datagram(0.3, 1)
            .Report(0.4, "h2", RecordType.IsExclude);

        bench.Judge(View.HasNoGap(), 1).Should().BeEmpty();
        bench.Judge(bench.StreamOf(S2, G).At(bench.H1).IsSilent(), 1).Should().Equal("the datagram sent 0.1 s after now arrived");
        bench
            .Judge(bench.StreamOf(S1, MadeUpFrames.G2).At(bench.H1).IsSilent(), 1)
            .Should()
            .Equal("the datagram sent 0.2 s after now arrived");
        bench
            .Judge(bench.StreamOf(S2, MadeUpFrames.G2).At(bench.H1).IsSilent(), 1)
            .Should()
            .ContainSingle()
            .Which.Should()
            .EndWith("nothing is shown");
    }

    [Fact]
    public void What_others_send_is_not_what_the_source_sent() =>
        bench.Datagram(0.1, 1).Datagram(0.2, 0, from: "h2").Judge(View.HasNoGap(), 1).Should().BeEmpty();

    [Fact]
    public void A_stream_begun_afterwards_shows_no_start() =>
        bench.Datagrams(2.05, 4, 0, 9).Judge(StartsAtOnce, 4).Should().Equal("no datagram was sent before that: nothing is shown");

    // Every 100 ms from one time to the other.
    private static IEnumerable<string> Each(double first, double last, string text)
    {
        for (var i = 0; first + (i * 0.1) < last + 0.05; i++)
            yield return string.Format(CultureInfo.InvariantCulture, text, Math.Round(first + (i * 0.1), 2));
    }
}
