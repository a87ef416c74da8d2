using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Running;

/// <summary>What a test that was played once has come to.</summary>
/// <param name="Report">Its report.</param>
/// <param name="WasDisturbed">Whether the machine kept it from a verdict, so that playing it again may help.</param>
internal sealed record TestOutcome(TestReport Report, bool WasDisturbed)
{
    /// <summary>Judges a test.</summary>
    internal static TestOutcome Of(
        ConformanceTest test, Bench bench, IRunningLab lab, TestEnding ending, Exception? by, SuiteOptions options)
    {
        var (verdict, reason, disturbed) = Judge(test, bench, lab, ending, by);
        var report = ReportOf.Played(test, bench, verdict, reason) with
        {
            NeverStarted = ending == TestEnding.NotStarted,
            TooLong = verdict == Verdict.Inconclusive && ending == TestEnding.TooLong,
        };
        if (options.ReportFolder is { } folder && bench.Frames.Count > 0)
            report = report with { Pcapng = ReportOf.WriteCapture(folder, test, bench, verdict) };
        return new TestOutcome(report, disturbed);
    }

    private static (Verdict Verdict, string? Reason, bool Disturbed) Judge(
        ConformanceTest test, Bench bench, IRunningLab lab, TestEnding ending, Exception? by)
    {
        if (ending == TestEnding.Broken)
            return (Verdict.Inconclusive, $"The test itself has failed, a defect of the suite: {by}", false);
        if (ending == TestEnding.NotApplicable)
            return (Verdict.NotApplicable, $"{by!.Message}.", false);
        if (ending == TestEnding.NotStarted)
            return (Verdict.Inconclusive, $"The device could not be started: {by!.Message}", bench.Disturbances.Count > 0);
        if (bench.FramesLost > 0)
            return (Verdict.Inconclusive, $"The capture has lost {bench.FramesLost} frames.", true);
        if (bench.Sent.FirstOrDefault(each => each.Frame.At - each.Due > lab.Latency) is { Frame: { } late } sent)
        {
            return (Verdict.Inconclusive, string.Create(
                CultureInfo.InvariantCulture,
                $"Frame {late.Number} was sent {(late.At - sent.Due).InWords()} later than it should have been."), true);
        }

        if (bench.Unsent.Any())
            return (Verdict.Inconclusive, "The tester could not send a frame that was due.", true);
        if (bench.IsStale)
            return (Verdict.Inconclusive, "The device's state could not be read in time.", true);
        var failed = bench.Failures.Count > 0 || ending == TestEnding.Died;
        var waiting = bench.Disturbances is [var disturbance, ..]
            ? $"The machine kept the lab waiting for {disturbance.Length.InWords()}: {disturbance.What}."
            : null;
        if (waiting is not null && (failed || ending == TestEnding.NotReached))
            return (Verdict.Inconclusive, waiting, true);
        if (failed)
        {
            var reason = ending == TestEnding.Died ? $"The device has died: {by!.Message}" : null;
            return test.Observes ? (Verdict.Observation, reason ?? "It is left to the device.", false) : (Verdict.Fail, reason, false);
        }

        return ending switch
        {
            TestEnding.NotReached => (Verdict.Inconclusive, by!.Message, false),
            TestEnding.TooLong =>
                (Verdict.Inconclusive, "It would take longer than the patience given, with the timers of this device.", false),
            // It is judged neither way: what the machine may have caused is said beside it when no attempt was better.
            _ when bench.Observations.Count > 0 => (
                Verdict.Observation,
                $"The device {string.Join("; ", bench.Observations)}.{(waiting is null ? "" : $" {waiting}")}",
                waiting is not null),
            _ when bench.Expectations.Count == 0 || bench.Expectations.Any(each => !each.Judged) =>
                (Verdict.Inconclusive, "The test has shown nothing: a defect of the suite.", false),
            _ => (Verdict.Pass, null, false),
        };
    }
}
