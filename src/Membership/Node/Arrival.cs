using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>How a packet arrived at an interface.</summary>
/// <param name="At">When, by the clock of the node.</param>
/// <param name="Sender">The sender of its frame.</param>
/// <param name="Length">Its length in bytes, which is more than what was received of it when the buffer was too short.</param>
/// <param name="IsOutgoing">Whether it was seen on output from this host.</param>
public readonly record struct Arrival(Instant At, MacAddress Sender, int Length, bool IsOutgoing = false);
