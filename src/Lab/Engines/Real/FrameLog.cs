using System.Collections;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The frames of a lab in the order of their timestamps, numbered from 1. One thread adds, any number read.</summary>
/// <remarks>
/// Two processors may hand over frames a little out of order, so a frame is held back for <see cref="HoldBack"/>. One that is later still
/// (its thread lost the processor) is inserted where it belongs, and the frames after it are renumbered; earlier snapshots stay as they
/// are.
/// </remarks>
internal sealed class FrameLog
{
    /// <summary>How long a frame waits for earlier ones.</summary>
    internal static readonly TimeSpan HoldBack = TimeSpan.FromMilliseconds(2);

    private readonly PriorityQueue<LabFrame, (Instant At, long Arrival)> waiting = new();
    private LabFrame[] frames = new LabFrame[256];
    private Snapshot published = new([], 0);
    private long arrivals;

    /// <summary>The frames published so far.</summary>
    internal IReadOnlyList<LabFrame> Frames => Volatile.Read(ref published);

    /// <summary>When the first frame that waits was timestamped; never when none waits.</summary>
    internal Instant FirstWaiting => waiting.TryPeek(out var frame, out _) ? frame.At : Instant.Never;

    /// <summary>Takes a frame; its number is given when it is published.</summary>
    internal void Add(LabFrame frame) => waiting.Enqueue(frame, (frame.At, ++arrivals));

    /// <summary>Publishes every frame timestamped at or before this instant.</summary>
    /// <returns>Whether there was any.</returns>
    internal bool PublishUntil(Instant instant)
    {
        var count = published.Count;
        var before = count;
        while (waiting.TryPeek(out var frame, out _) && frame.At <= instant)
        {
            waiting.Dequeue();
            if (count > 0 && frame.At < frames[count - 1].At)
                MakeRoomBefore(frame.At, ref count, frame);
            else
                Append(frame, ref count);
        }

        if (count == before)
            return false;
        Volatile.Write(ref published, new Snapshot(frames, count));
        return true;
    }

    private void Append(LabFrame frame, ref int count)
    {
        // Snapshots share the array: places behind their end may be filled, others not.
        if (count == frames.Length)
            Array.Resize(ref frames, count * 2);
        frames[count] = frame with { Number = count + 1 };
        count++;
    }

    private void MakeRoomBefore(Instant at, ref int count, LabFrame frame)
    {
        var place = count;
        while (place > 0 && frames[place - 1].At > at)
            place--;
        var behind = frames[place..count];
        frames = [.. frames];
        count = place;
        Append(frame, ref count);
        foreach (var each in behind)
            Append(each, ref count);
    }

    private sealed class Snapshot(LabFrame[] frames, int count) : IReadOnlyList<LabFrame>
    {
        public int Count => count;

        public LabFrame this[int index] => index < count ? frames[index] : throw new ArgumentOutOfRangeException(nameof(index));

        public IEnumerator<LabFrame> GetEnumerator() => frames.Take(count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
