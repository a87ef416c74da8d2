using MulticastLab.Forwarding;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// Looks up reverse paths to sources again: a few per turn of the loop, as one route may serve very many of them.
/// </summary>
internal sealed class ReversePathRefresh : IDisposable
{
    private const int LookupsPerTurn = 256;

    private readonly Func<Address, ReversePath> find;
    private readonly Action<ForwardingSource> changed;
    private readonly Queue<ForwardingSource> waiting = new();
    private readonly LoopTimer timer;

    /// <summary>Nothing to look up yet.</summary>
    /// <param name="find">Finds the reverse path to a source.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="changed">Told when a source's reverse path has changed.</param>
    public ReversePathRefresh(Func<Address, ReversePath> find, EventLoop loop, Action<ForwardingSource> changed)
    {
        this.find = find;
        this.changed = changed;
        timer = loop.AddTimer(LookUp);
    }

    /// <summary>The routes to these may have changed.</summary>
    public void Refresh(IEnumerable<ForwardingSource> sources)
    {
        foreach (var source in sources)
        {
            // Routes may change faster than their sources can all be looked up.
            if (source.IsToLookUp)
                continue;
            source.IsToLookUp = true;
            waiting.Enqueue(source);
        }

        if (timer.DueAt == Instant.Never)
            LookUp();
    }

    /// <summary>Looks up no more.</summary>
    public void Dispose() => timer.Dispose();

    private void LookUp()
    {
        for (var left = LookupsPerTurn; left > 0 && waiting.TryDequeue(out var source); left--)
        {
            source.IsToLookUp = false;
            var path = find(source.Address);
            if (path == source.Path)
                continue;
            source.Path = path;
            changed(source);
        }

        if (waiting.Count > 0)
            timer.Set(KernelClock.Monotonic);
    }
}
