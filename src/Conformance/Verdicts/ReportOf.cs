using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Frames;

namespace MulticastLab.Conformance.Verdicts;

/// <summary>Makes the report of a test.</summary>
internal static class ReportOf
{
    // More of the same adds nothing.
    private const int MostFrames = 20;
    private const int MostProblems = 5;

    /// <summary>Of a test that was not played.</summary>
    internal static TestReport NotPlayed(ConformanceTest test, Verdict verdict, string reason) => new()
    {
        Test = test.Name,
        Requirements = [.. test.Requirements.Select(each => each.Id)],
        Level = test.Level,
        Sections = test.Sections,
        Purpose = test.Purpose,
        Verdict = verdict,
        Reason = reason,
    };

    /// <summary>Of a test that was played.</summary>
    internal static TestReport Played(ConformanceTest test, Bench bench, Verdict verdict, string? reason)
    {
        var failed = bench.Failures.Count > 0;
        List<SeenFrame> frames = failed
            ? [.. bench.Failures.SelectMany(each => each.Problems).SelectMany(each => each.Frames)]
            : [.. bench.Expectations.SelectMany(each => each.Claimed)];
        var deciding = frames.DistinctBy(each => each.Number).OrderBy(each => each.Number).Take(MostFrames).ToList();
        var states = bench.Checkpoints.Where(each => each.Node == Bench.DeviceName).ToList();
        return NotPlayed(test, verdict, reason ?? "") with
        {
            Reason = reason,
            Expected = string.Join(
                "; ", failed ? bench.Failures.Select(each => each.Expected) : bench.Expectations.Select(each => each.Text)),
            Seen = failed
                ? Listed([.. bench.Failures.SelectMany(each => each.Problems).Select(each => each.Text).Distinct()])
                : verdict == Verdict.Pass ? "just that" : "",
            Steps = [.. bench.Steps.Select(ExpectationReport.Of)],
            Expectations = [.. bench.Expectations.Select(ExpectationReport.Of)],
            RestsOn = [.. (bench.RestsOnState ? new[] { "wire", "state" } : ["wire"])],
            Frames = [.. deciding.Select(each => each.Number)],
            Filter = FilterOf(bench, deciding),
            StateBefore = states.Count > 1 ? states[^2].State : null,
            StateAfter = states.Count > 0 ? states[^1].State : null,
            Seconds = Math.Round((bench.Now.At - bench.Steps[0].Start).TotalSeconds, 3),
        };
    }

    /// <summary>Writes the capture of a test.</summary>
    /// <returns>Its path, relative to the report's folder.</returns>
    internal static string WriteCapture(string folder, ConformanceTest test, Bench bench, Verdict verdict)
    {
        var path = Path.Combine("captures", test.Name + ".pcapng");
        Directory.CreateDirectory(Path.Combine(folder, "captures"));
        using var stream = File.Create(Path.Combine(folder, path));
        EvidenceCapture.Write(bench, $"{test.Name}: {test.Purpose} Verdict: {verdict.Name()}.", stream);
        return path;
    }

    private static string Listed(IReadOnlyCollection<string> problems) =>
        string.Join("; ", problems.Take(MostProblems))
        + (problems.Count > MostProblems
            ? string.Create(CultureInfo.InvariantCulture, $"; and {problems.Count - MostProblems} more like these") : "");

    private static string FilterOf(Bench bench, List<SeenFrame> frames) => FrameFilter.Of(
        [.. frames.Select(each => each.Number)], frames.TrueForAll(each => each.IsIgmp),
        bench is SwitchBench ? "igmp" : $"igmp && ip.src == {bench.Plan.Device}");
}
