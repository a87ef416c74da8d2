using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Captures;

namespace MulticastLab.LabRunner.Captures;

/// <summary>Tells frames that a switch has passed on from those that came first: the same bytes on another LAN shortly before.</summary>
internal sealed class CopyFinder
{
    // The timestamps of a file may stand still, or go back.
    private const int Most = 500;

    // A bridge needs microseconds. No protocol here sends the same frame again within so short a time.
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(5);

    private readonly Queue<CapturedPacket> recent = [];

    /// <summary>Whether it is a copy. To be called for every packet, in the order of the capture.</summary>
    public bool IsCopy(CapturedPacket packet)
    {
        if (!packet.HasTimestamp)
            return false;
        while (recent.TryPeek(out var oldest) && (recent.Count >= Most || Durations.Between(oldest.At, packet.At) > Shortly))
            recent.Dequeue();
        var copy = recent.Any(other =>
            other.InterfaceId != packet.InterfaceId && IsShortlyBefore(other, packet) && other.Data.Span.SequenceEqual(packet.Data.Span));
        if (!copy)
            recent.Enqueue(packet);
        return copy;
    }

    private static bool IsShortlyBefore(CapturedPacket one, CapturedPacket other) =>
        Durations.Between(one.At, other.At).Duration() <= Shortly;
}
