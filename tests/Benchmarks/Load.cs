using System.Diagnostics;
using MulticastLab.Linux.PacketSockets;

namespace MulticastLab.Benchmarks;

/// <summary>Frames that are sent at a rate.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Count">How many frames.</param>
/// <param name="PerSecond">How many in a second; 0 for as fast as it goes.</param>
internal sealed record Load(string Name, int Count, int PerSecond)
{
    /// <summary>Sends the frames, again and again from the first, and returns how many that were.</summary>
    public int Send(PacketSocket socket, ReadOnlySpan<byte[]> frames)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var i = 0; i < Count; i++)
        {
            // It never sleeps: a wake-up would come late, and what it had missed would go out at once.
            while (PerSecond > 0 && Stopwatch.GetElapsedTime(begun).TotalSeconds * PerSecond < i)
            {
            }

            socket.Send(frames[i % frames.Length]);
        }

        return Count;
    }
}
