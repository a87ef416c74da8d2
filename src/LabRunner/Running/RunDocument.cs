using MulticastLab.Lab.Scenarios;

namespace MulticastLab.LabRunner.Running;

/// <summary>A run as <c>run --json</c> tells it.</summary>
internal sealed record RunDocument(
    string Scenario, string Engine, string? HostStack, int? Seed, bool Passed, string Verdict, string? Aborted, double Seconds,
    int Frames, long FramesLost, bool Inconclusive, IEnumerable<DisturbanceDocument> Disturbances, IEnumerable<StepDocument> Steps,
    IEnumerable<ExpectationDocument> Expectations, IEnumerable<RequirementDocument> Requirements, string? Evidence, string? Capture)
{
    /// <summary>What came of a run.</summary>
    public static RunDocument Of(ScenarioResult result, TimeSpan took) => new(
        result.Scenario.Name,
        result.World,
        !result.Capabilities.HasKernelHosts ? null : result.Options.HostStack == Lab.Engines.HostStack.Kernel ? "kernel" : "user",
        result.Capabilities.IsReproducible ? result.Options.Seed : null,
        result.Passed,
        result.Verdict.Name(),
        result.Aborted,
        took.TotalSeconds,
        result.Frames.Count,
        result.FramesLost,
        result.IsInconclusive,
        result.Disturbances.Select(each => new DisturbanceDocument(each.From.ToString(), each.Length.TotalSeconds, each.What)),
        result.Steps.Select(each => new StepDocument(each.Number, each.Title, each.Start.ToString(), each.End?.ToString())),
        result.Expectations.Select(each => new ExpectationDocument(
            each.Text, each.Requirements, each.Judged,
            each.Problems.Select(problem => new ProblemDocument(problem.Text, problem.Frames.Select(frame => frame.Number))))),
        RequirementVerdict.Of(result).Select(each => new RequirementDocument(
            each.Requirement.Id, $"RFC {each.Requirement.Rfc} §{each.Requirement.Section}", each.Requirement.Level, each.Requirement.Text,
            each.Verdict?.Name() ?? "not-seen")),
        result.EvidenceDirectory,
        result.CapturePath);
}

internal sealed record DisturbanceDocument(string At, double Seconds, string Text);

internal sealed record StepDocument(int Number, string Title, string Start, string? End);

internal sealed record ExpectationDocument(
    string Text, IEnumerable<string> Requirements, bool Judged, IEnumerable<ProblemDocument> Problems);

internal sealed record ProblemDocument(string Text, IEnumerable<int> Frames);

internal sealed record RequirementDocument(string Id, string Section, string Level, string Text, string Verdict);
