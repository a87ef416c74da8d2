namespace MulticastLab.Daemon.Control;

/// <summary>Reads lines of UTF-8 from a stream: whole, or as they come.</summary>
/// <param name="stream">The stream; it stays its owner's.</param>
internal sealed class LineReader(Stream stream)
{
    private const byte LineEnd = (byte)'\n';

    private byte[] buffer = new byte[4096];
    private int start;
    private int end;

    /// <summary>Reads until that many bytes of the line are there, or the line has ended.</summary>
    /// <returns>What is there of the line, without its end; valid until the next call.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> Peek(int length, CancellationToken cancellation)
    {
        while (true)
        {
            var there = buffer.AsMemory(start, end - start);
            var lineEnd = there.Span.IndexOf(LineEnd);
            if (lineEnd >= 0)
                return there[..lineEnd];
            if (there.Length >= length || !await Fill(cancellation).ConfigureAwait(false))
                return there;
        }
    }

    /// <summary>Consumes that many of the bytes that <see cref="Peek"/> has shown.</summary>
    public void Skip(int length) => start += length;

    /// <summary>Reads a whole line.</summary>
    /// <returns>The line without its end, valid until the next call; null when the stream has ended.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> Read(CancellationToken cancellation)
    {
        var looked = 0;
        while (true)
        {
            var lineEnd = buffer.AsSpan(start + looked, end - start - looked).IndexOf(LineEnd);
            if (lineEnd >= 0)
            {
                var line = buffer.AsMemory(start, looked + lineEnd);
                start += line.Length + 1;
                return line;
            }

            looked = end - start;
            if (await Fill(cancellation).ConfigureAwait(false))
                continue;
            if (looked == 0)
                return null;
            var last = buffer.AsMemory(start, looked);
            start = end;
            return last;
        }
    }

    /// <summary>Reads some of the rest of the line.</summary>
    /// <returns>How much was read; zero where the line has ended. Reading a whole line then takes its end.</returns>
    public async ValueTask<int> Read(Memory<byte> destination, CancellationToken cancellation)
    {
        if (destination.Length == 0 || (start == end && !await Fill(cancellation).ConfigureAwait(false)))
            return 0;
        var there = buffer.AsMemory(start, end - start);
        var lineEnd = there.Span.IndexOf(LineEnd);
        var length = Math.Min(lineEnd >= 0 ? lineEnd : there.Length, destination.Length);
        there[..length].CopyTo(destination);
        start += length;
        return length;
    }

    private async ValueTask<bool> Fill(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        if (end == buffer.Length)
            Array.Resize(ref buffer, 2 * buffer.Length);
        try
        {
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            end += read;
            return read > 0;
        }
        catch (IOException)
        {
            // The other side has gone away in the middle of it: for a reader the same as an orderly end.
            return false;
        }
    }
}
