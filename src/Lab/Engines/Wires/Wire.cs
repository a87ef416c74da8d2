using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Wires;

/// <summary>An interface of this machine at whose far end a device is, which is no process of a lab.</summary>
/// <param name="Lan">The LAN of the bench that the interface stands for.</param>
/// <param name="Interface">The interface of this machine.</param>
/// <param name="Device">The device's IP address there, with the length of its network's prefix.</param>
public sealed record Wire(string Lan, string Interface, Prefix Device);
