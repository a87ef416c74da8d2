using FluentAssertions;
using MulticastLab.Router.Daemon;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>When the router has its garbage collected.</summary>
public sealed class GarbagePacingTests
{
    private readonly List<byte[]> kept = [];
    private readonly GarbagePacing collections;
    private int collected;

    public GarbagePacingTests() => collections = new GarbagePacing(() => collected++);

    [Fact]
    public void Each_time_that_a_portion_was_allocated()
    {
        for (var portion = 1; portion <= 3; portion++)
        {
            Allocate(GarbagePacing.Portion - 10_000);
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
