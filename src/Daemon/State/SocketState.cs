using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.State;

/// <summary>What one socket of a host wants of a group (RFC 9776 §3.1).</summary>
/// <param name="Socket">The socket's name.</param>
/// <param name="Group">The group.</param>
/// <param name="Filter">The filter.</param>
public sealed record SocketState(string Socket, Address Group, SourceFilter Filter)
{
    /// <summary>
    /// The sockets as they are shown: by group, then by name; none while only the default one has joined any, as its filters are then the
    /// groups'.
    /// </summary>
    public static IReadOnlyList<SocketState> Listing(IEnumerable<SocketState> sockets)
    {
        var listed = sockets.OrderBy(each => each.Group).ThenBy(each => each.Socket, StringComparer.Ordinal).ToList();
        return listed.All(each => each.Socket == HostSockets.Default) ? [] : listed;
    }
}
