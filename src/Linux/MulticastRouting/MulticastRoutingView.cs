using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>
/// Reads the multicast routing of a network namespace, all its tables, whoever set them, by netlink (RTNL_FAMILY_IPMR). Needs no
/// privilege. <see cref="ProcMulticastRouting"/> shows the default table only.
/// </summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed class MulticastRoutingView : IDisposable
{
    internal const byte Family = 128; // RTNL_FAMILY_IPMR

    private readonly NetlinkSocket socket;

    private MulticastRoutingView(NetlinkSocket socket) => this.socket = socket;

    /// <summary>Opens a view of the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static MulticastRoutingView Open() => new(NetlinkSocket.Open());

    /// <summary>The tables with their VIFs.</summary>
    /// <exception cref="NetlinkException">The kernel does no multicast routing.</exception>
    public IReadOnlyList<MulticastTable> Tables() =>
        socket.Dump(MulticastTable.GetLink, MulticastTable.DumpHeader, "the multicast routing tables", MulticastTable.Read);

    /// <summary>The entries of all tables, including unresolved ones.</summary>
    /// <exception cref="NetlinkException">The kernel does no multicast routing.</exception>
    public IReadOnlyList<KernelMulticastRoute> Routes() =>
        socket.Dump(KernelMulticastRoute.GetRoute, KernelMulticastRoute.DumpHeader, "the multicast routes", KernelMulticastRoute.Read);

    /// <summary>Closes it.</summary>
    public void Dispose() => socket.Dispose();
}
