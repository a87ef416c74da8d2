using FluentAssertions;
using MulticastLab.Router.Daemon;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>When the router has its garbage collected.</summary>
public sealed class SmallCollectionsTests
{
    private readonly List<byte[]> kept = [];
    private readonly SmallCollections collections;
    private int collected;

    public SmallCollectionsTests() => collections = new SmallCollections(() => collected++);

    [Fact]
    public void Each_time_that_a_portion_was_allocated()
    {
        for (var portion = 1; portion <= 3; portion++)
        {
            Allocate(SmallCollections.Portion - 10_000);
            collections.AfterTurn();
            collected.Should().Be(portion - 1);

            Allocate(10_000);
            collections.AfterTurn();
            collections.AfterTurn();
            collected.Should().Be(portion);
        }
    }

    private void Allocate(long bytes) => kept.Add(new byte[bytes]);
}
