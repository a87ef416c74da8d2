using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging;

/// <summary>
/// A rule that a passive capture can show. It finds the cases in which the rule applies; each is an expectation of the suite's vocabulary
/// and the time that it is about.
/// </summary>
/// <param name="name">Its name: lower-case words with hyphens, that of a test where one shows the same.</param>
/// <param name="requirements">The ids of the requirements that it shows.</param>
/// <param name="purpose">What it shows, in one sentence.</param>
/// <param name="unit">What its cases are, in the plural: <c>queries</c>.</param>
/// <param name="nothing">What a capture without a case does not show, as a clause: <c>a leave</c>.</param>
/// <param name="cases">Finds the cases.</param>
internal sealed class CaptureRule(
    string name, IReadOnlyList<string> requirements, string purpose, string unit, string nothing,
    Func<JudgedDevice, IEnumerable<CaptureCase>> cases)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The requirements that it shows.</summary>
    public IReadOnlyList<Requirement> Requirements { get; } = [.. requirements.Select(RequirementCatalog.Get)];

    /// <summary>What it shows.</summary>
    public string Purpose => purpose;

    /// <summary>What its cases are.</summary>
    public string Unit => unit;

    /// <summary>What a capture without a case does not show.</summary>
    public string Nothing => nothing;

    /// <summary>The cases that a capture has.</summary>
    public IEnumerable<CaptureCase> CasesOf(JudgedDevice device) => cases(device);
}

/// <summary>A case in which a rule applies.</summary>
/// <param name="Expectation">What is expected.</param>
/// <param name="From">From when it must be known what was sent; later than <paramref name="To"/> when time does not matter.</param>
/// <param name="To">Until when.</param>
/// <param name="About">The frames that have called for it.</param>
internal sealed record CaptureCase(Expectation Expectation, Instant From, Instant To, params IReadOnlyList<SeenFrame> About)
{
    /// <summary>How many of the rule's unit it stands for.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether it can only show that the rule is broken: a device that does nothing at all would do the same.</summary>
    public bool IsWeak { get; init; }

    /// <summary>What is expected beyond that, and until when; null for nothing.</summary>
    public (Expectation Expectation, Instant To)? Beyond { get; init; }

    /// <summary>What is expected.</summary>
    public IEnumerable<Expectation> Expectations => Beyond is { } beyond ? [Expectation, beyond.Expectation] : [Expectation];

    /// <summary>What is wrong, once it has been judged.</summary>
    public IReadOnlyList<Problem> Problems => [.. Expectations.SelectMany(each => each.Problems)];

    /// <summary>Something that holds of every frame of a kind, whenever it was sent; null where there is none.</summary>
    public static IEnumerable<CaptureCase> Always(
        JudgedDevice device, FramePattern pattern, string what, Func<SeenFrame, string?> wrong)
    {
        List<SeenFrame> frames = [.. device.Messages.Where(pattern.Matches)];
        if (frames.Count > 0)
            yield return new CaptureCase(new Rule(pattern, what, wrong), Instant.Never, Instant.Epoch, frames) { Count = frames.Count };
    }
}
