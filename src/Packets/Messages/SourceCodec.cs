using System.Buffers.Binary;

namespace MulticastLab.Packets;

/// <summary>A counted list of source addresses on the wire, of queries and of records.</summary>
internal static class SourceCodec
{
    /// <summary>Writes the count and the sources.</summary>
    /// <returns>What comes after the sources.</returns>
    public static Span<byte> Write(Span<byte> countAt, Span<byte> sourcesAt, IReadOnlyList<Address> sources, int addressLength)
    {
        if (sources.Count > ushort.MaxValue)
            throw new ArgumentException($"There is room for 65535 sources at most, not {sources.Count}.", nameof(sources));
        BinaryPrimitives.WriteUInt16BigEndian(countAt, (ushort)sources.Count);
        for (var i = 0; i < sources.Count; i++)
        {
            sources[i].Write(sourcesAt, addressLength);
            sourcesAt = sourcesAt[addressLength..];
        }

        return sourcesAt;
    }
}
