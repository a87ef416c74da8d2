using System.Globalization;
using System.Text;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;

namespace MulticastLab.Lab.Scenarios.Golden;

/// <summary>
/// A run as text, made to be read in a diff: per step the IGMP messages of routers and hosts with their time since the step's start,
/// what was expected, and the routers' state at its end.
/// </summary>
public static class RunText
{
    /// <summary>The text of a run; ends with a line break.</summary>
    public static string Of(ScenarioResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {result.Scenario.Name}\n# {result.Scenario.Description}\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"# {result.World}{(result.Capabilities.IsReproducible ? $", seed {result.Options.Seed}" : "")}; "
                + $"{Timers(result.Options.Timing)}\n");
        var switches = result.Topology.Nodes.Where(node => node.Kind == NodeKind.Switch).Select(node => node.Name).ToHashSet();
        foreach (var step in result.Steps)
            Step(text, result, step, switches);
        text.Append('\n').Append(RunMeaning.Of(result));
        text.Append(CultureInfo.InvariantCulture, $"\n{result.Verdict.OfRun().ToUpperInvariant()}\n");
        if (result.Aborted is not null)
            text.Append(CultureInfo.InvariantCulture, $"The run ended early: {result.Aborted}\n");
        return text.ToString();
    }

    private static void Step(StringBuilder text, ScenarioResult result, RunStep step, HashSet<string> switches)
    {
        var frames = result
            .Frames.Where(frame => frame.IsIgmp && !switches.Contains(frame.Sender) && Annotations.StepOf(result, frame) == step)
            .ToList();
        var expectations = result.Expectations.Where(each => each.Step == step).ToList();
        if (step.Number == 0 && frames.Count == 0 && expectations.Count == 0)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n## {step.Number}. {step.Title}\n");
        foreach (var frame in frames)
            text.Append(
                CultureInfo.InvariantCulture, $"{Seconds(frame.At - step.Start), 14} {frame.Frame.Lan, -3} {frame.Sender, -7} {frame}\n");
        foreach (var expectation in expectations)
            Append(text, expectation);
        var last = result
            .Checkpoints.Where(each => each.Step == step)
            .GroupBy(each => each.Node)
            .OrderBy(each => each.Key, StringComparer.Ordinal);
        foreach (var router in last)
            StateSummary.Append(text, router.Key, router.Last().State);
    }

    private static void Append(StringBuilder text, Expectation expectation)
    {
        var verdict = !expectation.Judged ? "?" : expectation.Problems.Count == 0 ? "✓" : "✗";
        var ids = expectation.Requirements.Count == 0 ? "" : $"  [{string.Join(" ", expectation.Requirements)}]";
        text.Append(CultureInfo.InvariantCulture, $"  {verdict} {expectation.Text}{ids}\n");
        foreach (var problem in expectation.Problems)
            text.Append(CultureInfo.InvariantCulture, $"      {problem.Text}\n");
    }

    /// <summary>The timers that most depends on, in one line.</summary>
    internal static string Timers(Timing timing) =>
        $"RV {timing.RobustnessVariable}, QI {timing.QueryInterval.InWords()}, QRI {timing.QueryResponseInterval.InWords()}, LMQI "
            + $"{timing.LastMemberQueryInterval.InWords()}";

    private static string Seconds(TimeSpan duration) => duration.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
}
