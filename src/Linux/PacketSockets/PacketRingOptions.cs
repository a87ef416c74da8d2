namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// The dimensions of a packet socket's ring. It takes <see cref="Slots"/> × <see cref="SlotLength"/> bytes of memory as long as the socket
/// is open.
/// </summary>
public sealed record PacketRingOptions
{
    /// <summary>How many packets may wait: a multiple of 1,024; default 65,536.</summary>
    public int Slots { get; init; } = 65_536;

    /// <summary>
    /// The length of a slot in bytes: a power of two from 128 to 65,536; default 256. 80 of them are the kernel's; a packet that is longer
    /// than the rest takes a system call and, while it waits, room of the socket's receive buffer.
    /// </summary>
    public int SlotLength { get; init; } = 256;
}
