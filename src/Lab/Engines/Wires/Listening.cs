using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Wires;

/// <summary>Takes a packet that was heard.</summary>
/// <returns>Whether that was enough.</returns>
internal delegate bool Heard(in ReceivedPacket packet);

/// <summary>Listens to an interface for a while.</summary>
internal static class Listening
{
    // How long a cancellation may have to wait.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Hands over what comes until that is enough, or the time is over.</summary>
    internal static void Listen(this PacketSocket socket, TimeSpan patience, Heard heard, CancellationToken cancellation)
    {
        using var batch = new PacketBatch();
        var deadline = KernelClock.Monotonic + patience;
        while (deadline - KernelClock.Monotonic is var left && left > TimeSpan.Zero)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!socket.WaitForPacket(left < Glance ? left : Glance))
                continue;
            socket.Receive(batch);
            for (var i = 0; i < batch.Count; i++)
            {
                if (heard(batch[i]))
                    return;
            }
        }
    }
}
