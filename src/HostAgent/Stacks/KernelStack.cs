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
/// Linux's own IGMP: one socket per group, whose filter is set through the kernel's API; the kernel reports and answers. One socket per
/// group avoids the limit of groups per socket, and makes each change of a group a single call.
/// </summary>
internal sealed class KernelStack : IHostStack
{
    private const int SourcesAtStart = 1024;

    private readonly EventLoop loop;
    private readonly DaemonLog log;
    private readonly int interfaceIndex;
    private readonly Dictionary<Address, MembershipSocket> members = [];
    private readonly List<InterfaceSetting> settings = [];

    /// <summary>Takes an interface of this network namespace.</summary>
    /// <param name="loop">The agent's loop.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="version">1 or 2 to force that IGMP version, 3 for version 3 with the fall-back of RFC 9776 §7.2; null leaves it as it
    /// is.</param>
    /// <param name="unsolicitedReportInterval">Within which reports of version 3 are repeated; null leaves it as it is.</param>
    /// <param name="log">Takes lines for the operator.</param>
    /// <exception cref="LinuxException">No such interface.</exception>
    public KernelStack(EventLoop loop, string interfaceName, int? version, TimeSpan? unsolicitedReportInterval, DaemonLog log)
    {
        this.loop = loop;
        this.log = log;
        Interface = interfaceName;
        interfaceIndex = LinkInfo.Read(interfaceName).Index;
        foreach (var refusal in MulticastLimits.Lift(SourcesAtStart))
            log.Warning(Interface, refusal);
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
    public IReadOnlyDictionary<Address, SourceFilter> Filters =>
        members.ToDictionary(each => each.Key, each => each.Value.Membership.Filter);

    /// <inheritdoc/>
    public void Replace(Address group, SourceFilter filter) =>
        Change(group, filter.Sources.Count, membership => membership.Replace(filter));

    /// <inheritdoc/>
    public void Allow(Address group, IReadOnlyList<Address> sources) =>
        Change(group, sources.Count, membership => membership.Allow(sources));

    /// <inheritdoc/>
    public void Block(Address group, IReadOnlyList<Address> sources) =>
        Change(group, sources.Count, membership => membership.Block(sources));

    /// <inheritdoc/>
    public StackState Dump()
    {
        var groups = members.OrderBy(each => each.Key)
            .Select(each => new ReceptionState(each.Key, each.Value.Membership.Filter))
            .ToList();
        var kernel = KernelMemberships.Read(Interface);
        // The kernel does not expose its timer.
        return new StackState(Name, Interface, kernel.Version, null, groups, Differences(groups, kernel));
    }

    /// <inheritdoc/>
    public IReceiver Receive(Address group, ushort port, SourceFilter filter, DatagramHandler handle) =>
        new KernelReceiver(loop, interfaceIndex, group, port, filter, handle);

    /// <inheritdoc/>
    // The kernel reports and repeats the leaves by itself, also when this process is gone.
    public void LeaveAll(Action left)
    {
        foreach (var group in members.Keys.Order().ToList())
            Forget(group);
        left();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var group in members.Keys.ToList())
            Forget(group);
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
    /// Where the kernel's tables differ from what these groups ask for. Additional entries are no difference: other programs may listen
    /// too.
    /// </summary>
    internal static IReadOnlyList<string> Differences(IEnumerable<ReceptionState> groups, KernelMemberships kernel)
    {
        var differences = new List<string>();
        foreach (var group in groups)
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

    private void Change(Address group, int sources, Action<MulticastMembership> change)
    {
        if (!members.TryGetValue(group, out var member))
            members[group] = member = MembershipSocket.Open(interfaceIndex, group);
        try
        {
            var needed = sources + member.Membership.Filter.Sources.Count;
            foreach (var refusal in needed > SourcesAtStart ? MulticastLimits.Lift(needed) : [])
                log.Warning(Interface, refusal);
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
                Forget(group);
        }
    }

    private void Forget(Address group)
    {
        if (members.Remove(group, out var member))
            member.Dispose();
    }
}
