using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// What a packet socket has received, some packets at a time: with one system call for each batch, or from a ring in memory that the kernel
/// writes to (<see cref="PacketSocketOptions.Ring"/>). Reading allocates nothing.
/// </summary>
public interface IPacketReader
{
    /// <summary>The most that one <see cref="Receive"/> takes.</summary>
    int Capacity { get; }

    /// <summary>The packet at <paramref name="index"/>, from 0, of those taken last; valid until the next <see cref="Receive"/>.</summary>
    ReceivedPacket this[int index] { get; }

    /// <summary>
    /// Receives the packets that are there, at most <see cref="Capacity"/>, without waiting, and releases those received before.
    /// </summary>
    /// <returns>
    /// How many there were. 0 when there were no more: then all are given back, and the socket's descriptor becomes readable with the next
    /// one.
    /// </returns>
    /// <exception cref="LinuxException"><see cref="Errno.NetworkDown"/> once after the interface has gone down; the reader stays
    /// usable.</exception>
    int Receive();
}
