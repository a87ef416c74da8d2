using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>
/// What a virtual interface (VIF) stands for: see the factories. To be used with <see cref="MulticastRoutingSocket.AddVif"/>.
/// </summary>
public sealed record VifOptions
{
    private VifOptions()
    {
    }

    /// <summary>The interface index; 0 for a tunnel and the register interface, whose device the kernel makes.</summary>
    public int InterfaceIndex { get; private init; }

    /// <summary>The local endpoint of a tunnel.</summary>
    public Address? TunnelLocal { get; private init; }

    /// <summary>The remote endpoint of a tunnel.</summary>
    public Address? TunnelRemote { get; private init; }

    /// <summary>Whether it is the register interface of PIM: packets sent out of it become <see cref="UpcallKind.WholePacket"/>.</summary>
    public bool IsRegister { get; private init; }

    /// <summary>1 to 255. The kernel keeps it to show it; it forwards by the thresholds of entries alone.</summary>
    public byte Threshold { get; init; } = 1;

    /// <summary>As in the kernel's structure; the kernel stores the number but limits nothing.</summary>
    public uint RateLimit { get; init; }

    /// <summary>An interface of the namespace, by its index.</summary>
    public static VifOptions Interface(int index) => new() { InterfaceIndex = index };

    /// <summary>
    /// An IP-in-IP tunnel, whose device the kernel makes as <c>dvmrp0</c>, <c>dvmrp1</c> …; needs its module <c>ipip</c>, else ENOBUFS.
    /// </summary>
    public static VifOptions Tunnel(Address local, Address remote) => new() { TunnelLocal = local, TunnelRemote = remote };

    /// <summary>
    /// PIM's register interface, <c>pimreg</c>; one per table. Needs <see cref="MulticastRoutingOptions.Pim"/> to be useful.
    /// </summary>
    public static VifOptions Register() => new() { IsRegister = true };
}
