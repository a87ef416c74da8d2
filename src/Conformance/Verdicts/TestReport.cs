using System.Text.Json.Serialization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership.State;

namespace MulticastLab.Conformance.Verdicts;

/// <summary>What came of a test.</summary>
/// <remarks>What the file of a report does not have is handed over as null, whatever the initial value.</remarks>
public sealed record TestReport
{
    /// <summary>Its name.</summary>
    public required string Test { get; init; }

    /// <summary>The ids of the requirements that it shows.</summary>
    public required IReadOnlyList<string> Requirements { get; init; }

    /// <summary>The strictest of their levels: one of <see cref="Levels.All"/>.</summary>
    public required string Level { get; init; }

    /// <summary>Where they stand: <c>RFC 9776 §8.10</c>.</summary>
    public required IReadOnlyList<string> Sections { get; init; }

    /// <summary>The section under which it is listed: the first one.</summary>
    [JsonIgnore]
    public string Section => Sections.Count > 0 ? Sections[0] : "No section";

    /// <summary>What it is to show, in one sentence.</summary>
    public required string Purpose { get; init; }

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why there is no other verdict; null for pass and fail.</summary>
    public string? Reason { get; init; }

    /// <summary>Of a failure: why the device fails, as its folder knows; null when it does not.</summary>
    public string? Known { get; init; }

    /// <summary>What was expected.</summary>
    public string Expected { get; init => field = value ?? ""; } = "";

    /// <summary>What was seen.</summary>
    public string Seen { get; init => field = value ?? ""; } = "";

    /// <summary>The steps that were played; those of reports of older versions are not known.</summary>
    public IReadOnlyList<StepReport> Steps { get; init => field = value ?? []; } = [];

    /// <summary>All that was expected, one by one; not known of reports of older versions.</summary>
    public IReadOnlyList<ExpectationReport> Expectations { get; init => field = value ?? []; } = [];

    /// <summary>What the verdict rests on: <c>wire</c>, <c>state</c>, or both.</summary>
    public IReadOnlyList<string> RestsOn { get; init => field = value ?? []; } = [];

    /// <summary>The numbers in the capture of the frames that decide: the offending ones, or those that were expected.</summary>
    public IReadOnlyList<int> Frames { get; init => field = value ?? []; } = [];

    /// <summary>A display filter of Wireshark that selects them; where a frame is missing, those among which it should be.</summary>
    public string Filter { get; init => field = value ?? ""; } = "";

    /// <summary>The capture, relative to the report; null when there is none.</summary>
    public string? Pcapng { get; init; }

    /// <summary>The device's state before the last step of the test; null when it is not known.</summary>
    public RouterState? StateBefore { get; init; }

    /// <summary>The device's state at the end of the test; null when it is not known.</summary>
    public RouterState? StateAfter { get; init; }

    /// <summary>How long it took, on the lab's clock.</summary>
    public double Seconds { get; init; }

    /// <summary>How often it was played: again where the machine, and not the device, has disturbed it.</summary>
    public int Attempts { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>Whether the device could not be started at all.</summary>
    [JsonIgnore]
    public bool NeverStarted { get; init; }

    /// <summary>Whether it would have taken longer than the patience given.</summary>
    [JsonIgnore]
    public bool TooLong { get; init; }

    /// <summary>Whether the device breaks a requirement that binds it.</summary>
    [JsonIgnore]
    public bool Breaks => Verdict == Verdict.Fail && Levels.IsBinding(Level);
}
