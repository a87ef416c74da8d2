using System.Runtime.InteropServices;
using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Datagrams;

/// <summary>A UDP socket that sends to groups out of one interface (RFC 1112 §6).</summary>
public sealed unsafe class MulticastSender : IDisposable
{
    private const int MulticastInterface = 32; // IP_MULTICAST_IF
    private const int MulticastTimeToLive = 33; // IP_MULTICAST_TTL

    private readonly FileDescriptor socket;

    private MulticastSender(FileDescriptor socket) => this.socket = socket;

    /// <summary>Opens a socket in the thread's network namespace.</summary>
    /// <param name="interfaceIndex">The interface to send out of.</param>
    /// <param name="source">The source address; null for the interface's own.</param>
    /// <param name="timeToLive">0 to 255; 1 stays on the LAN.</param>
    /// <exception cref="LinuxException"><see cref="Errno.AddressNotAvailable"/>: the source is not an address of this host.</exception>
    public static MulticastSender Open(int interfaceIndex, Address? source, byte timeToLive)
    {
        var socket = SocketExtensions.OpenSocket(
            SocketConstants.FamilyInet, SocketConstants.TypeDatagram | SocketConstants.NonBlocking, 0, "socket(AF_INET, SOCK_DGRAM)");
        try
        {
            socket.SetOption(
                SocketConstants.LevelIp, MulticastInterface, new InterfaceRequest { InterfaceIndex = interfaceIndex },
                "setsockopt(IP_MULTICAST_IF)");
            socket.SetOption(SocketConstants.LevelIp, MulticastTimeToLive, (int)timeToLive, "setsockopt(IP_MULTICAST_TTL)");
            if (source is { } bound)
            {
                var address = new SocketAddressStorage(bound);
                LinuxException.ThrowIfFailed(
                    Libc.Bind(socket, &address, SocketAddressStorage.InetLength), "bind", $"source address {bound}");
            }

            return new MulticastSender(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one datagram.</summary>
    /// <returns>False when the interface cannot take it now (down, or its queue is full): the datagram is lost.</returns>
    /// <exception cref="LinuxException">Anything else.</exception>
    public bool Send(ReadOnlySpan<byte> datagram, Address group, ushort port)
    {
        var address = new SocketAddressStorage(group, port);
        fixed (byte* start = datagram)
        {
            while (Libc.SendTo(socket, start, (nuint)datagram.Length, 0, &address, SocketAddressStorage.InetLength) < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.Interrupted:
                        continue;
                    case Errno.NetworkDown or Errno.NetworkUnreachable or Errno.NoBufferSpace or Errno.TryAgain:
                        return false;
                    default:
                        throw LinuxException.Last("sendto", $"{group}:{port}");
                }
            }
        }

        return true;
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => socket.Dispose();

    /// <summary>struct ip_mreqn.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct InterfaceRequest
    {
        public uint Group;
        public uint Address;
        public int InterfaceIndex;
    }
}
