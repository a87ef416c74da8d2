using System.Diagnostics;
using MulticastLab.Linux.PacketSockets;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>Sends prepared frames, again from the first after the last: as fast as it goes, or at a rate without drift.</summary>
internal sealed class LoadGenerator(PacketSocket socket)
{
    private const int Batch = 64;

    /// <summary>Sends <paramref name="count"/> frames as fast as it goes; the time it took.</summary>
    public TimeSpan Flood(FrameSequence frames, int count)
    {
        var begun = Stopwatch.GetTimestamp();
        Send(frames, 0, count);
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>
    /// Sends <paramref name="count"/> frames at a rate. A frame that is late does not delay those after it; the time it took.
    /// </summary>
    /// <param name="frames">The frames.</param>
    /// <param name="count">How many to send.</param>
    /// <param name="rate">Frames per second.</param>
    public TimeSpan Pace(FrameSequence frames, int count, int rate)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < count;)
        {
            var due = Math.Min(count, 1 + (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * rate));
            if (due == sent)
            {
                Thread.SpinWait(10);
                continue;
            }

            Send(frames, sent, due - sent);
            sent = due;
        }

        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>Sends one frame.</summary>
    public void Send(FrameSequence frames, int index) => socket.Send(frames, index % frames.Count, 1);

    private void Send(FrameSequence frames, int from, int count)
    {
        for (var at = from % frames.Count; count > 0;)
        {
            var some = Math.Min(Math.Min(Batch, count), frames.Count - at);
            socket.Send(frames, at, some);
            count -= some;
            at = (at + some) % frames.Count;
        }
    }
}
