using System.Numerics;

namespace MulticastLab.Packets.Igmp;

/// <summary>
/// The 8-bit number format of Max Resp Code (RFC 9776 §4.1.1, tenths of a second) and QQIC (§4.1.7, seconds): below 128 the number
/// itself, from 128 on a floating point value.
/// </summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-----+-------+
/// |1| exp | mant  |   value = (mant | 0x10) &lt;&lt; (exp + 3)
/// +-+-----+-------+
/// </code>
/// </remarks>
public static class TimeCode
{
    /// <summary>The greatest number that a code can hold: 3174.4 s as Max Resp Code, 31744 s as QQIC.</summary>
    public const int MaxValue = 31744;

    /// <summary>The number behind a code.</summary>
    public static int Decode(byte code) => code < 128 ? code : ((code & 0xF) | 0x10) << (((code >> 4) & 7) + 3);

    /// <summary>The code of a number, or of the next lower one that a code can hold (RFC 9776 §8.8); the ends of the range beyond it.</summary>
    public static byte Encode(int value)
    {
        if (value < 128)
            return (byte)Math.Max(value, 0);
        if (value >= MaxValue)
            return 0xFF;
        var highestBit = BitOperations.Log2((uint)value);
        return (byte)(0x80 | ((highestBit - 7) << 4) | ((value >> (highestBit - 4)) & 0xF));
    }

    /// <summary>The time behind a code.</summary>
    /// <param name="code">The code.</param>
    /// <param name="unit">Its unit: 0.1 s or 1 s.</param>
    public static TimeSpan Decode(byte code, TimeSpan unit) => new(Decode(code) * unit.Ticks);

    /// <summary>The code of a time, rounded down.</summary>
    /// <param name="time">The time; not beyond the range of the format.</param>
    /// <param name="unit">The code's unit: 0.1 s or 1 s.</param>
    public static byte Encode(TimeSpan time, TimeSpan unit) => Encode((int)Math.Clamp(time.Ticks / unit.Ticks, 0, MaxValue));
}
