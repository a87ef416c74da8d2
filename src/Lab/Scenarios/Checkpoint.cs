using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A router's state at one moment of a run.</summary>
/// <param name="At">When.</param>
/// <param name="Step">In which step.</param>
/// <param name="Node">Whose.</param>
/// <param name="State">The state.</param>
public sealed record Checkpoint(Instant At, RunStep Step, string Node, RouterState State);
