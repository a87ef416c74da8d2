using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>IGMP in IPv4.</summary>
internal sealed class IgmpGrammar(Random random) : Grammar(random, Addresses.Igmp)
{
    protected override void Header()
    {
        var options = Random.Next(20) switch { < 17 => 4, 17 => 0, 18 => 8, _ => 40 };
        Byte((byte)(0x45 + (options / 4)));
        Byte(0xC0);
        Short(0); // the total length, when it is known
        Long(0x0000_4000);
        Byte(Random.Next(10) == 0 ? Random.Next(256) : 1);
        Byte(Random.Next(60) == 0 ? Random.Next(256) : 2);
        Short(0);
        Write(Any(Addresses.Senders));
        Write(Any(Addresses.Destinations));
        for (var left = options; left > 0; left -= 4)
            Long(left == options && Random.Next(20) > 0 ? 0x9404_0000u : Random.Next(3) == 0 ? (uint)Random.NextInt64() : 0x0101_0101u);
    }

    // RFC 9776 §4.2.
    protected override void ReportHead(int records)
    {
        Byte(0x22);
        Byte(Rarely(0));
        Short(0);
        Short(Random.Next(10) == 0 ? Random.Next(65536) : 0);
        Short(Count(records));
    }

    // RFC 9776 §4.1.
    protected override void Query()
    {
        var group = Random.Next(5) < 2 ? Address.AnyV4 : Any(Addresses.Groups);
        var sources =
            group.IsUnspecified && Random.Next(10) > 0
                ? 0
                : Random.Next(20) switch
                {
                    < 10 => 0,
                    < 19 => Random.Next(1, 6),
                    _ => Random.Next(300),
                };
        Byte(0x11);
        Byte(Random.Next(3) == 0 ? Random.Next(256) : 10);
        Short(0);
        Write(group);
        Byte(Random.Next(3) == 0 ? Random.Next(256) : 2);
        Byte(Random.Next(3) == 0 ? Random.Next(256) : 125);
        Short(Count(sources));
        Sources(sources);
    }

    // RFC 2236 §2, RFC 1112 Appendix I, and what is no IGMP message of any version.
    protected override void Older()
    {
        Byte(Random.Next(10) switch { < 2 => 0x11, < 5 => 0x16, < 7 => 0x12, < 9 => 0x17, _ => Random.Next(256) });
        Byte(Random.Next(2) == 0 ? Random.Next(256) : 0);
        Short(0);
        Write(Any(Addresses.Groups));
    }

    protected override void Seal(int header)
    {
        if (Length < 20)
            return;
        var total = Random.Next(60) == 0 ? Random.Next(65536) : Length;
        BinaryPrimitives.WriteUInt16BigEndian(Written[2..], (ushort)total);
        if (Length >= header + 4 && Random.Next(50) > 0)
        {
            var message = Written[header..];
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message));
        }

        var headerLength = (Written[0] & 0xF) * 4;
        if (headerLength < 20 || headerLength > Length || Random.Next(50) == 0)
            return;
        BinaryPrimitives.WriteUInt16BigEndian(Written[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(Written[10..], InternetChecksum.Compute(Written[..headerLength]));
    }

    protected override Address AnyAddress() => Address.FromV4((uint)Random.NextInt64());

    protected override Address OneOf(int many) => Address.FromV4(0xC633_0000u + (uint)Random.Next(many));
}
