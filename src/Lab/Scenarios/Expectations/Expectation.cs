using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// Something that a run must show. It is stated before or while it happens, and judged once, when its window has closed.
/// </summary>
public abstract class Expectation
{
    private readonly List<string> requirements = [];
    private readonly List<Problem> problems = [];
    private readonly List<SeenFrame> claimed = [];
    private readonly List<MissingFrame> missing = [];

    /// <summary>The requirements whose fulfilment this shows.</summary>
    public IReadOnlyList<string> Requirements => requirements;

    /// <summary>What is expected, in words.</summary>
    public abstract string Text { get; }

    /// <summary>Whether it was judged.</summary>
    public bool Judged { get; private set; }

    /// <summary>What is wrong; empty when it was fulfilled.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>The frames that it was about: they are not "anything else".</summary>
    public IReadOnlyList<SeenFrame> Claimed => claimed;

    /// <summary>The frames that should have been there and were not, with the time at which each was due.</summary>
    public IReadOnlyList<MissingFrame> Missing => missing;

    /// <summary>Whether the run may pass without any frame for it: the protocol leaves it to chance.</summary>
    internal virtual bool IsOptional => false;

    /// <summary>How many frames there must be; null when that depends on chance or on how long the run is.</summary>
    internal virtual int? ExactCount => null;

    /// <summary>What its frames are about, when chance decides which ones there are; null when all runs have the same.</summary>
    internal virtual string? Topic => null;

    /// <summary>The step that it was stated in.</summary>
    internal RunStep? Step { get; set; }

    /// <summary>When nothing can change its verdict any more; null when that is the end of the step or of the run.</summary>
    internal abstract Instant? Closes(TimeSpan tolerance);

    /// <summary>Whether its window is open until the run ends, beyond the step that stated it.</summary>
    internal virtual bool OutlivesStep => false;

    internal void Add(IEnumerable<string> ids)
    {
        foreach (var id in ids)
            requirements.Add(RequirementCatalog.Get(id).Id);
    }

    internal void Judge(Record record)
    {
        if (Judged)
            throw new InvalidOperationException($"Judged twice: {Text}");
        Judged = true;
        Examine(record);
    }

    /// <summary>Claims its frames and reports its problems.</summary>
    private protected abstract void Examine(Record record);

    private protected void Claim(SeenFrame frame) => claimed.Add(frame);

    private protected void Miss(FramePattern pattern, Instant due) =>
        missing.Add(new MissingFrame(pattern.What, pattern.Sender, pattern.Lan, due));

    private protected void Miss(MissingFrame frame) => missing.Add(frame);

    private protected void Fail(string what, params IEnumerable<SeenFrame> frames) => problems.Add(new Problem(what, [.. frames]));
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Text">What is wrong.</param>
/// <param name="Frames">The offending frames; empty when something is missing.</param>
public sealed record Problem(string Text, IReadOnlyList<SeenFrame> Frames);

/// <summary>A frame that should have been there.</summary>
/// <param name="What">What it says, in words.</param>
/// <param name="Sender">Who was to send it; null for anybody.</param>
/// <param name="Lan">On which LAN; null for any.</param>
/// <param name="Due">The time by which it should have been sent.</param>
public sealed record MissingFrame(string What, string? Sender, string? Lan, Instant Due);

/// <summary>What can be said of every expectation.</summary>
public static class ExpectationRequirements
{
    /// <summary>Names the requirements whose fulfilment the expectation shows.</summary>
    /// <exception cref="ArgumentException">There is no such requirement.</exception>
    public static T Shows<T>(this T expectation, params string[] requirements)
        where T : Expectation
    {
        ArgumentNullException.ThrowIfNull(expectation);
        expectation.Add(requirements);
        return expectation;
    }
}
