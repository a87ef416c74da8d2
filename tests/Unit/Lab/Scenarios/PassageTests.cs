using FluentAssertions;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using Xunit;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>Where a switch sends a frame on, here from LAN A to LAN U and to no other.</summary>
public sealed class PassageTests
{
    private const string Switch = "r1";

    private static readonly SeenFrame Sent = MadeUpFrames.Seen(MadeUpFrames.IgmpPacket(MadeUpFrames.GeneralQuery), from: "h1");

    private readonly ExpectationBench bench = new();

    private readonly Passage passage = new(Sent, Switch, "a query", to: ["U"], notTo: ["B"]);

    [Fact]
    public void One_copy_where_it_goes_to_is_right() => Copy(0.0005, "U").Judge(passage, 1).Should().BeEmpty();

    [Fact]
    public void None_is_wrong() => bench.Judge(passage, 1).Should().Equal("it did not come to LAN U as it was sent");

    [Fact]
    public void One_that_comes_late_is_none() => Copy(0.0011, "U").Judge(passage, 1).Should().HaveCount(1);

    [Fact]
    public void One_of_another_node_is_none() =>
        bench.GeneralQuery(0.0005, from: "h2", lan: "U").Judge(passage, 1).Should().HaveCount(1);

    [Fact]
    public void Two_are_wrong() =>
        Copy(0.0005, "U").GeneralQuery(0.0006, lan: "U").Judge(passage, 1).Should().Equal("it came to LAN U 2 times");

    [Fact]
    public void One_where_it_does_not_go_to_is_wrong() =>
        Copy(0.0005, "U").GeneralQuery(0.0005, lan: "B").Judge(passage, 1).Should().Equal("it came to LAN B");

    [Fact]
    public void Elsewhere_it_may_come() => Copy(0.0005, "U").GeneralQuery(0.0005, lan: "C").Judge(passage, 1).Should().BeEmpty();

    private ExpectationBench Copy(double at, string lan) => bench.GeneralQuery(at, from: Switch, lan: lan);
}
