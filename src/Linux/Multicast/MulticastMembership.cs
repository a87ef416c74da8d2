using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Multicast;

/// <summary>
/// The membership of one socket in one group on one interface, with its source filter, through the kernel's own API (RFC 3678 §5 and §6).
/// It is the kernel that reports, retransmits and answers queries. IPv4.
/// </summary>
/// <remarks>
/// The kernel merges the filters of all sockets of the host (RFC 9776 §3.2). Each method below changes the socket's filter with as few
/// calls as the kernel allows, a change of an existing membership always with one, so that no state in between is ever reported: INCLUDE{a}
/// replaced by INCLUDE{b} is reported as ALLOW{b} and BLOCK{a}, and a replaced mode as one mode change. A new membership with a list takes
/// two calls (the kernel's MCAST_MSFILTER requires a membership); its first report normally follows later than that. Not safe for use by
/// several threads at once.
/// </remarks>
public sealed class MulticastMembership
{
    // A source that nobody excludes.
    private static readonly Address Loopback = Address.Parse("127.0.0.1");

    private readonly FileDescriptor socket;
    private readonly int interfaceIndex;

    /// <summary>A socket that is not a member yet.</summary>
    /// <param name="socket">An IPv4 UDP or raw socket, owned by the caller: closing it ends the membership.</param>
    /// <param name="interfaceIndex">The interface; 0 lets the kernel choose by its routes.</param>
    /// <param name="group">The group.</param>
    /// <exception cref="ArgumentException">Not an IPv4 multicast address.</exception>
    public MulticastMembership(FileDescriptor socket, int interfaceIndex, Address group)
    {
        if (!group.IsV4 || !group.IsMulticast)
            throw new ArgumentException($"{group} is not an IPv4 multicast address.", nameof(group));
        this.socket = socket;
        this.interfaceIndex = interfaceIndex;
        Group = group;
    }

    /// <summary>The group.</summary>
    public Address Group { get; }

    /// <summary>The socket's present filter; <see cref="SourceFilter.None"/> while it is not a member.</summary>
    public SourceFilter Filter { get; private set; } = SourceFilter.None;

    /// <summary>Joins the group with a filter, or replaces the whole filter of a member. INCLUDE without sources leaves.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="othersExclude">Whether another socket of this host is in EXCLUDE mode: a new member with an exclude list then goes
    /// through a state that changes nothing of what the host wants.</param>
    /// <exception cref="LinuxException">
    /// <see cref="Errno.NoBufferSpace"/>: more memberships or sources than the socket may have (<see cref="MulticastLimits"/>);
    /// <see cref="Errno.NoSuchDevice"/>: the interface is gone. The filter is then what it was before.
    /// </exception>
    public void Replace(SourceFilter filter, bool othersExclude = false)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (filter.IsNone)
            Leave();
        else if (Filter.IsNone)
            Join(filter, othersExclude);
        else if (filter != Filter)
            SetFilter(filter);
        Filter = filter;
    }

    /// <summary>
    /// Allows these sources too: adds them in INCLUDE mode, no longer excludes them in EXCLUDE mode. A socket that is not a member joins in
    /// INCLUDE mode.
    /// </summary>
    /// <exception cref="LinuxException">See <see cref="Replace"/>.</exception>
    public void Allow(IEnumerable<Address> sources) =>
        Change(
            Filter.Allowing(sources),
            Filter.Mode == FilterMode.Include ? MulticastOptions.JoinSourceGroup : MulticastOptions.UnblockSource);

    /// <summary>
    /// Blocks these sources: removes them in INCLUDE mode (removing the last one leaves), excludes them in EXCLUDE mode.
    /// </summary>
    /// <exception cref="LinuxException">See <see cref="Replace"/>.</exception>
    public void Block(IEnumerable<Address> sources) =>
        Change(
            Filter.Blocking(sources),
            Filter.Mode == FilterMode.Include ? MulticastOptions.LeaveSourceGroup : MulticastOptions.BlockSource);

    /// <summary>Leaves the group; nothing happens when the socket is no member.</summary>
    /// <exception cref="LinuxException">The interface is gone.</exception>
    public void Leave()
    {
        if (Filter.IsNone)
            return;
        var request = new GroupRequest { InterfaceIndex = interfaceIndex, Group = new SocketAddressStorage(Group) };
        socket.SetOption(SocketConstants.LevelIp, MulticastOptions.LeaveGroup, request, "setsockopt(MCAST_LEAVE_GROUP)", Group.ToString());
        Filter = SourceFilter.None;
    }

    /// <summary>
    /// A new membership: the kernel knows no single call for one with a list of several sources, or with an exclude list.
    /// </summary>
    private void Join(SourceFilter filter, bool othersExclude)
    {
        if (filter.Sources.Count > (filter.Mode == FilterMode.Include ? 1 : 0))
            CheckLimits(filter);
        if (filter.Mode == FilterMode.Include)
        {
            SetSource(MulticastOptions.JoinSourceGroup, filter.Sources[0]);
            if (filter.Sources.Count == 1)
                return;
        }
        else if (othersExclude && filter.Sources.Count > 0)
        {
            // EXCLUDE without sources would be reported as an ALLOW of all that the others exclude, and taken back.
            SetSource(MulticastOptions.JoinSourceGroup, Loopback);
        }
        else
        {
            var request = new GroupRequest { InterfaceIndex = interfaceIndex, Group = new SocketAddressStorage(Group) };
            socket.SetOption(
                SocketConstants.LevelIp, MulticastOptions.JoinGroup, request, "setsockopt(MCAST_JOIN_GROUP)", Group.ToString());
            if (filter.Sources.Count == 0)
                return;
        }

        // Any other than INCLUDE without sources: the socket is a member now.
        Filter = filter;
        try
        {
            SetFilter(filter);
        }
        catch (LinuxException)
        {
            Leave();
            throw;
        }
    }

    /// <summary>
    /// Has the kernel refuse a list that is too long before anything is joined, and so reported: it looks at the limits first, then for the
    /// membership, which is not there yet.
    /// </summary>
    private void CheckLimits(SourceFilter filter)
    {
        try
        {
            SetFilter(filter);
        }
        catch (LinuxException notJoined) when (notJoined.Error == Errno.InvalidArgument)
        {
        }
    }

    private void Change(SourceFilter filter, int option)
    {
        var changed = filter.Sources.Except(Filter.Sources).Concat(Filter.Sources.Except(filter.Sources)).ToList();
        // A single source takes one call of its own kind; several are set by one replacement, so that they are reported together.
        if (changed.Count == 1)
        {
            SetSource(option, changed[0]);
            Filter = filter;
        }
        else
        {
            Replace(filter);
        }
    }

    private void SetSource(int option, Address source)
    {
        var request = new GroupSourceRequest
        {
            InterfaceIndex = interfaceIndex,
            Group = new SocketAddressStorage(Group),
            Source = new SocketAddressStorage(source),
        };
        socket.SetOption(SocketConstants.LevelIp, option, request, $"setsockopt({NameOf(option)})", $"{Group} from {source}");
    }

    private void SetFilter(SourceFilter filter) => socket.SetOption(
        SocketConstants.LevelIp,
        MulticastOptions.SetFilter,
        MulticastOptions.GroupFilter(interfaceIndex, Group, filter),
        "setsockopt(MCAST_MSFILTER)",
        $"{Group} with {filter.Sources.Count} sources");

    private static string NameOf(int option) => option switch
    {
        MulticastOptions.JoinSourceGroup => "MCAST_JOIN_SOURCE_GROUP",
        MulticastOptions.LeaveSourceGroup => "MCAST_LEAVE_SOURCE_GROUP",
        MulticastOptions.BlockSource => "MCAST_BLOCK_SOURCE",
        _ => "MCAST_UNBLOCK_SOURCE",
    };
}
