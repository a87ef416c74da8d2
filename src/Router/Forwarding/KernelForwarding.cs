using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// Multicast forwarding by the kernel: every interface is a VIF; the first packet of a source and group leads to an upcall, and the entry
/// set then says where its packets come in and on which other interfaces the forwarding decision wants it.
/// </summary>
/// <remarks>
/// An entry without outgoing interfaces is set too: the kernel drops its packets without another upcall. Every entry is recomputed, in the
/// same turn of the loop, when something changes that it depends on: a contribution, an interface, a unicast or a static route. One that
/// takes no packets ages out.
/// </remarks>
internal sealed class KernelForwarding : IDisposable
{
    private readonly EventLoop loop;
    private readonly KernelForwardingOptions options;
    private readonly MulticastRoutingSocket socket;
    private readonly KernelReversePaths paths;
    private readonly ForwardingDecision decision;
    private readonly ForwardingVifs vifs;
    private readonly ForwardingTable table = new();
    private readonly IdleSweep idle;
    private readonly ReversePathFilterHint hint;
    private readonly ReversePathRefresh refresh;
    private bool full;

    private KernelForwarding(
        EventLoop loop, KernelForwardingOptions options, MulticastRoutingSocket socket, KernelReversePaths paths,
        IForwardingContribution[] contributions)
    {
        this.loop = loop;
        this.options = options;
        this.socket = socket;
        this.paths = paths;
        decision = new ForwardingDecision(new ForwardingInterfaces(), paths, contributions);
        decision.Changed += Update;
        vifs = new ForwardingVifs(socket, decision.Interfaces, (name, reason) => Tell(new ForwardingEvent.VifRefused(name, reason)));
        idle = new IdleSweep(
            table, loop, options.IdleCheck, entry => socket.ReadCounts(entry.Source.Address, entry.Group)?.Packets, Remove);
        hint = new ReversePathFilterHint(loop, (packets, names) => Tell(new ForwardingEvent.DroppedByReversePathFilter(packets, names)));
        refresh = new ReversePathRefresh(decision.ReversePath, loop, source => UpdateAll(source.Entries.Values));
        loop.Watch(socket.Descriptor, ReceiveUpcalls);
        loop.Watch(paths.Descriptor, RoutesChanged);
    }

    /// <summary>Raised on the loop when something has happened that is counted or logged.</summary>
    public event Action<ForwardingEvent>? Happened;

    /// <summary>Becomes the multicast router of this network namespace, with no interfaces yet.</summary>
    /// <param name="loop">On which it runs.</param>
    /// <param name="options">How the kernel's forwarding is used.</param>
    /// <param name="contributions">Who has a say in where packets go, besides the static routes.</param>
    /// <exception cref="LinuxException">No privilege, or another program is one already.</exception>
    public static KernelForwarding Start(EventLoop loop, KernelForwardingOptions options, params IForwardingContribution[] contributions)
    {
        var socket = MulticastRoutingSocket.Open(new MulticastRoutingOptions { Table = options.Table });
        try
        {
            return new KernelForwarding(loop, options, socket, new KernelReversePaths(), contributions);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An interface has come up, gone down or been replaced.</summary>
    /// <param name="number">Its number, 0 to 31.</param>
    /// <param name="name">Its name.</param>
    /// <param name="index">The kernel's index of it; 0 while it is down.</param>
    public void InterfaceChanged(int number, string name, int index)
    {
        var (changed, removed) = vifs.Follow(number, name, index);
        if (!changed)
            return;
        hint.Follow(name, decision.Interfaces.IsUp(number));
        if (removed)
        {
            foreach (var entry in table.Entries.Where(each => each.Arrival == number || each.Path.Incoming == number).ToArray())
                Remove(entry);
        }

        UpdateAll(table.Entries);
    }

    /// <summary>Makes these the routes, overrides and thresholds; the entries concerned follow at once.</summary>
    public void Configure(ForwardingOptions wanted)
    {
        if (!decision.Configure(wanted))
            return;
        UpdateAll(table.Entries);
        refresh.Refresh(table.Sources);
    }

    /// <summary>Removes all entries; sources that keep sending get new ones.</summary>
    public int Flush()
    {
        var count = table.Entries.Count;
        foreach (var entry in table.Entries.ToArray())
            Remove(entry);
        return count;
    }

    /// <summary>The entries as of now. Their counters can be read from the kernel by any thread.</summary>
    public ForwardingSnapshot Snapshot() => new(
        socket,
        [.. table.Entries.Select(each => new SnapshotEntry(each.Source.Address, each.Group, each.Path, IsStatic(each)))],
        decision.Interfaces.Up.ToDictionary(vif => vif, decision.Interfaces.Name),
        decision.StaticRoutes.All,
        decision.ReversePaths);

    /// <summary>Ends forwarding: the kernel removes VIFs and entries.</summary>
    public void Dispose()
    {
        decision.Changed -= Update;
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
                    Tell(ForwardingEvent.WrongInterface.Instance);
                    break;
                case UpcallKind.WholePacket or UpcallKind.WrongVifWholePacket:
                    // Only sent to those that enabled PIM.
                    break;
            }
        }
    }

    private void Add(in Upcall upcall)
    {
        if (!decision.Interfaces.IsUp(upcall.Vif) || IsFull())
            return;
        var source = table.FindSource(upcall.Source) ?? new ForwardingSource(upcall.Source, decision.ReversePath(upcall.Source));
        if (source.Entries.TryGetValue(upcall.Group, out var known))
        {
            // The kernel has lost it, or this upcall is older than the entry.
            socket.SetEntry(known.InKernel);
            return;
        }

        var entry = new ForwardingEntry(source, upcall.Group, upcall.Vif) { PacketsSeenAt = KernelClock.Monotonic };
        entry.Path = Decide(entry);
        if (entry.Path.Incoming == ForwardingInterfaces.None)
            Tell(ForwardingEvent.NoReversePath.Instance);
        socket.SetEntry(entry.InKernel);
        table.Add(entry);
        idle.Begin();
    }

    private bool IsFull()
    {
        if (table.Entries.Count < options.MostEntries)
            return full = false;
        if (!full)
            Tell(new ForwardingEvent.TableFull(options.MostEntries));
        return full = true;
    }

    private ForwardingPath Decide(ForwardingEntry entry) =>
        decision.Of(entry.Source.Address, entry.Group, entry.Arrival, entry.Source.Path);

    private bool IsStatic(ForwardingEntry entry) => decision.StaticRoutes.Find(entry.Source.Address, entry.Group) is not null;

    private void Update(ForwardingChange change)
    {
        if (change.Group is not { } group)
        {
            UpdateAll(table.Entries.Where(each => change.Concerns(each.Source.Address, each.Group)));
            return;
        }

        foreach (var entry in table.OfGroup(group))
        {
            if (change.Concerns(entry.Source.Address, group))
                Update(entry);
        }
    }

    private void Update(ForwardingEntry entry)
    {
        var path = Decide(entry);
        if (path == entry.Path)
            return;
        entry.Path = path;
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

    private void Tell(ForwardingEvent happened) => Happened?.Invoke(happened);
}
