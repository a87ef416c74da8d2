using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Robustness.Simulation;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>The laws of random labs notice what is wrong, and a failing lab is minimised.</summary>
public sealed class LawTests : IDisposable
{
    private static readonly Address G = LabPlan.Groups[0];

    private readonly StartupFiles files = new();

    public void Dispose() => files.Dispose();

    // A blackout is kept from the model. One that is longer than every interval breaks what the model takes for granted.
    [Theory]
    [InlineData(50, "")]
    [InlineData(600, nameof(Law.OneQuerier))]
    public void A_blackout_is_noticed_when_it_is_longer_than_the_Robustness_Variable_covers(int seconds, string expected) =>
        $"{SimulationRun.Play(Plan(new Blackout(At(1000), 0, At(seconds))), files)?.Law}".Should().Be(expected);

    [Fact]
    public void A_lab_that_breaks_a_law_is_made_small()
    {
        var plan = Plan(
            new Blackout(At(1000), 0, At(600)), new WantGroup(At(700), "h3", LabPlan.Groups[1], FilterMode.Include, LabPlan.Sources),
            new TearPort(At(800), "h2", 0, 0));

        var (small, violation) = new PlanShrinker(files).Shrink(plan, SimulationRun.Play(plan, files)!);

        violation.Law.Should().Be(Law.OneQuerier);
        small.Nodes.Select(each => each.Name).Should().Equal("r1", "r2");
        small.Events.Should().HaveCount(3, "two routers start, and the LAN goes dark");
        SimulationRun.Play(small, files).Should().Be(violation, "a plan always runs the same");
    }

    private static LabPlan Plan(params PlanEvent[] events) =>
        new(
            1,
            3,
            Timing.Default,
            [new LanPlan("A", TimeSpan.Zero, 0)],
            [
                new NodePlan("r1", true, 3, 0, [(0, 1)]), new NodePlan("r2", true, 3, 0, [(0, 2)]),
                new NodePlan("h1", false, 3, 0, [(0, 101)]), new NodePlan("h2", false, 3, 0, [(0, 102)]),
                new NodePlan("h3", false, 3, 0, [(0, 103)])],
            [
                .. ((string[])["r1", "r2", "h1", "h2", "h3"]).Select(each => new StartNode(TimeSpan.Zero, each)),
                new WantGroup(At(400), "h1", G, FilterMode.Exclude, []), .. events.OrderBy(each => each.At)],
            At(2000));

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);
}
