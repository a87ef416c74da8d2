using System.Globalization;
using System.Text;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Scenarios;

/// <summary>An expectation that was not fulfilled, with what one needs to see why.</summary>
/// <param name="Step">The step that stated it.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Requirements">The requirements that it was to show.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="Around">The IGMP messages around the offending frames.</param>
/// <param name="States">The routers' state when it was judged, by name.</param>
public sealed record Failure(
    RunStep Step, string Expected, IReadOnlyList<Requirement> Requirements, IReadOnlyList<Problem> Problems,
    IReadOnlyList<SeenFrame> Around, IReadOnlyDictionary<string, RouterState> States)
{
    // More of the same adds nothing.
    private const int ProblemsShown = 5;

    /// <summary>The failure over several lines, state included.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Step {Step.Number}: {Step.Title}");
        foreach (var requirement in Requirements)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {requirement}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  expected: {Expected}");
        foreach (var problem in Problems.Take(ProblemsShown))
        {
            var frames = problem.Frames.Count == 0 ? "" : $" (frame {string.Join(", ", problem.Frames.Select(frame => frame.Number))})";
            text.AppendLine(CultureInfo.InvariantCulture, $"  but:      {problem.Text}{frames}");
        }

        if (Problems.Count > ProblemsShown)
            text.AppendLine(CultureInfo.InvariantCulture, $"            and {Problems.Count - ProblemsShown} more like it");
        var offending = Problems.SelectMany(problem => problem.Frames).Select(frame => frame.Number).ToHashSet();
        foreach (var frame in Around)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  {(offending.Contains(frame.Number) ? '>' : ' ')} {frame.Number, 5} {frame.At} {frame.Frame.Lan, -4} "
                    + $"{frame.Sender, -6} {frame}");
        }

        foreach (var (router, state) in States)
            StateSummary.Append(text, router, state);
        return text.ToString().TrimEnd();
    }
}
