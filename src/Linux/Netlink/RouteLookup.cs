using System.Buffers.Binary;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Netlink;

/// <summary>
/// Asks the kernel for its unicast routes (RTM_GETROUTE), in the network namespace in which it was opened. Needs no privilege.
/// </summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed class RouteLookup : IDisposable
{
    private const ushort GetRoute = 26; // RTM_GETROUTE
    private const ushort Request = 1; // NLM_F_REQUEST
    private const ushort Destination = 1; // RTA_DST
    private const int FixedLength = 12; // struct rtmsg

    private readonly NetlinkSocket socket;

    private RouteLookup(NetlinkSocket socket) => this.socket = socket;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static RouteLookup Open() => new(NetlinkSocket.Open());

    /// <summary>
    /// The route to an IPv4 address by the present routing rules and tables; null when there is none, or it is prohibited.
    /// </summary>
    public UnicastRoute? Find(Address destination)
    {
        Span<byte> address = stackalloc byte[4];
        destination.Write(address);
        // family, length of the destination in bits, of the source, TOS, table, protocol, scope, type, flags.
        socket.Request(GetRoute, Request, [SocketConstants.FamilyInet, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], Destination, address);
        while (true)
        {
            if (socket.Receive(wait: true, out var messages) == NetlinkReception.Lost)
                continue;
            foreach (var message in messages)
            {
                if (message.Sequence == socket.Sequence)
                    return message.Type == NetlinkMessage.ErrorType ? null : Read(message.Body);
            }
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => socket.Dispose();

    private static UnicastRoute Read(ReadOnlySpan<byte> body)
    {
        const byte Local = 2; // RTN_LOCAL
        const ushort OutgoingInterface = 4; // RTA_OIF
        const ushort Gateway = 5; // RTA_GATEWAY
        var route = new UnicastRoute(0, null, body[7] == Local);
        foreach (var attribute in new NetlinkAttributes(body[FixedLength..]))
        {
            route = attribute.Type switch
            {
                OutgoingInterface => route with { InterfaceIndex = BinaryPrimitives.ReadInt32LittleEndian(attribute.Value) },
                Gateway => route with { Gateway = Address.Read(attribute.Value) },
                _ => route,
            };
        }

        return route;
    }
}
