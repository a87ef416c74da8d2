using System.Buffers.Binary;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// Packets that follow the grammar of IGMP in IPv4 with every choice left to chance, and now and then break one rule of it: a count, a
/// length, a checksum. What is random all over is refused at the door; this gets in.
/// </summary>
internal sealed class Grammar(Random random)
{
    private readonly byte[] buffer = new byte[4096];
    private int length;

    /// <summary>An IPv4 packet from its header on.</summary>
    public byte[] Packet()
    {
        length = 0;
        var options = random.Next(20) switch { < 17 => 4, 17 => 0, 18 => 8, _ => 40 };
        Header(options);
        var header = length;
        Message();
        if (random.Next(20) == 0)
            Noise(random.Next(20));
        if (random.Next(12) == 0)
            Change(random.Next(1, 4));
        if (random.Next(40) == 0)
            length = Math.Max(length - random.Next(24), 0);
        Seal(header);
        return buffer[..length];
    }

    private void Header(int options)
    {
        Byte((byte)(0x45 + (options / 4)));
        Byte(0xC0);
        Short(0); // the total length, when it is known
        Long(0x0000_4000);
        Byte(random.Next(10) == 0 ? random.Next(256) : 1);
        Byte(random.Next(60) == 0 ? random.Next(256) : 2);
        Short(0);
        Long(Any(Addresses.Senders));
        Long(Any(Addresses.Destinations));
        for (var left = options; left > 0; left -= 4)
            Long(left == options && random.Next(20) > 0 ? 0x9404_0000u : random.Next(3) == 0 ? (uint)random.NextInt64() : 0x0101_0101u);
    }

    private void Message()
    {
        switch (random.Next(100))
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

    // RFC 9776 §4.2.
    private void Report()
    {
        var records = random.Next(30) switch { < 20 => 1, < 25 => 2, < 28 => random.Next(8), 28 => 0, _ => random.Next(60) };
        Byte(0x22);
        Byte(Rarely(0));
        Short(0);
        Short(random.Next(10) == 0 ? random.Next(65536) : 0);
        Short(Count(records));
        for (; records > 0 && length < 2000; records--)
            Record();
    }

    private void Record()
    {
        var sources = random.Next(30) switch { < 12 => 0, < 27 => random.Next(1, 5), < 29 => random.Next(13), _ => random.Next(300) };
        var auxiliary = random.Next(25) == 0 ? random.Next(8) : 0;
        Byte(random.Next(15) == 0 ? random.Next(256) : random.Next(1, 7));
        Byte(random.Next(80) == 0 ? random.Next(256) : auxiliary);
        Short(Count(sources));
        Long(Any(Addresses.Groups));
        Sources(sources);
        Noise(4 * auxiliary);
    }

    // RFC 9776 §4.1.
    private void Query()
    {
        var group = random.Next(5) < 2 ? 0 : Any(Addresses.Groups);
        var sources = group == 0 && random.Next(10) > 0 ? 0 : random.Next(20) switch { < 10 => 0, < 19 => random.Next(1, 6), _ => random.Next(300) };
        Byte(0x11);
        Byte(random.Next(3) == 0 ? random.Next(256) : 10);
        Short(0);
        Long(group);
        Byte(random.Next(3) == 0 ? random.Next(256) : 2);
        Byte(random.Next(3) == 0 ? random.Next(256) : 125);
        Short(Count(sources));
        Sources(sources);
    }

    // RFC 2236 §2, RFC 1112 Appendix I, and what is no IGMP message of any version.
    private void Older()
    {
        Byte(random.Next(10) switch { < 2 => 0x11, < 5 => 0x16, < 7 => 0x12, < 9 => 0x17, _ => random.Next(256) });
        Byte(random.Next(2) == 0 ? random.Next(256) : 0);
        Short(0);
        Long(Any(Addresses.Groups));
    }

    private void Sources(int count)
    {
        for (; count > 0 && length < 3900; count--)
            Long(count > 20 ? 0xC633_0000u + (uint)random.Next(2000) : Any(Addresses.Sources));
    }

    // Lengths and checksums that are right, mostly.
    private void Seal(int header)
    {
        if (length < 20)
            return;
        var total = random.Next(60) == 0 ? random.Next(65536) : length;
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), (ushort)total);
        if (length >= header + 4 && random.Next(50) > 0)
        {
            var message = buffer.AsSpan(header, length - header);
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message));
        }

        var headerLength = (buffer[0] & 0xF) * 4;
        if (headerLength < 20 || headerLength > length || random.Next(50) == 0)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(10), 0);
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(10), InternetChecksum.Compute(buffer.AsSpan(0, headerLength)));
    }

    private void Change(int changes)
    {
        for (; changes > 0; changes--)
            buffer[random.Next(length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : buffer[random.Next(length)] ^ (1 << random.Next(8)));
    }

    private void Noise(int count)
    {
        random.NextBytes(buffer.AsSpan(length, count));
        length += count;
    }

    private uint Any(uint[] pool) => random.Next(50) == 0 ? (uint)random.NextInt64() : pool[random.Next(pool.Length)];

    private int Count(int honest) => random.Next(80) == 0 ? random.Next(65536) : random.Next(80) == 0 ? honest + 1 : honest;

    private byte Rarely(byte usual) => (byte)(random.Next(20) == 0 ? random.Next(256) : usual);

    private void Byte(int value) => buffer[length++] = (byte)value;

    private void Short(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(length), (ushort)value);
        length += 2;
    }

    private void Long(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(length), value);
        length += 4;
    }
}
