namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// Minimises a failing plan: less time, fewer nodes, fewer events, right clocks, plain LANs, as long as the same law is broken.
/// </summary>
internal sealed class PlanShrinker(StartupFiles files)
{
    private const int MostRuns = 400;

    /// <summary>The smallest plan that was found, and how it breaks the law.</summary>
    public (LabPlan Plan, Violation Violation) Shrink(LabPlan plan, Violation violation)
    {
        var (best, found) = (plan, violation);
        Try(best with { End = found.At - MulticastLab.Packets.Instant.Epoch });
        // The first router stays: it is what joins the LANs.
        var nodes = Shrinker.Shortest(
            best.Nodes.Skip(1).ToList(), some => Breaks(With(best, [best.Nodes[0], .. some])) is not null, MostRuns);
        Try(With(best, [best.Nodes[0], .. nodes]));
        var events = Shrinker.Shortest(best.Events, some => Breaks(best with { Events = some }) is not null, MostRuns);
        Try(best with { Events = events });
        Try(best with { Nodes = [.. best.Nodes.Select(each => each with { Drift = 0 })] });
        Try(best with { Lans = [.. best.Lans.Select(each => each with { Delay = TimeSpan.Zero, Duplication = 0 })] });
        Try(best with { End = found.At - MulticastLab.Packets.Instant.Epoch });
        return (best, found);

        void Try(LabPlan candidate)
        {
            if (Breaks(candidate) is { } broken)
                (best, found) = (candidate, broken);
        }

        Violation? Breaks(LabPlan candidate) =>
            SimulationRun.Play(candidate, files) is { } broken && broken.Law == violation.Law ? broken : null;
    }

    private static LabPlan With(LabPlan plan, IReadOnlyList<NodePlan> nodes)
    {
        var names = nodes.Select(each => each.Name).ToHashSet();
        return plan with { Nodes = nodes, Events = [.. plan.Events.Where(each => NodeOf(each) is not { } node || names.Contains(node))] };
    }

    private static string? NodeOf(PlanEvent happening) => happening switch
    {
        StartNode each => each.Node,
        KillNode each => each.Node,
        WantGroup each => each.Node,
        MisreportGroup each => each.Node,
        TearPort each => each.Node,
        SetLink each => each.Node,
        _ => null,
    };
}
