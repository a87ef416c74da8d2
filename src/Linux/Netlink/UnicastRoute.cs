using MulticastLab.Packets;

namespace MulticastLab.Linux.Netlink;

/// <summary>The route by which the kernel would send packets to an address.</summary>
/// <param name="InterfaceIndex">The interface.</param>
/// <param name="Gateway">The next hop; null when the address is on the interface's own link.</param>
/// <param name="IsLocal">Whether the address is this host's own.</param>
public sealed record UnicastRoute(int InterfaceIndex, Address? Gateway, bool IsLocal);
