using System.Globalization;
using System.Text;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>The outcome of a run: verdict and evidence.</summary>
public sealed record ScenarioResult : IRunEvidence
{
    /// <summary>What was run.</summary>
    public required ScenarioInfo Scenario { get; init; }

    /// <summary>The engine's name: simulated, namespaces, docker.</summary>
    public required string World { get; init; }

    /// <summary>What that engine's labs are like.</summary>
    public required EngineCapabilities Capabilities { get; init; }

    /// <summary>Timers, host stack and seed of the run.</summary>
    public required LabOptions Options { get; init; }

    /// <summary>What was wired.</summary>
    public required Topology Topology { get; init; }

    /// <summary>The steps; 0 is what came before the first.</summary>
    public required IReadOnlyList<RunStep> Steps { get; init; }

    /// <summary>All that was expected, in the order in which it was stated.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>What was not fulfilled.</summary>
    public required IReadOnlyList<Failure> Failures { get; init; }

    /// <summary>Why the run ended before its time; null when it did not.</summary>
    public string? Aborted { get; init; }

    /// <summary>Every frame of every LAN, in time order.</summary>
    public required IReadOnlyList<SeenFrame> Frames { get; init; }

    /// <summary>Frames that the capture lost: with any, the run is void.</summary>
    public long FramesLost { get; init; }

    /// <summary>When the machine itself kept the lab waiting.</summary>
    public IReadOnlyList<Disturbance> Disturbances { get; init; } = [];

    /// <summary>The state dumps taken on the way.</summary>
    public required IReadOnlyList<Checkpoint> Checkpoints { get; init; }

    /// <summary>What the nodes have written, by node.</summary>
    public required IReadOnlyDictionary<string, string> Logs { get; init; }

    /// <summary>The run's end on the lab's clock.</summary>
    public required Instant End { get; init; }

    /// <summary>Where the evidence lies; null when it was not written.</summary>
    public string? EvidenceDirectory { get; init; }

    /// <summary>The annotated capture; null when it was not written.</summary>
    public string? CapturePath { get; init; }

    /// <summary>
    /// The verdict: a run that failed while the machine kept the lab waiting is inconclusive, and is to be played again before a device is
    /// blamed.
    /// </summary>
    public Verdict Verdict => Passed ? Verdict.Pass : Disturbances.Count > 0 ? Verdict.Inconclusive : Verdict.Fail;

    /// <summary>
    /// Whether everything was as expected: all that was expected was judged, on a capture without a gap, and nothing failed.
    /// </summary>
    public bool Passed => Failures.Count == 0 && Aborted is null && FramesLost == 0 && Expectations.All(each => each.Judged);

    /// <summary>Whether the run says nothing about the devices.</summary>
    public bool IsInconclusive => Verdict == Verdict.Inconclusive;

    /// <summary>The verdict in one line, and what led to it when the run failed.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Scenario.Name} ({World}): ");
        text.AppendLine(Passed
            ? string.Create(CultureInfo.InvariantCulture, $"passed, {Expectations.Count} expectations")
            : string.Create(CultureInfo.InvariantCulture, $"{Verdict.OfRun()}, {Failures.Count} of {Expectations.Count} expectations"));
        foreach (var failure in Failures)
            text.AppendLine().AppendLine(failure.ToString());
        if (Aborted is not null)
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"The run ended early: {Aborted}");
        if (FramesLost > 0)
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"The capture lost {FramesLost} frames: the run is void.");
        if (IsInconclusive)
        {
            text.AppendLine().AppendLine("Inconclusive: this machine kept the lab waiting. Play it again, with less beside it.");
            foreach (var each in Disturbances)
                text.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"  at {(each.From - Steps[0].Start).TotalSeconds:0.00} s for {each.Length.TotalSeconds:0.00} s: {each.What}");
        }

        if (!Passed)
        {
            text.AppendLine();
            if (Capabilities.IsReproducible)
                text.AppendLine(CultureInfo.InvariantCulture, $"seed {Options.Seed}: the same seed gives the same run");
            if (CapturePath is not null)
                text.AppendLine(CultureInfo.InvariantCulture, $"capture {CapturePath}");
        }

        return text.ToString().TrimEnd();
    }
}
