using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// Multicast forwarding by the kernel: every interface is a VIF; the first packet of a source and group leads to an upcall, and the entry
/// set then says on which other interfaces the forwarding decision (RFC 9776 §6.3) wants it.
/// </summary>
/// <remarks>
/// An entry takes packets from the interface where the first one came in. One that goes out nowhere is set too: the kernel drops its
/// packets without asking again. A source that falls silent, or moves to another interface, loses its entry after a while.
/// </remarks>
internal sealed class KernelForwarding : IDisposable
{
    /// <summary>How often entries are looked at when nothing else is said; one that took no packet between two looks is removed.</summary>
    public static readonly TimeSpan DefaultIdleCheck = TimeSpan.FromSeconds(30);

    /// <summary>How many entries there may be: packets from made-up sources must not fill the kernel's memory.</summary>
    public const int MostEntries = 65_536;

    private readonly MulticastRoutingSocket socket;
    private readonly IReadOnlyList<RouterPort> ports;
    private readonly Counters counters;
    private readonly RouterLog log;
    private readonly LoopTimer idleTimer;
    private readonly TimeSpan idleCheck;
    private readonly EventLoop loop;
    private readonly Dictionary<Address, Dictionary<Address, Entry>> entries = [];
    private readonly int[] vifs;
    private int count;

    private KernelForwarding(
        MulticastRoutingSocket socket, IReadOnlyList<RouterPort> ports, EventLoop loop, Counters counters, RouterLog log, TimeSpan idleCheck)
    {
        this.socket = socket;
        this.ports = ports;
        this.loop = loop;
        this.counters = counters;
        this.log = log;
        this.idleCheck = idleCheck;
        vifs = new int[MulticastRoutingSocket.MaxVifs];
        loop.Watch(socket.Descriptor, ReceiveUpcalls);
        idleTimer = loop.AddTimer(RemoveIdle);
    }

    /// <summary>Becomes the multicast router of this network namespace.</summary>
    /// <exception cref="LinuxException">No privilege, or another program is it already.</exception>
    public static KernelForwarding Start(
        IReadOnlyList<RouterPort> ports, EventLoop loop, Counters counters, RouterLog log, TimeSpan? idleCheck = null) =>
        new(MulticastRoutingSocket.Open(), ports, loop, counters, log, idleCheck ?? DefaultIdleCheck);

    /// <summary>An interface has come up, gone down or been replaced.</summary>
    public void PortChanged(RouterPort port)
    {
        if (vifs[port.Number] == port.InterfaceIndex)
            return;
        if (vifs[port.Number] != 0)
        {
            socket.DeleteVif(port.Number);
            RemoveIncoming(port.Number);
        }

        vifs[port.Number] = 0;
        if (port.InterfaceIndex != 0)
        {
            try
            {
                socket.AddVif(port.Number, port.InterfaceIndex);
                vifs[port.Number] = port.InterfaceIndex;
            }
            catch (LinuxException refused)
            {
                log.Warning(port.Name, $"takes no part in forwarding: {refused.Message}");
            }
        }

        foreach (var group in entries.Keys.ToArray())
            GroupChanged(group);
    }

    /// <summary>Some interface has changed its mind about a group.</summary>
    public void GroupChanged(Address group)
    {
        if (!entries.TryGetValue(group, out var sources))
            return;
        foreach (var (source, entry) in sources)
        {
            var outgoing = Outgoing(source, group, entry.Incoming);
            if (outgoing == entry.Outgoing)
                continue;
            entry.Outgoing = outgoing;
            socket.SetEntry(source, group, entry.Incoming, outgoing);
        }
    }

    /// <summary>Ends forwarding: the kernel removes VIFs and entries.</summary>
    public void Dispose()
    {
        idleTimer.Dispose();
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
                case UpcallKind.WholePacket:
                    // Comes only to those who asked for PIM registers.
                    break;
            }
        }
    }

    private void Add(Upcall upcall)
    {
        if (upcall.Vif >= vifs.Length || vifs[upcall.Vif] == 0 || count >= MostEntries)
            return;
        var outgoing = Outgoing(upcall.Source, upcall.Group, upcall.Vif);
        socket.SetEntry(upcall.Source, upcall.Group, upcall.Vif, outgoing);
        if (!entries.TryGetValue(upcall.Group, out var sources))
            entries.Add(upcall.Group, sources = []);
        if (!sources.ContainsKey(upcall.Source))
            count++;
        sources[upcall.Source] = new Entry(upcall.Vif) { Outgoing = outgoing };
        if (idleTimer.DueAt == Instant.Never)
            idleTimer.Set(KernelClock.Monotonic + idleCheck);
    }

    private VifSet Outgoing(Address source, Address group, int incoming)
    {
        var outgoing = VifSet.None;
        foreach (var port in ports)
        {
            if (port.Number != incoming && vifs[port.Number] != 0 && port.Core.Forwards(source, group))
                outgoing = outgoing.With(port.Number);
        }

        return outgoing;
    }

    private void RemoveIdle()
    {
        RemoveWhere((source, group, entry) =>
        {
            var packets = socket.ReadCounts(source, group)?.Packets;
            var idle = packets is null || packets == entry.PacketsAtLastLook;
            entry.PacketsAtLastLook = packets ?? 0;
            return idle;
        });
        if (count > 0)
            idleTimer.Set(KernelClock.Monotonic + idleCheck);
    }

    private void RemoveIncoming(int vif) => RemoveWhere((_, _, entry) => entry.Incoming == vif);

    private void RemoveWhere(Func<Address, Address, Entry, bool> isToGo)
    {
        foreach (var (group, sources) in entries.ToArray())
        {
            foreach (var (source, entry) in sources.ToArray())
            {
                if (!isToGo(source, group, entry))
                    continue;
                socket.DeleteEntry(source, group, entry.Incoming);
                sources.Remove(source);
                count--;
            }

            if (sources.Count == 0)
                entries.Remove(group);
        }
    }

    private sealed class Entry(int incoming)
    {
        public int Incoming { get; } = incoming;

        public VifSet Outgoing { get; set; }

        // -1: an entry that was set since the last look has not been idle yet.
        public long PacketsAtLastLook { get; set; } = -1;
    }
}
