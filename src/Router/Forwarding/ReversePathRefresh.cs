using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>Asks anew for the ways back to sources: to some of them per turn of the loop, as one route may be that of very many.</summary>
internal sealed class ReversePathRefresh : IDisposable
{
    private const int LookupsPerTurn = 256;

    private readonly ReversePaths paths;
    private readonly Action<ForwardingSource> changed;
    private readonly Queue<ForwardingSource> waiting = new();
    private readonly LoopTimer timer;

    /// <summary>Nothing to ask for yet.</summary>
    /// <param name="paths">Finds the ways.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="changed">Told when a source has another way back than before.</param>
    public ReversePathRefresh(ReversePaths paths, EventLoop loop, Action<ForwardingSource> changed)
    {
        this.paths = paths;
        this.changed = changed;
        timer = loop.AddTimer(LookUp);
    }

    /// <summary>The routes to these may have changed.</summary>
    public void Refresh(IEnumerable<ForwardingSource> sources)
    {
        foreach (var source in sources)
        {
            // Routes may change faster than all their sources are asked for.
            if (source.IsToLookUp)
                continue;
            source.IsToLookUp = true;
            waiting.Enqueue(source);
        }

        if (timer.DueAt == Instant.Never)
            LookUp();
    }

    /// <summary>Asks no more.</summary>
    public void Dispose() => timer.Dispose();

    private void LookUp()
    {
        for (var left = LookupsPerTurn; left > 0 && waiting.TryDequeue(out var source); left--)
        {
            source.IsToLookUp = false;
            var path = paths.Find(source.Address);
            if (path == source.Path)
                continue;
            source.Path = path;
            changed(source);
        }

        if (waiting.Count > 0)
            timer.Set(KernelClock.Monotonic);
    }
}
