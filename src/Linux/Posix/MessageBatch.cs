using System.Runtime.InteropServices;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Posix;

/// <summary>
/// Room outside the managed heap for several messages to be received with one system call (recvmmsg), with sender and control data of each.
/// </summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    private const int ControlLength = 64; // a timestamp takes 32 bytes, a drop counter 24

    private readonly int nameLength;
    private readonly byte* messages;
    private readonly byte* controls;
    private readonly byte* names;
    private readonly IoVector* vectors;
    private readonly MultiMessageHeader* headers;
    private int count;
    private bool disposed;

    public MessageBatch(int capacity, int messageLength, int nameLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1024);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(messageLength);
        this.nameLength = nameLength;
        Capacity = capacity;
        MessageLength = messageLength;
        messages = (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)messageLength);
        controls = (byte*)NativeMemory.AllocZeroed((nuint)capacity, ControlLength);
        names = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)nameLength);
        vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(IoVector));
        headers = (MultiMessageHeader*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(MultiMessageHeader));
        for (var i = 0; i < capacity; i++)
        {
            vectors[i] = new IoVector { Base = messages + (i * (long)messageLength), Length = (nuint)messageLength };
            headers[i].Header = new MessageHeader
            {
                Name = names + (i * nameLength),
                Vectors = vectors + i,
                VectorCount = 1,
                Control = controls + (i * ControlLength),
            };
        }
    }

    ~MessageBatch() => Free();

    public int Capacity { get; }

    public int MessageLength { get; }

    public int Count => count;

    /// <summary>Takes the messages that are there, without waiting.</summary>
    /// <returns>How many there were; 0 when there was none.</returns>
    public int Receive(FileDescriptor socket)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        for (var i = 0; i < Capacity; i++)
        {
            // The kernel writes back how much it has used.
            headers[i].Header.NameLength = (uint)nameLength;
            headers[i].Header.ControlLength = ControlLength;
        }

        count = 0;
        while (true)
        {
            var result = Libc.ReceiveMany(socket, headers, (uint)Capacity, SocketConstants.DontWait | SocketConstants.Truncated, null);
            if (result >= 0)
                return count = result;
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.Interrupted:
                    continue;
                case Errno.TryAgain:
                    return 0;
                default:
                    throw LinuxException.Last("recvmmsg");
            }
        }
    }

    /// <summary>The message's bytes, as many as fitted.</summary>
    public ReadOnlySpan<byte> Bytes(int index) =>
        new(messages + (Checked(index) * (long)MessageLength), Math.Min(OriginalLength(index), MessageLength));

    /// <summary>The message's own length: MSG_TRUNC is asked for.</summary>
    public int OriginalLength(int index) => (int)headers[Checked(index)].Length;

    /// <summary>The sender's address structure.</summary>
    public ref readonly T Name<T>(int index)
        where T : unmanaged => ref *(T*)(names + (Checked(index) * nameLength));

    /// <summary>The kernel's receive timestamp (SO_TIMESTAMPNS).</summary>
    public Instant Stamp(int index)
    {
        var time = (TimeSpecification*)Control(index, SocketConstants.TimestampNanoseconds);
        return time is not null
            ? new Instant((time->Seconds * 1_000_000_000) + time->Nanoseconds)
            : throw new InvalidOperationException("The kernel has given a message no time stamp (SO_TIMESTAMPNS).");
    }

    /// <summary>
    /// How many messages the socket has dropped for lack of buffer space (SO_RXQ_OVFL), modulo 2^32; null when the kernel says nothing:
    /// none yet.
    /// </summary>
    public uint? Dropped(int index)
    {
        var dropped = (uint*)Control(index, SocketConstants.ReceiveQueueOverflow);
        return dropped is null ? null : *dropped;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void* Control(int index, int type)
    {
        ref var header = ref headers[Checked(index)].Header;
        var control = (byte*)header.Control;
        var at = 0;
        while (at + sizeof(ControlHeader) <= (int)header.ControlLength)
        {
            var found = (ControlHeader*)(control + at);
            if (found->Level == SocketConstants.LevelSocket && found->Type == type)
                return found + 1;
            at += Math.Max(((int)found->Length + 7) & ~7, sizeof(ControlHeader));
        }

        return null;
    }

    private int Checked(int index)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
        return index;
    }

    private void Free()
    {
        if (disposed)
            return;
        disposed = true;
        NativeMemory.Free(messages);
        NativeMemory.Free(controls);
        NativeMemory.Free(names);
        NativeMemory.Free(vectors);
        NativeMemory.Free(headers);
    }
}
