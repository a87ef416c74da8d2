using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>A change of an entry, as <see cref="MulticastRouteWatch"/> reports it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Route">The entry; null of <see cref="MulticastRouteChangeKind.Lost"/>.</param>
public readonly record struct MulticastRouteChange(MulticastRouteChangeKind Kind, KernelMulticastRoute? Route);

/// <summary>The kinds of <see cref="MulticastRouteChange"/>.</summary>
public enum MulticastRouteChangeKind
{
    /// <summary>It is new, or has changed.</summary>
    Set,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>
    /// The kernel had no room for some changes: the entries have to be read again with <see cref="MulticastRoutingView"/>.
    /// </summary>
    Lost,
}

/// <summary>
/// Tells every change of a multicast routing entry of the network namespace, in all tables, by netlink notifications. Needs no privilege.
/// </summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed class MulticastRouteWatch : IDisposable
{
    private const ushort NewRoute = 24; // RTM_NEWROUTE
    private const ushort DeleteRoute = 25; // RTM_DELROUTE

    private readonly NetlinkSocket socket;
    private readonly Queue<MulticastRouteChange> read = new();

    private MulticastRouteWatch(NetlinkSocket socket) => this.socket = socket;

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor => socket.Descriptor;

    /// <summary>Begins to watch the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static MulticastRouteWatch Open() => new(NetlinkSocket.Open(NetlinkGroups.Ipv4MulticastRoute));

    /// <summary>Takes the next change, if there is one.</summary>
    public bool TryRead(out MulticastRouteChange change)
    {
        while (!read.TryDequeue(out change))
        {
            switch (socket.Receive(wait: false, out var messages))
            {
                case NetlinkReception.Nothing:
                    return false;
                case NetlinkReception.Lost:
                    read.Enqueue(new MulticastRouteChange(MulticastRouteChangeKind.Lost, null));
                    break;
                case NetlinkReception.Messages:
                    Take(messages);
                    break;
            }
        }

        return true;
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => socket.Dispose();

    private void Take(NetlinkMessages messages)
    {
        foreach (var message in messages)
        {
            if (message.Type is NewRoute or DeleteRoute && KernelMulticastRoute.Read(message.Body) is { } route)
                read.Enqueue(
                    new MulticastRouteChange(
                        message.Type == NewRoute ? MulticastRouteChangeKind.Set : MulticastRouteChangeKind.Removed, route));
        }
    }
}
