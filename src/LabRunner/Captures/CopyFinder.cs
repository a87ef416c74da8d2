using MulticastLab.Packets.Captures;

namespace MulticastLab.LabRunner.Captures;

/// <summary>Tells frames that a switch has passed on from those that came first: the same bytes on another LAN shortly before.</summary>
internal sealed class CopyFinder
{
    // A bridge needs microseconds. No protocol here sends the same frame again within so short a time.
    private static readonly TimeSpan Shortly = TimeSpan.FromMilliseconds(5);

    private readonly Queue<CapturedPacket> recent = [];

    /// <summary>Whether it is a copy. To be asked for every packet, in the order of the capture.</summary>
    public bool IsCopy(CapturedPacket packet)
    {
        while (recent.TryPeek(out var oldest) && packet.At - oldest.At > Shortly)
            recent.Dequeue();
        var copy = recent.Any(other => other.InterfaceId != packet.InterfaceId && other.Data.Span.SequenceEqual(packet.Data.Span));
        if (!copy)
            recent.Enqueue(packet);
        return copy;
    }
}
