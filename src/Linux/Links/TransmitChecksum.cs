using System.Text;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Links;

/// <summary>Transmit checksum offload: whether the kernel leaves checksums to the interface.</summary>
internal static unsafe class TransmitChecksum
{
    private const nuint EthernetTool = 0x8946; // SIOCETHTOOL
    private const uint SetTransmitChecksum = 0x17; // ETHTOOL_STXCSUM

    /// <summary>
    /// Has the kernel compute the checksums itself. A virtual interface has no hardware to do so, and captures show UDP checksums that were
    /// never filled in.
    /// </summary>
    /// <param name="socket">Any socket of the interface's network namespace.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <exception cref="LinuxException">No such interface, or no privilege.</exception>
    internal static void ComputeInSoftware(FileDescriptor socket, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        var value = stackalloc uint[2] { SetTransmitChecksum, 0 };
        // struct ifreq: the name, then a pointer to the command.
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(interfaceName, new Span<byte>(request, 15));
        *(uint**)(request + 16) = value;
        LinuxException.ThrowIfFailed(Libc.Ioctl(socket, EthernetTool, request), "ioctl(ETHTOOL_STXCSUM)", interfaceName);
    }
}
