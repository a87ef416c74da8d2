using MulticastLab.Linux.PacketSockets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Who has sent a frame, and where it was captured: see <see cref="LabFrame"/>.</summary>
/// <param name="Lan">The LAN.</param>
/// <param name="Node">The node.</param>
/// <param name="Interface">The node's interface.</param>
internal readonly record struct FrameOrigin(string Lan, string Node, string Interface);

/// <summary>Tells where a captured packet comes from.</summary>
internal delegate FrameOrigin FrameOrigins(in ReceivedPacket packet);
