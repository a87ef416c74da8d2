using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Tells when a process has ended. Disposing closes the process's reference as well.</summary>
internal sealed class EndWatch : IDisposable
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProcessReference process;
    private readonly EventLoop loop;
    private bool closed;

    /// <param name="process">The process; owned by the watch from here on.</param>
    /// <param name="loop">The loop that notices the end.</param>
    /// <param name="onEnd">See <see cref="OnEnd"/>: the process may end, and the loop say so, before this constructor returns.</param>
    internal EndWatch(ProcessReference process, EventLoop loop, Action? onEnd = null)
    {
        this.process = process;
        this.loop = loop;
        OnEnd = onEnd;
        loop.Post(() =>
        {
            if (!closed)
                loop.Watch(process.Descriptor, End);
        });
    }

    /// <summary>The daemon's name; null for another process.</summary>
    internal string? Daemon { get; init; }

    /// <summary>What to do on the loop when it has ended.</summary>
    internal Action? OnEnd { get; set; }

    /// <summary>Whether its end has been requested.</summary>
    internal bool EndExpected { get; set; }

    /// <summary>Completes when it has ended.</summary>
    internal Task Ended => ended.Task;

    public void Dispose() => loop.Post(() =>
    {
        if (closed)
            return;
        closed = true;
        loop.Unwatch(process.Descriptor);
        process.Dispose();
    });

    private void End()
    {
        loop.Unwatch(process.Descriptor);
        ended.TrySetResult();
        OnEnd?.Invoke();
    }
}
