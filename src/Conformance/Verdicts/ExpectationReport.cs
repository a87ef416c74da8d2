using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Verdicts;

/// <summary>A step of a test.</summary>
/// <param name="Number">From 1; 0 is what comes before the first step.</param>
/// <param name="Title">What is done and expected, in words.</param>
/// <param name="At">When it began: seconds on the clock of the capture.</param>
public sealed record StepReport(int Number, string Title, decimal At);

/// <summary>Something that a test expected.</summary>
public sealed record ExpectationReport
{
    // More of the same adds nothing.
    private const int Most = 20;

    /// <summary>The number of the step that stated it.</summary>
    public int Step { get; init; }

    /// <summary>What was expected, in words.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it was judged: a test that had to be given up has not judged them all.</summary>
    public bool Judged { get; init; }

    /// <summary>What is wrong; empty when it was fulfilled or not judged.</summary>
    public IReadOnlyList<ProblemReport> Problems { get; init => field = value ?? []; } = [];

    /// <summary>The frames that should have been there and were not.</summary>
    public IReadOnlyList<MissingFrameReport> Missing { get; init => field = value ?? []; } = [];

    /// <summary>Of an expectation that has been judged, or could not be.</summary>
    internal static ExpectationReport Of(Expectation expectation) => new()
    {
        Step = expectation.Step?.Number ?? 0,
        Text = expectation.Text,
        Judged = expectation.Judged,
        Problems =
        [
            .. expectation.Problems.Take(Most).Select(each =>
                new ProblemReport(each.Text, [.. each.Frames.Take(Most).Select(frame => frame.Number)])),
        ],
        Missing =
        [
            .. expectation.Missing.Take(Most).Select(each =>
                new MissingFrameReport(each.What, each.Sender, each.Lan, Seconds(each.Due))),
        ],
    };

    /// <summary>The same of a step.</summary>
    internal static StepReport Of(RunStep step) => new(step.Number, step.Title, Seconds(step.Start));

    private static decimal Seconds(Instant at) => (decimal)at.Nanoseconds / 1_000_000_000;
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Text">What is wrong.</param>
/// <param name="Frames">The numbers of the offending frames in the capture; empty when something is missing.</param>
public sealed record ProblemReport(string Text, IReadOnlyList<int> Frames);

/// <summary>A frame that should have been there.</summary>
/// <param name="What">What it says, in words.</param>
/// <param name="From">Who was to send it; null for anybody.</param>
/// <param name="Lan">On which LAN; null for any.</param>
/// <param name="At">When it was due: seconds on the clock of the capture.</param>
public sealed record MissingFrameReport(string What, string? From, string? Lan, decimal At);
