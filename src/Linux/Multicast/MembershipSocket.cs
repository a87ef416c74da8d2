using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Multicast;

/// <summary>A socket that does nothing but hold one membership: it has no port and receives no data.</summary>
public sealed class MembershipSocket : IDisposable
{
    private readonly FileDescriptor socket;

    private MembershipSocket(FileDescriptor socket, int interfaceIndex, Address group)
    {
        this.socket = socket;
        Membership = new MulticastMembership(socket, interfaceIndex, group);
    }

    /// <summary>The membership; not joined at first.</summary>
    public MulticastMembership Membership { get; }

    /// <summary>Opens a socket in the thread's network namespace.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static MembershipSocket Open(int interfaceIndex, Address group) =>
        new(
            SocketExtensions.OpenSocket(SocketConstants.FamilyInet, SocketConstants.TypeDatagram, 0, "socket(AF_INET, SOCK_DGRAM)"),
            interfaceIndex, group);

    /// <summary>Leaves the group by closing the socket.</summary>
    public void Dispose() => socket.Dispose();
}
