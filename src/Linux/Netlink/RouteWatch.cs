using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Netlink;

/// <summary>Reports which part of the unicast routing has changed, by netlink notifications. Needs no privilege.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed class RouteWatch : IDisposable
{
    private const ushort NewRoute = 24; // RTM_NEWROUTE
    private const ushort DeleteRoute = 25; // RTM_DELROUTE
    private const int FixedLength = 12; // struct rtmsg
    private const int MostPrefixes = 64;

    private static readonly Prefix Everything = new(Address.AnyV4, 0);

    private readonly NetlinkSocket socket;
    private readonly List<Prefix> changed = [];

    private RouteWatch(NetlinkSocket socket) => this.socket = socket;

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor => socket.Descriptor;

    /// <summary>Begins to watch the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    // Links and addresses too: IPv4 routes that vanish because their interface goes down are not notified.
    public static RouteWatch Open() => new(NetlinkSocket.Open(
        NetlinkGroups.Ipv4Route | NetlinkGroups.Ipv4Rule | NetlinkGroups.NextHop | NetlinkGroups.Link | NetlinkGroups.Ipv4Address));

    /// <summary>
    /// The prefixes to which routes have changed since the last reading, without waiting; 0.0.0.0/0 alone when anything may have.
    /// Valid until the next call.
    /// </summary>
    public IReadOnlyList<Prefix> ReadChanges()
    {
        changed.Clear();
        var all = false;
        while (true)
        {
            switch (socket.Receive(wait: false, out var messages))
            {
                case NetlinkReception.Nothing:
                    if (all || changed.Count > MostPrefixes)
                    {
                        changed.Clear();
                        changed.Add(Everything);
                    }

                    return changed;
                case NetlinkReception.Lost:
                    all = true;
                    break;
                case NetlinkReception.Messages:
                    foreach (var message in messages)
                        all |= !Take(message);
                    break;
            }
        }
    }

    /// <summary>Stops watching.</summary>
    public void Dispose() => socket.Dispose();

    /// <returns>False for a change that has no prefix.</returns>
    private bool Take(in NetlinkMessage message)
    {
        const ushort Destination = 1; // RTA_DST
        if (message.Type is not (NewRoute or DeleteRoute) || message.Body.Length < FixedLength)
            return false;
        var prefix = Everything;
        foreach (var attribute in new NetlinkAttributes(message.Body[FixedLength..]))
        {
            if (attribute.Type == Destination)
                prefix = new Prefix(Address.Read(attribute.Value), message.Body[1]);
        }

        changed.Add(prefix);
        return true;
    }
}
