using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>What a router has sent on an interface and has yet to hear itself, in order.</summary>
internal sealed class OwnPackets
{
    private readonly Queue<byte[]> packets = new();

    /// <summary>How many there are.</summary>
    public int Count => packets.Count;

    /// <summary>When the first of them was sent; <see cref="Instant.Never"/> when there is none.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>Adds a copy of a packet that was sent at this time.</summary>
    public void Add(ReadOnlySpan<byte> packet, Instant at)
    {
        if (Count == 0)
            Due = at;
        packets.Enqueue(packet.ToArray());
    }

    /// <summary>Takes the first one.</summary>
    public byte[] Take()
    {
        var packet = packets.Dequeue();
        if (Count == 0)
            Due = Instant.Never;
        return packet;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        packets.Clear();
        Due = Instant.Never;
    }
}
