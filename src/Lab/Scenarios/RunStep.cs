using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A step of a run.</summary>
/// <param name="Number">From 1; 0 is what comes before the first step.</param>
/// <param name="Title">What is done and expected, in words.</param>
/// <param name="Start">When it began.</param>
public sealed record RunStep(int Number, string Title, Instant Start)
{
    /// <summary>When it ended: its expectations' windows had closed.</summary>
    public Instant? End { get; internal set; }

    /// <summary>Whether only runs in virtual time have it: see <see cref="VirtualTime"/>.</summary>
    internal bool InVirtualTimeOnly { get; set; }
}
