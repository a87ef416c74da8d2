using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A point of a run that expectations are measured from.</summary>
/// <param name="At">When, on the lab's clock. For a command, just before it was given.</param>
/// <param name="Name">What happened, in words: "h1 leaves 239.1.1.1".</param>
public sealed record Moment(Instant At, string Name)
{
    /// <summary>
    /// When it was over: for a command, when it was known to have taken effect. What it causes is due from <see cref="At"/> to here.
    /// </summary>
    public Instant Done { get; init; } = At;

    /// <summary>
    /// Whether it is a frame that reaches the devices. What one of them does because of it at once, none of its timers puts off: their
    /// granularity excuses no delay.
    /// </summary>
    public bool IsFrame { get; init; }

    /// <summary>What happened.</summary>
    public override string ToString() => Name;
}
