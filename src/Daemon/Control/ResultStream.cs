namespace MulticastLab.Daemon.Control;

/// <summary>The result of an answer, as it comes: the rest of a line without the brace that closes the answer.</summary>
/// <param name="lines">Where it comes from.</param>
internal sealed class ResultStream(LineReader lines) : Stream
{
    // The brace is the line's last byte, so one byte is always held back.
    private readonly byte[] ahead = new byte[1];
    private bool isAhead;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || (!isAhead && !await LookAhead(cancellationToken).ConfigureAwait(false)))
            return 0;
        var first = ahead[0];
        var more = await lines.Read(buffer.Length > 1 ? buffer[1..] : ahead, cancellationToken).ConfigureAwait(false);
        if (more == 0)
        {
            isAhead = false;
            return 0;
        }

        buffer.Span[0] = first;
        if (buffer.Length > 1)
            ahead[0] = buffer.Span[more];
        return Math.Min(more, buffer.Length);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<bool> LookAhead(CancellationToken cancellation) =>
        isAhead = await lines.Read(ahead, cancellation).ConfigureAwait(false) > 0;
}
