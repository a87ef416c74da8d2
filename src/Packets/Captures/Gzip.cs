using System.Buffers.Binary;
using System.IO.Compression;

namespace MulticastLab.Packets.Captures;

/// <summary>Files that gzip has compressed (RFC 1952).</summary>
internal static class Gzip
{
    /// <summary>The first two bytes of such a file.</summary>
    public const ushort Magic = 0x1F8B;

    /// <summary>What the file holds.</summary>
    /// <param name="start">Its first four bytes, which have been read already.</param>
    /// <param name="rest">What follows them; stays open.</param>
    public static Stream Open(uint start, Stream rest)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, start);
        return new GZipStream(new Resumed(bytes, rest), CompressionMode.Decompress);
    }

    /// <summary>Replays bytes that were already read from a stream, and then what follows.</summary>
    private sealed class Resumed(ReadOnlyMemory<byte> first, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> first = first;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (first.IsEmpty)
                return rest.Read(buffer);
            var count = Math.Min(first.Length, buffer.Length);
            first.Span[..count].CopyTo(buffer);
            first = first[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
