using System.Buffers.Binary;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>The records of a report of version 3, to be changed one by one.</summary>
internal static class RecordEdit
{
    /// <summary>A record's bytes: type, auxiliary data length, number of sources, group, sources.</summary>
    public static byte TypeOf(byte[] record) => record[0];

    /// <summary>
    /// The report with each record replaced by what becomes of it: null for nothing. One that is malformed stays as it is.
    /// </summary>
    public static IgmpFrame Records(this IgmpFrame frame, Func<byte[], byte[]?> change)
    {
        if (!frame.IsReport)
            return frame;
        var records = new List<byte[]>();
        var (at, count) = (8, BinaryPrimitives.ReadUInt16BigEndian(frame.Body.AsSpan(6)));
        for (var i = 0; i < count; i++)
        {
            if (at + 8 > frame.Body.Length)
                return frame;
            var length = 8 + (4 * BinaryPrimitives.ReadUInt16BigEndian(frame.Body.AsSpan(at + 2))) + (4 * frame.Body[at + 1]);
            if (at + length > frame.Body.Length)
                return frame;
            if (change(frame.Body[at..(at + length)]) is { } kept)
                records.Add(kept);
            at += length;
        }

        var rest = frame.Body[at..];
        frame.Body = [.. frame.Body[..8], .. records.SelectMany(each => each), .. rest];
        BinaryPrimitives.WriteUInt16BigEndian(frame.Body.AsSpan(6), (ushort)records.Count);
        return frame;
    }

    /// <summary>The record of another type.</summary>
    public static byte[] As(this byte[] record, byte type)
    {
        record[0] = type;
        return record;
    }

    /// <summary>The record without its sources.</summary>
    public static byte[] WithoutSources(this byte[] record)
    {
        var bare = record[..8];
        bare[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(bare.AsSpan(2), 0);
        return bare;
    }

    /// <summary>The record with 192.0.2.N as one more source.</summary>
    public static byte[] WithSource(this byte[] record, byte n)
    {
        byte[] more = [.. record[..8], 192, 0, 2, n, .. record[8..]];
        more[3]++;
        return more;
    }

    /// <summary>The record without its first source; null when it has no other.</summary>
    public static byte[]? WithoutFirstSource(this byte[] record)
    {
        if (record[3] == 0)
            return record;
        byte[] less = [.. record[..8], .. record[12..]];
        less[3]--;
        return less[3] == 0 ? null : less;
    }
}
