namespace MulticastLab.Packets.Captures;

/// <summary>
/// A stream read forward with its offset known. Memory grows with the bytes that arrive, not with the lengths that a file claims.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="isCompressed">Whether they are what a compressed file holds.</param>
internal sealed class CaptureStream(Stream stream, bool isCompressed = false)
{
    private const int Step = 64 * 1024;

    private byte[] buffer = new byte[Step];

    /// <summary>How many bytes have been read.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads exactly that many bytes; they are valid until the next call.</summary>
    /// <param name="count">How many; bounded by the caller.</param>
    /// <param name="what">What they are, for the error.</param>
    /// <param name="startedAt">Where the structure they belong to began.</param>
    public ReadOnlySpan<byte> Read(int count, string what, long startedAt)
    {
        if (TryRead(count, what, startedAt, out var bytes))
            return bytes;
        throw Truncated(what, startedAt);
    }

    /// <summary>As <see cref="Read"/>, but false when the file ends exactly here.</summary>
    public bool TryRead(int count, string what, long startedAt, out ReadOnlySpan<byte> bytes)
    {
        var have = 0;
        while (have < count)
        {
            var want = Math.Min(count - have, Step);
            if (buffer.Length < have + want)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, Math.Max(count, Step)));
            var got = ReadSome(have, want);
            if (got == 0 && have == 0)
            {
                bytes = default;
                return false;
            }

            if (got == 0)
                throw Truncated(what, startedAt);
            have += got;
        }

        bytes = buffer.AsSpan(0, count);
        return true;
    }

    /// <summary>Reads on without keeping the bytes.</summary>
    public void Skip(long count, string what, long startedAt)
    {
        while (count > 0)
        {
            var got = ReadSome(0, (int)Math.Min(count, buffer.Length));
            if (got == 0)
                throw Truncated(what, startedAt);
            count -= got;
        }
    }

    /// <summary>A fatal error: what is wrong, and where.</summary>
    public CaptureException Wrong(CaptureError error, long offset, string message, Exception? cause = null) =>
        new(error, offset, At(message, offset), cause);

    /// <summary>What is wrong but not fatal.</summary>
    public CaptureNotice Notice(CaptureError error, long offset, string message) => new(error, offset, At(message, offset));

    private string At(string message, long offset) => $"{message} (at byte {offset}{(isCompressed ? " of the uncompressed file" : "")})";

    private int ReadSome(int at, int count)
    {
        try
        {
            var got = stream.Read(buffer, at, count);
            Offset += got;
            return got;
        }
        catch (InvalidDataException damaged)
        {
            throw Wrong(CaptureError.Compression, Offset, $"The compressed data are damaged or end here: {damaged.Message}", damaged);
        }
    }

    private CaptureException Truncated(string what, long startedAt) =>
        Wrong(CaptureError.Truncated, startedAt, $"The file ends at byte {Offset}, within {what}");
}
