using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon;

/// <summary>Signals that a program handles itself, until this is disposed.</summary>
public sealed class Signals : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];

    private Signals(Func<PosixSignal, bool> received, params ReadOnlySpan<PosixSignal> signals)
    {
        foreach (var signal in signals)
            registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = received(context.Signal)));
    }

    /// <summary>Catches SIGTERM and SIGINT.</summary>
    /// <param name="received">Called on a thread of the runtime; returns whether it has been handled: otherwise the signal ends the
    /// process.</param>
    public static Signals CatchEnd(Func<PosixSignal, bool> received) => new(received, PosixSignal.SIGTERM, PosixSignal.SIGINT);

    /// <summary>Catches SIGTERM and SIGINT on a loop. The second one ends the process at once, as if it was not caught.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="received">Called on the loop at the first of them.</param>
    public static Signals CatchEnd(EventLoop loop, Action<PosixSignal> received)
    {
        var count = 0;
        return CatchEnd(signal =>
        {
            if (Interlocked.Increment(ref count) > 1)
                return false;
            loop.Post(() => received(signal));
            return true;
        });
    }

    /// <summary>Catches one signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="received">Called on a thread of the runtime; returns whether it has been handled: otherwise the signal has its usual
    /// effect.</param>
    public static Signals Catch(PosixSignal signal, Func<bool> received) => new(_ => received(), signal);

    /// <summary>Lets the signals have their usual effects again.</summary>
    public void Dispose() => registrations.ForEach(each => each.Dispose());
}
