using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Engines.Real;

/// <summary>Frames come out in the order of their timestamps, numbered without gaps (issue: every frame once, in kernel time
/// order).</summary>
public sealed class FrameLogTests
{
    private readonly FrameLog log = new();

    [Fact]
    public void Frames_handed_over_out_of_order_are_published_in_order()
    {
        Add(30, 10, 20);

        log.PublishUntil(new Instant(30)).Should().BeTrue();

        Published().Should().Equal((1, 10), (2, 20), (3, 30));
    }

    [Fact]
    public void A_frame_waits_until_its_instant()
    {
        Add(10, 20);

        log.PublishUntil(new Instant(19)).Should().BeTrue();
        Published().Should().Equal((1, 10));
        log.FirstWaiting.Should().Be(new Instant(20));

        log.PublishUntil(new Instant(19)).Should().BeFalse();
        log.PublishUntil(new Instant(20)).Should().BeTrue();
        log.FirstWaiting.Should().Be(Instant.Never);
    }

    [Fact]
    public void A_frame_that_comes_too_late_is_put_where_it_belongs_and_earlier_snapshots_stay()
    {
        Add(10, 20, 30);
        log.PublishUntil(new Instant(30));
        var before = log.Frames;

        Add(15);
        log.PublishUntil(new Instant(30));

        Published().Should().Equal((1, 10), (2, 15), (3, 20), (4, 30));
        before.Select(each => (each.Number, each.At.Nanoseconds)).Should().Equal((1, 10L), (2, 20L), (3, 30L));
    }

    [Fact]
    public void Frames_of_one_instant_keep_the_order_in_which_they_came()
    {
        log.Add(Frame(10, "first"));
        log.Add(Frame(10, "second"));
        log.Add(Frame(10, "third"));

        log.PublishUntil(new Instant(10));

        log.Frames.Select(each => each.Node).Should().Equal("first", "second", "third");
    }

    [Fact]
    public void A_snapshot_does_not_grow()
    {
        Add(10);
        log.PublishUntil(Instant.Never);
        var snapshot = log.Frames;

        Add([.. Enumerable.Range(11, 1000).Select(each => (long)each)]);
        log.PublishUntil(Instant.Never);

        snapshot.Should().HaveCount(1);
        var beyond = () => snapshot[1];
        beyond.Should().Throw<ArgumentOutOfRangeException>();
        Published().Should().HaveCount(1001).And.BeInAscendingOrder(each => each.Number);
    }

    private void Add(params long[] instants)
    {
        foreach (var at in instants)
            log.Add(Frame(at, "n"));
    }

    private List<(int Number, long At)> Published() => [.. log.Frames.Select(each => (each.Number, each.At.Nanoseconds))];

    private static LabFrame Frame(long at, string node) => new(0, new Instant(at), "A", node, "eth0", new byte[60]);
}
