using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// From a join on the wire to the first packet of its stream behind the router. The stream has run for a while at 50,000 packets per second
/// when the join is sent, so there is an entry already, and a packet to be forwarded every 20 µs.
/// </summary>
/// <param name="peer">The peer.</param>
/// <param name="ear">Hears what the members hear.</param>
/// <param name="groups">A group for each probe.</param>
/// <param name="joins">The join of each group.</param>
/// <param name="besides">What else is done between two packets, with the time since the beginning; null for nothing.</param>
internal sealed class Probe(Peer peer, PacketSocket ear, Address[] groups, FrameSequence joins, Action<TimeSpan>? besides = null)
    : IDisposable
{
    private static readonly TimeSpan Spacing = TimeSpan.FromMicroseconds(20);
    private static readonly TimeSpan Hiccup = TimeSpan.FromMicroseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WireWatch watch = new(ear);
    private readonly FrameSequence stream = Load.Datagrams(groups, Load.Source);
    private readonly Instant begun = KernelClock.Monotonic;

    /// <summary>How many probes say nothing, because the stream itself had a gap or others than the peer had its processor.</summary>
    public int Discarded { get; private set; }

    /// <summary>Milliseconds for each group, but for those that say nothing.</summary>
    /// <param name="before">For how long the stream runs before the join.</param>
    public List<double> Play(TimeSpan before)
    {
        var delays = new List<double>(groups.Length);
        for (var i = 0; i < groups.Length; i++)
        {
            if (Play(i, before) is { } delay)
                delays.Add(delay.TotalMilliseconds);
            else
                Discarded++;
        }

        if (watch.HasMissed)
            throw new MeasurementFailedException("the ear has missed packets");
        return delays.Count > groups.Length / 2
            ? delays
            : throw new MeasurementFailedException($"the machine had other things to do in {Discarded} of {groups.Length} probes");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        watch.Dispose();
    }

    private TimeSpan? Play(int index, TimeSpan before)
    {
        var group = groups[index];
        var next = KernelClock.Monotonic;
        for (var end = next + before; next < end;)
            Send(index, ref next);
        watch.Take();
        if (watch.First(group) is not null)
            throw new MeasurementFailedException($"packets to {group} came through before it was joined");

        var keptWaiting = peer.ReadKeptWaiting();
        peer.Members.Send(joins, index);
        var (joined, former, longest) = (KernelClock.Monotonic, KernelClock.Monotonic, TimeSpan.Zero);
        while (watch.First(group) is null)
        {
            Send(index, ref next);
            var now = KernelClock.Monotonic;
            if (now - former > longest)
                longest = now - former;
            former = now;
            if (now - joined > Patience)
                throw new MeasurementFailedException($"no packet to {group} within {Patience.TotalSeconds:0} s of its join");
            watch.Take();
        }

        // Was there nothing to forward for so long, or had others the peer's processor, then the packet says nothing about the peer.
        return longest < Hiccup && peer.ReadKeptWaiting() - keptWaiting < Hiccup ? watch.First(group)!.Value - watch.Reported(group) : null;
    }

    private void Send(int index, ref Instant next)
    {
        while (KernelClock.Monotonic < next)
            Thread.SpinWait(5);
        peer.Streams.Send(stream, index);
        next += Spacing;
        if (next < KernelClock.Monotonic)
            next = KernelClock.Monotonic;
        besides?.Invoke(KernelClock.Monotonic - begun);
    }
}
