using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// Multicast forwarding by the kernel: every interface is a VIF; the first packet of a source and group leads to an upcall, and the entry
/// set then says where its packets come in and on which other interfaces the forwarding decision (RFC 9776 §6.3) wants it.
/// </summary>
/// <remarks>
/// Packets are taken from the interface on the way back to their source, or from where a static route says. An entry that goes out
/// nowhere is set too: the kernel drops its packets without asking again. Every entry is worked out anew, in the same turn of the loop,
/// when something changes of which it was made: a member, an interface, a unicast or a static route. One that takes no packets
/// loses its place after a while.
/// </remarks>
internal sealed class KernelForwarding : IDisposable
{
    private readonly MulticastRoutingSocket socket;
    private readonly Counters counters;
    private readonly RouterLog log;
    private readonly EventLoop loop;
    private readonly ForwardingVifs vifs;
    private readonly ReversePaths paths;
    private readonly ForwardingTable table = new();
    private readonly IdleSweep idle;
    private readonly ReversePathFilterHint hint;
    private readonly ReversePathRefresh refresh;
    private ForwardingOptions options;
    private StaticRoutes routes;
    private bool full;

    private KernelForwarding(
        MulticastRoutingSocket socket, ReversePaths paths, IReadOnlyList<RouterPort> ports, EventLoop loop, Counters counters, RouterLog log, ForwardingOptions options)
    {
        this.socket = socket;
        this.paths = paths;
        this.loop = loop;
        this.counters = counters;
        this.log = log;
        this.options = options;
        vifs = new ForwardingVifs(socket, ports, log);
        vifs.SetThresholds(options.TtlThresholds);
        routes = new StaticRoutes(options.StaticRoutes);
        idle = new IdleSweep(table, loop, options.IdleCheck, entry => socket.ReadCounts(entry.Source.Address, entry.Group)?.Packets, Remove);
        hint = new ReversePathFilterHint(loop, log);
        refresh = new ReversePathRefresh(paths, loop, source => UpdateAll(source.Entries.Values));
        loop.Watch(socket.Descriptor, ReceiveUpcalls);
        loop.Watch(paths.Descriptor, RoutesChanged);
    }

    /// <summary>Becomes the multicast router of this network namespace.</summary>
    /// <exception cref="LinuxException">No privilege, or another program is it already.</exception>
    public static KernelForwarding Start(
        IReadOnlyList<RouterPort> ports, EventLoop loop, Counters counters, RouterLog log, ForwardingOptions options)
    {
        var socket = MulticastRoutingSocket.Open(new MulticastRoutingOptions { Table = options.Table });
        try
        {
            return new KernelForwarding(socket, new ReversePaths(options.ReversePaths), ports, loop, counters, log, options);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An interface has come up, gone down or been replaced.</summary>
    public void PortChanged(RouterPort port)
    {
        var (changed, removed) = vifs.Follow(port);
        if (!changed)
            return;
        hint.Follow(port.Name, vifs.IsUp(port.Number));
        if (removed)
        {
            foreach (var entry in table.Entries.Where(each => each.Arrival == port.Number || each.Incoming == port.Number).ToArray())
                Remove(entry);
        }

        UpdateAll(table.Entries);
    }

    /// <summary>Some interface has changed its mind about a group.</summary>
    public void GroupChanged(Address group)
    {
        foreach (var entry in table.OfGroup(group))
            Update(entry);
    }

    /// <summary>Makes these the routes, ways back and thresholds; entries that they are about follow at once. The table stays.</summary>
    public void Configure(ForwardingOptions wanted)
    {
        if (wanted == options)
            return;
        var changed = routes.All.Except(wanted.StaticRoutes).Union(wanted.StaticRoutes.Except(routes.All)).ToArray();
        options = wanted;
        routes = new StaticRoutes(wanted.StaticRoutes);
        paths.Override(wanted.ReversePaths);
        vifs.SetThresholds(wanted.TtlThresholds);
        foreach (var entry in table.Entries)
        {
            if (Array.Exists(changed, each => each.Covers(entry.Source.Address, entry.Group)))
                entry.Route = routes.Find(entry.Source.Address, entry.Group);
            Update(entry);
        }

        refresh.Refresh(table.Sources);
    }

    /// <summary>Removes all entries; sources that go on sending get new ones.</summary>
    public int Flush()
    {
        var count = table.Entries.Count;
        foreach (var entry in table.Entries.ToArray())
            Remove(entry);
        return count;
    }

    /// <summary>The entries as of now. What each has seen can be read from the kernel by any thread.</summary>
    public ForwardingSnapshot Snapshot() => new(
        socket,
        [.. table.Entries.Select(each => new SnapshotEntry(each.Source.Address, each.Group, each.Incoming, each.Outgoing, each.Route is not null))],
        Enumerable.Range(0, MulticastRoutingSocket.MaxVifs).Where(vifs.IsUp).ToDictionary(vif => vif, vifs.Name),
        routes.All,
        paths.Overrides);

    /// <summary>Ends forwarding: the kernel removes VIFs and entries.</summary>
    public void Dispose()
    {
        hint.Dispose();
        idle.Dispose();
        refresh.Dispose();
        loop.Unwatch(paths.Descriptor);
        paths.Dispose();
        loop.Unwatch(socket.Descriptor);
        socket.Dispose();
    }

    private void ReceiveUpcalls()
    {
        while (socket.TryReceive(out var upcall))
        {
            switch (upcall.Kind)
            {
                case UpcallKind.NoEntry:
                    Add(upcall);
                    break;
                case UpcallKind.WrongVif:
                    counters.WrongInterface++;
                    break;
                case UpcallKind.WholePacket or UpcallKind.WrongVifWholePacket:
                    // Come only to those who asked for PIM.
                    break;
            }
        }
    }

    private void Add(in Upcall upcall)
    {
        if (!vifs.IsUp(upcall.Vif) || IsFull())
            return;
        var source = table.FindSource(upcall.Source) ?? new ForwardingSource(upcall.Source, paths.Find(upcall.Source));
        if (source.Entries.TryGetValue(upcall.Group, out var known))
        {
            // The kernel has lost it, or this question is older than the answer.
            socket.SetEntry(known.InKernel);
            return;
        }

        var entry = new ForwardingEntry(source, upcall.Group, upcall.Vif) { Route = routes.Find(upcall.Source, upcall.Group), PacketsSeenAt = KernelClock.Monotonic };
        (entry.Incoming, entry.Outgoing) = Resolve(entry);
        if (entry.Incoming == IForwardingVifs.None)
            counters.NoReversePath++;
        socket.SetEntry(entry.InKernel);
        table.Add(entry);
        idle.Begin();
    }

    private bool IsFull()
    {
        if (table.Entries.Count < options.MostEntries)
            return full = false;
        if (!full)
            log.Warning("forwarding", $"there are {options.MostEntries} entries: other sources are not forwarded until some of these fall silent");
        return full = true;
    }

    private (int Incoming, VifThresholds Outgoing) Resolve(ForwardingEntry entry) =>
        ForwardingDecision.Of(entry.Source.Path, entry.Route, entry.Source.Address, entry.Group, entry.Arrival, vifs);

    private void Update(ForwardingEntry entry)
    {
        var (incoming, outgoing) = Resolve(entry);
        if (incoming == entry.Incoming && outgoing == entry.Outgoing)
            return;
        entry.Incoming = incoming;
        entry.Outgoing = outgoing;
        socket.SetEntry(entry.InKernel);
    }

    private void UpdateAll(IEnumerable<ForwardingEntry> entries)
    {
        foreach (var entry in entries)
            Update(entry);
    }

    private void RoutesChanged()
    {
        var changed = paths.ReadChanges();
        refresh.Refresh(table.Sources.Where(source => changed.Any(prefix => prefix.Contains(source.Address))));
    }

    private void Remove(ForwardingEntry entry)
    {
        socket.DeleteEntry(entry.InKernel);
        table.Remove(entry);
    }
}
