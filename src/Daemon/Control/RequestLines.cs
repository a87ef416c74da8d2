using MulticastLab.Daemon.Connections;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>What a client has sent: bytes in, request lines out.</summary>
internal sealed class RequestLines
{
    /// <summary>The longest request line: a host's join with some ten thousand sources.</summary>
    public const int Longest = 1 << 20;

    private byte[] bytes = new byte[4096];
    private int length;

    /// <summary>Whether nothing is left of what came.</summary>
    public bool IsEmpty => length == 0;

    /// <summary>Whether more is buffered than a request may have.</summary>
    public bool IsTooLong => length > Longest;

    /// <summary>Takes what has come on the client's socket.</summary>
    public StreamReception ReceiveFrom(FileDescriptor socket)
    {
        if (length == bytes.Length)
            Array.Resize(ref bytes, bytes.Length * 2);
        var found = socket.Receive(bytes.AsSpan(length), out var count);
        length += count;
        return found;
    }

    /// <summary>The next whole line, without its end; null when there is none yet.</summary>
    public byte[]? Take()
    {
        var end = bytes.AsSpan(0, length).IndexOf((byte)'\n');
        if (end < 0)
            return null;
        var line = bytes.AsSpan(0, end).ToArray();
        bytes.AsSpan(end + 1, length - end - 1).CopyTo(bytes);
        length -= end + 1;
        return line;
    }
}
