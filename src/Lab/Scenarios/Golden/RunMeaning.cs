using System.Globalization;
using System.Text;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Golden;

/// <summary>
/// What a run of a scenario says in any world and with any timers: per step, which messages came from whom, with their fields in the RFC's
/// names, and how many where chance has no say. Left out: times, which the expectations judge, and what only chance brings.
/// </summary>
internal static class RunMeaning
{
    public const string Heading = "## In any world, with any timers";

    public static string Of(ScenarioResult result)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var step in result.Steps.Where(each => !each.InVirtualTimeOnly))
        {
            var lines = result
                .Expectations.Where(each => each.Step == step)
                .SelectMany(each => Lines(each, result.Options.Timing))
                .ToList();
            if (lines.Count == 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{step.Number}. {step.Title}\n");
            lines.ForEach(line => text.Append(CultureInfo.InvariantCulture, $"   {line}\n"));
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(Expectation expectation, Timing timing)
    {
        if (expectation.IsOptional || expectation.Claimed.Count == 0)
            return [];
        var count = expectation.ExactCount is { } exact and > 1 ? string.Create(CultureInfo.InvariantCulture, $" × {exact}") : "";
        return expectation
            .Claimed.Select(frame => $"{frame.Frame.Lan} {frame.Sender}: {expectation.Topic ?? Message(frame, timing)}{count}")
            .Distinct();
    }

    private static string Message(SeenFrame frame, Timing timing) => frame switch
    {
        { Query: { } query } => Message(query, timing),
        { Report: { } report } => string.Join(", ", report.Records.Select(FrameText.Of).Order(StringComparer.Ordinal)),
        _ => frame.ToString(),
    };

    private static string Message(QueryContent query, Timing timing)
    {
        var what = query.Kind switch
        {
            QueryKind.General => "General Query",
            QueryKind.GroupSpecific => $"Query({query.Group})",
            QueryKind.GroupAndSourceSpecific => $"Query({query.Group}, {FrameText.Set(query.Sources)})",
        };
        // Equal values would be distinguished by chance: the kind of query says which one is meant.
        var (name, meant) =
            query.Kind == QueryKind.General ? ("QRI", timing.QueryResponseInterval) : ("LMQI", timing.LastMemberQueryInterval);
        var response = query.MaxResponseTime == meant ? name : query.MaxResponseTime.InWords();
        var robustness =
            query.RobustnessVariable == timing.RobustnessVariable ? "RV" : query.RobustnessVariable.ToString(CultureInfo.InvariantCulture);
        var interval = query.QueryInterval == timing.QueryInterval ? "QI" : query.QueryInterval.InWords();
        return $"{what} S={(query.SuppressRouterSideProcessing ? 1 : 0)} MRT={response} QRV={robustness} QQI={interval}";
    }
}
