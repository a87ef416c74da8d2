using System.Buffers.Binary;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// Packets that follow the grammar of a dialect with every choice left to chance, and now and then break one rule of it: a count, a
/// length, a checksum. What is random all over is rejected at once; this gets further.
/// </summary>
internal abstract class Grammar(Random random, Addresses addresses)
{
    private readonly byte[] buffer = new byte[8192];

    /// <summary>An IP packet from its header on.</summary>
    public byte[] Packet()
    {
        Length = 0;
        Header();
        var header = Length;
        Message();
        if (Random.Next(20) == 0)
            Noise(Random.Next(20));
        if (Random.Next(12) == 0)
            Change(Random.Next(1, 4));
        if (Random.Next(40) == 0)
            Length = Math.Max(Length - Random.Next(24), 0);
        Seal(header);
        return buffer[..Length];
    }

    protected Random Random => random;

    protected Addresses Addresses => addresses;

    protected int Length { get; private set; }

    /// <summary>What is written so far.</summary>
    protected Span<byte> Written => buffer.AsSpan(0, Length);

    protected abstract void Header();

    protected abstract void Query();

    /// <summary>What stands before the records of a report of the current version.</summary>
    protected abstract void ReportHead(int records);

    /// <summary>A message of an older version, and what is no message of any.</summary>
    protected abstract void Older();

    /// <summary>Lengths and checksums that are right, mostly.</summary>
    protected abstract void Seal(int header);

    /// <summary>An address that is none of the pool.</summary>
    protected abstract Address AnyAddress();

    /// <summary>One of many sources.</summary>
    protected abstract Address OneOf(int many);

    private void Message()
    {
        switch (Random.Next(100))
        {
            case < 58:
                Report();
                break;
            case < 76:
                Query();
                break;
            default:
                Older();
                break;
        }
    }

    // RFC 9776 §4.2, RFC 9777 §5.2.
    private void Report()
    {
        var records = Random.Next(30) switch { < 20 => 1, < 25 => 2, < 28 => Random.Next(8), 28 => 0, _ => Random.Next(60) };
        ReportHead(records);
        for (; records > 0 && Length < 2000; records--)
            Record();
    }

    private void Record()
    {
        var sources = Random.Next(30) switch { < 12 => 0, < 27 => Random.Next(1, 5), < 29 => Random.Next(13), _ => Random.Next(300) };
        var auxiliary = Random.Next(25) == 0 ? Random.Next(8) : 0;
        Byte(Random.Next(15) == 0 ? Random.Next(256) : Random.Next(1, 7));
        Byte(Random.Next(80) == 0 ? Random.Next(256) : auxiliary);
        Short(Count(sources));
        Write(Any(Addresses.Groups));
        Sources(sources);
        Noise(4 * auxiliary);
    }

    protected void Sources(int count)
    {
        for (; count > 0 && Length < 3900; count--)
            Write(count > 20 ? OneOf(2000) : Any(Addresses.Sources));
    }

    private void Change(int changes)
    {
        for (; changes > 0; changes--)
            buffer[Random.Next(Length)] = (byte)(
                Random.Next(2) == 0 ? Random.Next(256) : buffer[Random.Next(Length)] ^ (1 << Random.Next(8)));
    }

    private void Noise(int count)
    {
        Random.NextBytes(buffer.AsSpan(Length, count));
        Length += count;
    }

    protected Address Any(Address[] pool) => Random.Next(50) == 0 ? AnyAddress() : pool[Random.Next(pool.Length)];

    protected int Count(int honest) => Random.Next(80) == 0 ? Random.Next(65536) : Random.Next(80) == 0 ? honest + 1 : honest;

    protected byte Rarely(byte usual) => (byte)(Random.Next(20) == 0 ? Random.Next(256) : usual);

    protected void Byte(int value) => buffer[Length++] = (byte)value;

    protected void Short(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(Length), (ushort)value);
        Length += 2;
    }

    protected void Long(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(Length), value);
        Length += 4;
    }

    protected void Write(Address address) => Length += address.Write(buffer.AsSpan(Length));
}
