using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// Frames with their Ethernet headers, laid out once outside the managed heap, to be sent many with one system call (sendmmsg) and again
/// and again: see <see cref="PacketSocket.Send(FrameSequence, int, int)"/>.
/// </summary>
public sealed unsafe class FrameSequence : IDisposable
{
    private const int MostPerCall = 1024; // UIO_MAXIOV

    private readonly byte* bytes;
    private readonly IoVector* vectors;
    private readonly MultiMessageHeader* headers;
    private readonly LinkAddress* address;
    private bool disposed;

    /// <summary>Copies the frames.</summary>
    /// <param name="frames">At least one; each from its Ethernet header on.</param>
    public FrameSequence(IReadOnlyList<byte[]> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentOutOfRangeException.ThrowIfZero(frames.Count, nameof(frames));
        Count = frames.Count;
        bytes = (byte*)NativeMemory.Alloc((nuint)frames.Sum(each => (long)each.Length));
        vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)Count, (nuint)sizeof(IoVector));
        headers = (MultiMessageHeader*)NativeMemory.AllocZeroed((nuint)Count, (nuint)sizeof(MultiMessageHeader));
        address = (LinkAddress*)NativeMemory.AllocZeroed((nuint)sizeof(LinkAddress));
        var next = bytes;
        for (var i = 0; i < Count; i++)
        {
            var frame = frames[i];
            frame.CopyTo(new Span<byte>(next, frame.Length));
            vectors[i] = new IoVector { Base = next, Length = (nuint)frame.Length };
            headers[i].Header = new MessageHeader
            {
                Name = address,
                NameLength = (uint)sizeof(LinkAddress),
                Vectors = vectors + i,
                VectorCount = 1,
            };
            next += frame.Length;
        }
    }

    /// <summary>Frees the memory.</summary>
    ~FrameSequence() => Free();

    /// <summary>How many frames there are.</summary>
    public int Count { get; }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends frames in their order.</summary>
    /// <exception cref="LinuxException">The kernel has taken some of them at most.</exception>
    internal void Send(FileDescriptor socket, LinkAddress to, string about, int first, int count)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - first);
        *address = to;
        for (var end = first + count; first < end;)
        {
            var sent = Libc.SendMany(socket, headers + first, (uint)Math.Min(end - first, MostPerCall), 0);
            if (sent >= 0)
                first += sent;
            else if (Marshal.GetLastPInvokeError() is not (Errno.Interrupted or Errno.TryAgain))
                throw LinuxException.Last("sendmmsg", about);
        }
    }

    private void Free()
    {
        if (disposed)
            return;
        disposed = true;
        NativeMemory.Free(bytes);
        NativeMemory.Free(vectors);
        NativeMemory.Free(headers);
        NativeMemory.Free(address);
    }
}
