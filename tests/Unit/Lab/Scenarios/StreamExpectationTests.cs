using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
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
        bench.Datagram(0, 1).Datagram(0.1, 0).Datagram(0.2, 1).Judge(View.HasNoGap(), 1).Should().Equal("the datagram sent 0.1 s after now did not arrive");

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
    public void A_stream_stops_a_second_late() => bench.Datagrams(1.05, 6, 0, 5).Judge(StopsInTwoSeconds, 6).Should().HaveCount(10);

    [Fact]
    public void A_stream_stops_at_once() => bench.Datagrams(1.05, 6, 0, 2).Judge(StopsInTwoSeconds, 6).Should().HaveCount(20);

    [Fact]
    public void A_stream_starts_in_time() => bench.Datagrams(1.05, 4, 2, 9).Judge(StartsAtOnce, 4).Should().BeEmpty();

    [Fact]
    public void A_stream_starts_late() => bench.Datagrams(1.05, 4, 2.5, 9).Judge(StartsAtOnce, 4).Should().HaveCount(5);

    [Fact]
    public void A_stream_was_there_before() => bench.Datagrams(1.05, 4, 0, 9).Judge(StartsAtOnce, 4).Should().HaveCount(5);

    [Fact]
    public void A_stream_begun_afterwards_shows_no_start() =>
        bench.Datagrams(2.05, 4, 0, 9).Judge(StartsAtOnce, 4).Should().Equal("no datagram was sent before that: nothing is shown");
}
