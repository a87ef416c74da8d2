using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines;

/// <summary>A time during which the machine itself kept the whole lab waiting, whatever its nodes do.</summary>
/// <param name="From">When it began, on the lab's clock.</param>
/// <param name="Length">How long it took.</param>
/// <param name="What">What the lab had to wait for.</param>
public sealed record Disturbance(Instant From, TimeSpan Length, string What);
