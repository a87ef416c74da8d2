using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// Sweeps the entries, a few at a time, so that a large table never blocks the loop, and removes those that saw no packet for a round.
/// </summary>
internal sealed class IdleSweep : IDisposable
{
    private const int StepsPerRound = 30;

    /// <summary>The maximum number of entries per step: each is a system call or two, and they must not add up to a pause.</summary>
    private const int MostPerStep = 256;

    private readonly ForwardingTable table;
    private readonly Func<ForwardingEntry, long?> readPackets;
    private readonly Action<ForwardingEntry> remove;
    private readonly TimeSpan round;
    private readonly LoopTimer timer;
    private int next;

    /// <summary>A sweep that has not begun.</summary>
    /// <param name="table">The entries.</param>
    /// <param name="loop">Where it runs.</param>
    /// <param name="round">How long a round takes.</param>
    /// <param name="readPackets">How many packets an entry has taken; null when the kernel has no such entry.</param>
    /// <param name="remove">Removes one.</param>
    public IdleSweep(
        ForwardingTable table, EventLoop loop, TimeSpan round, Func<ForwardingEntry, long?> readPackets, Action<ForwardingEntry> remove)
    {
        this.table = table;
        this.readPackets = readPackets;
        this.remove = remove;
        this.round = round;
        timer = loop.AddTimer(Step);
    }

    /// <summary>Begins, if it has not; it ends by itself when there are no entries.</summary>
    public void Begin()
    {
        if (timer.DueAt == Instant.Never)
            timer.Set(KernelClock.Monotonic + (round / Math.Max(StepsPerRound, table.Entries.Count / MostPerStep)));
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => timer.Dispose();

    private void Step()
    {
        var now = KernelClock.Monotonic;
        for (var left = Math.Min((table.Entries.Count / StepsPerRound) + 1, MostPerStep); left > 0 && table.Entries.Count > 0; left--)
        {
            next = next < table.Entries.Count ? next : 0;
            var entry = table.Entries[next];
            var packets = readPackets(entry);
            if (packets is { } count && count != entry.PacketsSeen)
            {
                entry.PacketsSeen = count;
                entry.PacketsSeenAt = now;
            }
            else if (packets is null || now - entry.PacketsSeenAt >= round)
            {
                // Another entry takes its place in the list.
                remove(entry);
                continue;
            }

            next++;
        }

        if (table.Entries.Count > 0)
            Begin();
    }
}
