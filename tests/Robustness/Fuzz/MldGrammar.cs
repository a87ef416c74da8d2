using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>MLD in IPv6.</summary>
internal sealed class MldGrammar(Random random) : Grammar(random, Addresses.Mld)
{
    private const int Ipv6Length = 40;

    protected override void Header()
    {
        Long(0x6000_0000);
        Short(0); // the payload length, when it is known
        var options = Random.Next(20);
        Byte(options == 0 ? 58 : Random.Next(60) == 0 ? Random.Next(256) : 0);
        Byte(Random.Next(15) == 0 ? Random.Next(256) : 1);
        Write(Any(Addresses.Senders));
        Write(Any(Addresses.Destinations));
        if (options > 0)
            HopByHop(options);
    }

    // RFC 8200 §4.3, RFC 2711 §2.1: Router Alert, mostly, with padding before or after it, or with another value.
    private void HopByHop(int kind)
    {
        var (length, first, second) = kind switch
        {
            1 => (0, 0x0104_0000u, 0x0000u),
            2 => (0, 0x0502_0001u, 0x0100u),
            3 => (1, 0x0502_0000u, 0x0108u),
            4 => (0, 0x0100_0502u, 0x0000u),
            _ => (0, 0x0502_0000u, 0x0100u),
        };
        Byte(Random.Next(60) == 0 ? Random.Next(256) : 58);
        Byte(length);
        Long(first);
        Short((int)second);
        for (; length > 0; length--)
        {
            Long(0);
            Long(0);
        }
    }

    // RFC 9777 §5.2.
    protected override void ReportHead(int records)
    {
        Byte(143);
        Byte(Rarely(0));
        Short(0);
        Short(Random.Next(10) == 0 ? Random.Next(65536) : 0);
        Short(Count(records));
    }

    // RFC 9777 §5.1.
    protected override void Query()
    {
        var group = Random.Next(5) < 2 ? Address.AnyV6 : Any(Addresses.Groups);
        var sources =
            group.IsUnspecified && Random.Next(10) > 0
                ? 0
                : Random.Next(20) switch
                {
                    < 10 => 0,
                    < 19 => Random.Next(1, 6),
                    _ => Random.Next(200),
                };
        Fixed(130, Random.Next(3) == 0 ? Random.Next(65536) : 1000, group);
        Byte(Random.Next(3) == 0 ? Random.Next(256) : 2);
        Byte(Random.Next(3) == 0 ? Random.Next(256) : 125);
        Short(Count(sources));
        Sources(sources);
    }

    // RFC 2710 §3, and what is no MLD message of any version.
    protected override void Older() =>
        Fixed(
            Random.Next(10) switch
            {
                < 2 => 130,
                < 6 => 131,
                < 9 => 132,
                _ => Random.Next(256),
            },
            Random.Next(2) == 0 ? Random.Next(65536) : 0,
            Any(Addresses.Groups));

    private void Fixed(int type, int code, Address group)
    {
        Byte(type);
        Byte(Rarely(0));
        Short(0);
        Short(code);
        Short(Random.Next(10) == 0 ? Random.Next(65536) : 0);
        Write(group);
    }

    protected override void Seal(int header)
    {
        if (Length < Ipv6Length)
            return;
        var payload = Random.Next(60) == 0 ? Random.Next(65536) : Length - Ipv6Length;
        BinaryPrimitives.WriteUInt16BigEndian(Written[4..], (ushort)payload);
        if (Length < header + 4 || Random.Next(50) == 0)
            return;
        var message = Written[header..];
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(Written[8..Ipv6Length], message));
    }

    // RFC 8200 §8.1: both addresses, the length, the next header, the message.
    private static ushort Checksum(ReadOnlySpan<byte> addresses, ReadOnlySpan<byte> message)
    {
        Span<byte> all = stackalloc byte[addresses.Length + 8 + message.Length];
        addresses.CopyTo(all);
        BinaryPrimitives.WriteInt32BigEndian(all[addresses.Length..], message.Length);
        BinaryPrimitives.WriteInt32BigEndian(all[(addresses.Length + 4)..], 58);
        message.CopyTo(all[(addresses.Length + 8)..]);
        return InternetChecksum.Compute(all);
    }

    protected override Address AnyAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return Address.Read(bytes);
    }

    protected override Address OneOf(int many) => Address.Parse($"2001:db8:1::{Random.Next(1, many):x}");
}
