using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Connections;

/// <summary>
/// What waits to be sent to a client: bytes that are there, then pieces that are made as the client takes what came before.
/// </summary>
/// <param name="socket">The client's socket, non-blocking.</param>
internal sealed class Outgoing(FileDescriptor socket)
{
    private const int SendsPerTurn = 32;

    private readonly Queue<ReadOnlyMemory<byte>> waiting = new();
    private IEnumerator<ReadOnlyMemory<byte>>? pieces;
    private int firstSent;

    /// <summary>How many bytes wait; pieces that are not made yet do not count.</summary>
    public int Length { get; private set; }

    /// <summary>Whether there are pieces to come.</summary>
    public bool HasPieces => pieces is not null;

    /// <summary>Whether nothing is left to send.</summary>
    public bool IsEmpty => Length == 0 && !HasPieces;

    /// <summary>When the client last took something; while it has taken nothing, when there was something to take.</summary>
    public Instant ProgressAt { get; private set; }

    /// <summary>Bytes, which must not change any more.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        Begin();
        Enqueue(bytes);
    }

    /// <summary>Pieces, each asked for when those before it are sent. One stream of pieces at a time, and nothing behind it.</summary>
    public void Add(IEnumerable<ReadOnlyMemory<byte>> made)
    {
        Begin();
        pieces = made.GetEnumerator();
    }

    /// <summary>Hands the kernel what it accepts, within bounds: a client that keeps up must not starve the others.</summary>
    /// <returns>False when the connection is broken, or a piece cannot be made: half of it is gone, and there is nothing left to
    /// say.</returns>
    public unsafe bool Flush()
    {
        for (var turn = 0; turn < SendsPerTurn; turn++)
        {
            if (!TryPeek(out var first))
                return false;
            if (first.IsEmpty)
                return true;
            nint sent;
            fixed (byte* rest = first.Span[firstSent..])
                sent = Libc.Send(socket, rest, (nuint)(first.Length - firstSent), SocketConstants.DontWait | SocketConstants.NoSignal);
            if (sent < 0)
                return Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted;
            ProgressAt = KernelClock.Monotonic;
            Length -= (int)sent;
            firstSent += (int)sent;
            if (firstSent < first.Length)
                continue;
            waiting.Dequeue();
            firstSent = 0;
        }

        return true;
    }

    /// <summary>Stops producing pieces: nobody reads them any more.</summary>
    public void Abandon()
    {
        pieces?.Dispose();
        pieces = null;
    }

    private void Begin()
    {
        if (Length == 0)
            ProgressAt = KernelClock.Monotonic;
    }

    private void Enqueue(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        waiting.Enqueue(bytes);
        Length += bytes.Length;
    }

    /// <summary>What is to be sent next; empty when nothing is left.</summary>
    /// <returns>False when it cannot be made.</returns>
    private bool TryPeek(out ReadOnlyMemory<byte> first)
    {
        try
        {
            while (!waiting.TryPeek(out first) && pieces is not null)
            {
                if (pieces.MoveNext())
                    Enqueue(pieces.Current);
                else
                    Abandon();
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever went wrong in producing it, the daemon must not die of it.
        catch (Exception)
#pragma warning restore CA1031
        {
            first = default;
            return false;
        }
    }
}
