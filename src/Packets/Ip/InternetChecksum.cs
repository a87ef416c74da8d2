using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MulticastLab.Packets.Ip;

/// <summary>The Internet checksum of RFC 1071: the ones' complement of the ones' complement sum of all 16-bit words.</summary>
/// <remarks>
/// The sum does not depend on the width of the words nor on their byte order until it is folded (RFC 1071 §2), so words of 32 bits
/// are added in the machine's own order.
/// </remarks>
public static class InternetChecksum
{
    /// <summary>The checksum of bytes whose checksum field is zero, as the number to write in network byte order.</summary>
    /// <param name="bytes">The bytes; one of an odd length counts as followed by a zero byte (RFC 9776 §4.1.2).</param>
    public static ushort Compute(ReadOnlySpan<byte> bytes) => Finish(Add(0, bytes));

    /// <summary>Whether bytes that contain their checksum are intact.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes) => Compute(bytes) == 0;

    /// <summary>Adds bytes to a sum that was begun with 0. All pieces but the last must be of even length.</summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 128 && Vector256.IsHardwareAccelerated)
            sum = AddVectors(sum, ref bytes);

        foreach (var word in MemoryMarshal.Cast<byte, uint>(bytes))
            sum += word;

        var rest = bytes[(bytes.Length & ~3)..];
        if (rest.Length >= sizeof(ushort))
            sum += MemoryMarshal.Read<ushort>(rest);
        if (rest.Length % 2 != 0)
            sum += BitConverter.IsLittleEndian ? rest[^1] : (uint)rest[^1] << 8;
        return sum;
    }

    /// <summary>The checksum, once everything has been added.</summary>
    public static ushort Finish(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + ((sum >> 16) & 0xFFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        var folded = (ushort)~sum;
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded;
    }

    // Each 64-bit lane takes at most 2^32 additions of 32 bits before it could overflow: no IP packet comes near.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong AddVectors(ulong sum, ref ReadOnlySpan<byte> bytes)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector256<ulong>>(bytes);
        var lowMask = Vector256.Create(0xFFFF_FFFFUL);
        var low = Vector256<ulong>.Zero;
        var high = Vector256<ulong>.Zero;
        foreach (ref readonly var vector in vectors)
        {
            low += vector & lowMask;
            high += vector >>> 32;
        }

        bytes = bytes[(vectors.Length * Vector256<byte>.Count)..];
        return sum + Vector256.Sum(low) + Vector256.Sum(high);
    }
}
