using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.HostAgent.Commands;

/// <summary>SIGTERM and SIGINT brought onto a loop. The second signal ends the process at once, as if it was not caught.</summary>
internal sealed class Signals : IDisposable
{
    private readonly PosixSignalRegistration terminate;
    private readonly PosixSignalRegistration interrupt;
    private int count;

    /// <summary>Calls <paramref name="received"/> on the loop at the first signal.</summary>
    public Signals(EventLoop loop, Action<PosixSignal> received)
    {
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive);
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive);

        void Receive(PosixSignalContext context)
        {
            if (Interlocked.Increment(ref count) > 1)
                return;
            context.Cancel = true;
            loop.Post(() => received(context.Signal));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        terminate.Dispose();
        interrupt.Dispose();
    }
}
