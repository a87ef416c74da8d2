using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.State;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>
/// Linux's own IGMP: each named socket is a kernel socket per group, whose filter is set through the kernel's API; the kernel merges them,
/// reports and answers. One per group avoids the limit of groups per socket, and makes each change of a group a single call.
/// </summary>
internal sealed class KernelStack : IHostStack
{
    private const int SourcesAtStart = 1024;

    private readonly EventLoop loop;
    private readonly DaemonLog log;
    private readonly bool keepLimits;
    private readonly int interfaceIndex;
    private readonly Dictionary<(string Socket, Address Group), MembershipSocket> members = [];
    private readonly List<InterfaceSetting> settings = [];

    /// <summary>Takes an interface of this network namespace.</summary>
    /// <param name="loop">The agent's loop.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="keepLimits">Whether the kernel's limits stay as they are; otherwise they are lifted as far as is needed.</param>
    /// <param name="version">1 or 2 to force that IGMP version, 3 for version 3 with the fall-back of RFC 9776 §7.2; null leaves it as it
    /// is.</param>
    /// <param name="unsolicitedReportInterval">Within which reports of version 3 are repeated; null leaves it as it is.</param>
    /// <param name="log">Takes lines for the operator.</param>
    /// <exception cref="LinuxException">No such interface.</exception>
    public KernelStack(
        EventLoop loop, string interfaceName, bool keepLimits, int? version, TimeSpan? unsolicitedReportInterval, DaemonLog log)
    {
        this.loop = loop;
        this.log = log;
        this.keepLimits = keepLimits;
        Interface = interfaceName;
        interfaceIndex = LinkInfo.Read(interfaceName).Index;
        Lift(SourcesAtStart);
        if (version is { } wanted)
            settings.Add(InterfaceSetting.ForceVersion(interfaceName, wanted));
        if (unsolicitedReportInterval is { } interval)
            settings.Add(InterfaceSetting.UnsolicitedReportInterval(interfaceName, interval));
    }

    /// <inheritdoc/>
    public string Name => "kernel";

    /// <inheritdoc/>
    public string Interface { get; }

    /// <inheritdoc/>
    public SourceFilter Filter(string socket, Address group) =>
        members.TryGetValue((socket, group), out var member) ? member.Membership.Filter : SourceFilter.None;

    /// <inheritdoc/>
    public void Replace(string socket, Address group, SourceFilter filter) =>
        Change(socket, group, filter.Sources.Count, membership => membership.Replace(filter, OthersExclude(socket, group)));

    /// <inheritdoc/>
    public void Allow(string socket, Address group, IReadOnlyList<Address> sources) =>
        Change(socket, group, sources.Count, membership => membership.Allow(sources));

    /// <inheritdoc/>
    public void Block(string socket, Address group, IReadOnlyList<Address> sources) =>
        Change(socket, group, sources.Count, membership => membership.Block(sources));

    /// <inheritdoc/>
    public StackState Dump()
    {
        var sockets = members.Select(each => new SocketState(each.Key.Socket, each.Key.Group, each.Value.Membership.Filter)).ToList();
        var groups = sockets.GroupBy(each => each.Group, each => each.Filter)
            .OrderBy(each => each.Key)
            .Select(each => new ReceptionState(each.Key, SourceFilter.Merge([.. each])))
            .ToList();
        var kernel = KernelMemberships.Read(Interface);
        // The kernel does not expose its timer.
        return new StackState(
            Name, Interface, kernel.Version, null, groups, SocketState.Listing(sockets),
            Differences(sockets.Select(each => new ReceptionState(each.Group, each.Filter)), kernel));
    }

    /// <inheritdoc/>
    public IReceiver Receive(Address group, ushort port, SourceFilter filter, DatagramHandler handle) =>
        new KernelReceiver(loop, interfaceIndex, group, port, filter, handle);

    /// <inheritdoc/>
    // The kernel reports and repeats the leaves by itself, also when this process is gone.
    public void LeaveAll(Action left)
    {
        foreach (var key in members.Keys.OrderBy(each => each.Group).ToList())
            Forget(key);
        left();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var key in members.Keys.ToList())
            Forget(key);
        // Only after the leaves, which are to be sent in the forced version.
        foreach (var setting in settings)
        {
            try
            {
                setting.Restore();
            }
            catch (LinuxException exception)
            {
                log.Warning(Interface, exception.Message);
            }
        }
    }

    /// <summary>
    /// Where the kernel's tables differ from what these sockets ask for. Additional entries are no difference: other programs may listen
    /// too.
    /// </summary>
    internal static IReadOnlyList<string> Differences(IEnumerable<ReceptionState> sockets, KernelMemberships kernel)
    {
        var differences = new List<string>();
        foreach (var group in sockets)
        {
            if (!kernel.Users.ContainsKey(group.Group))
            {
                differences.Add($"{group.Group} is not in /proc/net/igmp");
                continue;
            }

            foreach (var source in group.Sources)
            {
                var use = kernel.Sources.GetValueOrDefault((group.Group, source));
                if ((group.Mode == FilterMode.Include ? use.Including : use.Excluding) == 0)
                    differences.Add($"{group.Group} from {source} is not in /proc/net/mcfilter");
            }
        }

        return differences;
    }

    private bool OthersExclude(string socket, Address group) => members
        .Any(each => each.Key.Group == group && each.Key.Socket != socket && each.Value.Membership.Filter.Mode == FilterMode.Exclude);

    private void Change(string socket, Address group, int sources, Action<MulticastMembership> change)
    {
        var key = (socket, group);
        if (!members.TryGetValue(key, out var member))
            members[key] = member = MembershipSocket.Open(interfaceIndex, group);
        try
        {
            var needed = sources + member.Membership.Filter.Sources.Count;
            if (needed > SourcesAtStart)
                Lift(needed);
            change(member.Membership);
        }
        catch (LinuxException exception) when (exception.Error == Errno.NoBufferSpace)
        {
            throw ControlException.Failed(
                $"{group}: more sources than the kernel allows a socket ({MulticastLimits.Sources.Name} is "
                    + $"{MulticastLimits.Sources.Read()}, "
                + $"{MulticastLimits.OptionMemory.Name} is {MulticastLimits.OptionMemory.Read()}); the filter is as it was");
        }
        finally
        {
            if (member.Membership.Filter.IsNone)
                Forget(key);
        }
    }

    private void Lift(int sources)
    {
        foreach (var refusal in keepLimits ? [] : MulticastLimits.Lift(sources))
            log.Warning(Interface, refusal);
    }

    private void Forget((string Socket, Address Group) key)
    {
        if (members.Remove(key, out var member))
            member.Dispose();
    }
}
