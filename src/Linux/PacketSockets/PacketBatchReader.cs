namespace MulticastLab.Linux.PacketSockets;

/// <summary>Reads a packet socket batch by batch, with one system call each (recvmmsg).</summary>
/// <param name="socket">The socket.</param>
/// <param name="packetLength">How many bytes of each packet are kept.</param>
internal sealed class PacketBatchReader(PacketSocket socket, int packetLength) : IPacketReader, IDisposable
{
    private readonly PacketBatch batch = new(packetLength: packetLength);
    private bool emptied;

    /// <summary>How many bytes of each packet are kept.</summary>
    public int PacketLength => batch.PacketLength;

    /// <inheritdoc/>
    public int Capacity => batch.Capacity;

    /// <inheritdoc/>
    public ReceivedPacket this[int index] => batch[index];

    /// <inheritdoc/>
    public int Receive()
    {
        // A batch that was not filled has left nothing behind: no need to ask again.
        if (emptied)
        {
            emptied = false;
            return 0;
        }

        var count = socket.Receive(batch);
        emptied = count > 0 && count < Capacity;
        return count;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => batch.Dispose();
}
