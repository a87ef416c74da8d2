using MulticastLab.Daemon.Control;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Reads a router's events until it is disposed, or the router ends: each change of its state wakes those who wait.</summary>
internal sealed class EventFollower : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task following;

    /// <summary>Begins to follow.</summary>
    /// <param name="events">The router's events; closed when it is over.</param>
    /// <param name="changed">What each of them fires.</param>
    internal EventFollower(ControlClient events, Pulse changed) => following = Follow(events, changed, stop.Token);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await following.ConfigureAwait(false);
        stop.Dispose();
    }

    private static async Task Follow(ControlClient events, Pulse changed, CancellationToken cancellation)
    {
        using (events)
        {
            try
            {
                await foreach (var _ in events.Lines(cancellation).ConfigureAwait(false))
                    changed.Fire();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Nobody listens any more.
            }
        }
    }
}
