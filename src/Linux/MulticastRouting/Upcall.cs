using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>A message from the kernel to the multicast router: an upcall.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Vif">The VIF that the packet came in on; of <see cref="UpcallKind.WholePacket"/> the register VIF.</param>
/// <param name="Source">The packet's source.</param>
/// <param name="Group">The packet's group.</param>
public readonly record struct Upcall(UpcallKind Kind, int Vif, Address Source, Address Group)
{
    /// <summary>
    /// The whole IPv4 packet, of <see cref="UpcallKind.WholePacket"/> and <see cref="UpcallKind.WrongVifWholePacket"/>; otherwise empty.
    /// </summary>
    public ReadOnlyMemory<byte> Packet { get; init; }

    private const int Length = 20; // sizeof(struct igmpmsg)

    // struct igmpmsg lies where the IPv4 header would: type at 8, zero where the protocol is at 9, VIF at 10 and 11, source, group.
    internal static Upcall? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Length || bytes[9] != 0)
            return null;
        var upcall = new Upcall((UpcallKind)bytes[8], bytes[10] | bytes[11] << 8, Address.Read(bytes[12..16]), Address.Read(bytes[16..20]));
        return upcall.Kind is UpcallKind.WholePacket or UpcallKind.WrongVifWholePacket
            ? upcall with { Packet = bytes[Length..].ToArray() }
            : upcall;
    }
}

/// <summary>The kinds of <see cref="Upcall"/> (linux/mroute.h).</summary>
public enum UpcallKind
{
    /// <summary>IGMPMSG_NOCACHE: there is no entry for this source and group; the packet waits for one, ten seconds at most.</summary>
    NoEntry = 1,

    /// <summary>IGMPMSG_WRONGVIF: the packet came in on another VIF than the entry's. Reported once in three seconds per entry.</summary>
    WrongVif = 2,

    /// <summary>IGMPMSG_WHOLEPKT: a packet that an entry sends out of the register VIF, to be sent on in a PIM register.</summary>
    WholePacket = 3,

    /// <summary>
    /// IGMPMSG_WRVIFWHOLE: as <see cref="WrongVif"/>, with the packet; for those who request it
    /// (<see cref="PimMode.WrongVifWholePackets"/>).
    /// </summary>
    WrongVifWholePacket = 4,
}
