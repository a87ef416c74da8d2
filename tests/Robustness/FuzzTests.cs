using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Robustness.Fuzz;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>A slice of what <c>fuzz --inputs 10000000</c> does.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class FuzzTests
{
    private const int Inputs = 400_000;

    [Fact]
    public void Four_hundred_thousand_inputs_leave_decoders_and_cores_sound()
    {
        var result = new Campaign(seed: 1, Inputs, FuzzArea.All, processors: 2).Run();

        result.Findings.Select(each => $"{each.Wrong}\n{each.Replay}").Should().BeEmpty();
        result.Inputs.Should().Be(Inputs);
        result.MostMemory.Should().BeLessThan(Campaign.MemoryLimit);
    }

    public static TheoryData<string, string> Killers =>
        [
            .. FuzzedDialect.All.SelectMany(dialect =>
                dialect.Killers.Select(each => new TheoryDataRow<string, string>(dialect.Name, each.Name))),
        ];

    [Theory]
    [MemberData(nameof(Killers))]
    public void A_packet_that_stopped_others_leaves_the_router_working(string dialect, string name)
    {
        var fuzzed = FuzzedDialect.All.Single(each => each.Name == dialect);
        var packet = fuzzed.Killers.Single(each => each.Name == name).Packet;
        var router = new RouterTarget(fuzzed.Addresses, 0);

        router.Feed(new FuzzInput(TimeSpan.Zero, packet));
        router.Feed(new FuzzInput(TimeSpan.FromSeconds(1), packet));

        router.Finish();
    }

    // Packets that are all rejected at once would find nothing.
    [Fact]
    public void Most_packets_of_every_dialect_get_in()
    {
        foreach (var fuzzed in FuzzedDialect.All)
        {
            CoreInputs
                .Packets(new Random(7), fuzzed)
                .Take(10_000)
                .Count(each => fuzzed.Addresses.Dialect.TryRead(each.Bytes, out _) == PacketError.None)
                .Should()
                .BeGreaterThan(6_000, fuzzed.Name);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        foreach (var dialect in FuzzedDialect.All)
        {
            CoreInputs.ForRouter(new Random(7), dialect).Take(1000).Select(each => each.ToString())
                .Should().Equal(CoreInputs.ForRouter(new Random(7), dialect).Take(1000).Select(each => each.ToString()));
        }
    }

    [Fact]
    public void A_failing_list_is_shrunk_to_what_makes_it_fail()
    {
        var shortest = Shrinker.Shortest(
            Enumerable.Range(0, 1000).ToList(), list => list.Contains(17) && list.Contains(901) && list.Contains(902));

        shortest.Should().Equal(17, 901, 902);
    }
}
