using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;
using Xunit;

namespace MulticastLab.Tests.Packets.Traffic;

/// <summary>Loss, duplicates, order and gaps of one stream. Arrival number n is received at n ms.</summary>
public sealed class SequenceAnalysisTests
{
    [Fact]
    public void An_unbroken_stream_has_no_fault()
    {
        var analysis = Of(7, 8, 9);

        Counts(analysis).Should().Be((3, 0UL, 0, 0));
        (analysis.First, analysis.Last).Should().Be((7UL, 9UL));
        (analysis.FirstAt, analysis.LastAt).Should().Be((At(0), At(2)));
        analysis.Gaps.Should().BeEmpty();
    }

    [Fact]
    public void A_gap_tells_its_numbers_and_the_time_without_a_datagram()
    {
        var analysis = Of(0, 1, 5, 6, 8);

        Counts(analysis).Should().Be((5, 4UL, 0, 0));
        analysis.Gaps.Should().Equal(new SequenceGap(2, 4, At(1), At(2)), new SequenceGap(7, 7, At(3), At(4)));
        analysis.Gaps[0].Count.Should().Be(3);
        analysis.Gaps[0].Duration.Should().Be(TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_late_datagram_closes_or_splits_its_gap_and_is_not_lost()
    {
        var split = Of(0, 6, 3);
        Counts(split).Should().Be((3, 4UL, 0, 1));
        split.Gaps.Should().Equal(new SequenceGap(1, 2, At(0), At(1)), new SequenceGap(4, 5, At(0), At(1)));

        var closed = Of(0, 2, 1);
        Counts(closed).Should().Be((3, 0UL, 0, 1));
        closed.Gaps.Should().BeEmpty();
    }

    [Fact]
    public void The_time_before_a_gap_is_that_of_the_highest_number_so_far_not_of_a_late_one() =>
        Of(0, 2, 1, 5).Gaps.Should().Equal(new SequenceGap(3, 4, At(1), At(3)));

    [Fact]
    public void What_comes_again_is_a_duplicate_also_when_it_was_late_the_first_time() =>
        Counts(Of(0, 0, 3, 1, 1, 3)).Should().Be((3, 1UL, 3, 1));

    [Fact]
    public void A_number_below_the_first_moves_the_beginning()
    {
        var analysis = Of(5, 2);

        (analysis.First, analysis.Last).Should().Be((2UL, 5UL));
        Counts(analysis).Should().Be((2, 2UL, 0, 1));
        analysis.Gaps.Should().Equal(new SequenceGap(3, 4, At(0), At(0)));
    }

    // The second formulation: with a set of all numbers seen.
    [Fact]
    public void Any_order_of_arrival_counts_the_same_as_with_a_set_of_all_numbers()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), numbers =>
        {
            var analysis = Of([.. numbers.Select(each => (ulong)(each % 40))]);
            var seen = new HashSet<ulong>();
            var (duplicates, reordered, highest) = (0L, 0L, 0UL);
            foreach (var number in numbers.Select(each => (ulong)(each % 40)))
            {
                if (!seen.Add(number))
                    duplicates++;
                else if (seen.Count > 1 && number < highest)
                    reordered++;
                highest = Math.Max(highest, number);
            }

                    var missing =
                        seen.Count == 0
                            ? []
                            : Enumerable
                                .Range(0, 40)
                                .Select(each => (ulong)each)
                                .Where(each => each > seen.Min() && each < seen.Max() && !seen.Contains(each))
                                .ToList();
                    Counts(analysis).Should().Be((seen.Count, (ulong)missing.Count, duplicates, reordered));
                    analysis
                        .Gaps.SelectMany(gap => Enumerable.Range((int)gap.From, (int)gap.Count).Select(each => (ulong)each))
                        .Should()
                        .Equal(missing);
                })
            .Holds();
    }

    // The layout of StreamDatagram's doc comment, byte by byte.
    [Fact]
    public void The_payload_reads_as_it_was_written()
    {
        var datagram = new StreamDatagram(0x0102030405060708, 0x1112131415161718, new Instant(0x2122232425262728));
        var payload = new byte[StreamDatagram.Length + 4];

        datagram.Write(payload).Should().Be(32);

        Convert
            .ToHexString(payload)
            .Should()
            .Be("4D434C4201000000" + "0102030405060708" + "1112131415161718" + "2122232425262728" + "00000000");
        StreamDatagram.TryRead(payload, out var read).Should().BeTrue();
        read.Should().Be(datagram);
    }

    [Theory]
    [InlineData("a shorter payload", 31, 0, 0x4D)]
    [InlineData("another magic", 32, 0, 0x4C)]
    [InlineData("another format", 32, 4, 2)]
    public void Other_payloads_are_told(string what, int length, int at, byte value)
    {
        var payload = new byte[StreamDatagram.Length];
        default(StreamDatagram).Write(payload);
        payload[at] = value;

        StreamDatagram.TryRead(payload.AsSpan(0, length), out _).Should().BeFalse(what);
    }

    private static (long Received, ulong Lost, long Duplicates, long Reordered) Counts(SequenceAnalysis analysis) =>
        (analysis.Received, analysis.Lost, analysis.Duplicates, analysis.Reordered);

    private static Instant At(int milliseconds) => Instant.Epoch + TimeSpan.FromMilliseconds(milliseconds);

    private static SequenceAnalysis Of(params IEnumerable<ulong> numbers)
    {
        var analysis = new SequenceAnalysis();
        foreach (var (index, number) in numbers.Index())
            analysis.Add(number, At(index));
        return analysis;
    }
}
