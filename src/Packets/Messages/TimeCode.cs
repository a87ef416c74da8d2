using System.Numerics;

namespace MulticastLab.Packets;

/// <summary>
/// The number format of the times in queries: below half of the range the number itself, from there on a floating-point value. IGMPv3 has
/// it in 8 bits for Max Resp Code (RFC 9776 §4.1.1, tenths of a second) and QQIC (§4.1.7, seconds); MLDv2 has the same QQIC, and 16 bits
/// for the Maximum Response Code (RFC 9777 §5.1.3, milliseconds).
/// </summary>
/// <remarks>
/// <code>
///  0 1 2 3 4 5 6 7                0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
/// +-+-----+-------+              +-+-----+-----------------------+
/// |1| exp | mant  |              |1| exp |          mant         |
/// +-+-----+-------+              +-+-----+-----------------------+
/// value = (mant | 0x10) &lt;&lt; (exp + 3)      value = (mant | 0x1000) &lt;&lt; (exp + 3)
/// </code>
/// </remarks>
public sealed class TimeCode
{
    private readonly int mantissaBits;

    private TimeCode(int bits)
    {
        mantissaBits = bits - 4;
        MaxCode = (1 << bits) - 1;
        MaxValue = Decode(MaxCode);
    }

    /// <summary>Max Resp Code of IGMPv3, and QQIC.</summary>
    public static TimeCode EightBits { get; } = new(8);

    /// <summary>Maximum Response Code of MLDv2.</summary>
    public static TimeCode SixteenBits { get; } = new(16);

    /// <summary>The largest code: 255 or 65535.</summary>
    public int MaxCode { get; }

    /// <summary>The largest number that a code can hold: 31744 (3174.4 s as Max Resp Code) or 8387584 (8387.584 s).</summary>
    public int MaxValue { get; }

    // The first code of the floating-point values, which still equals its value.
    private int FirstFloat => 1 << (mantissaBits + 3);

    /// <summary>The number that a code stands for.</summary>
    /// <param name="code">0 to <see cref="MaxCode"/>.</param>
    public int Decode(int code)
    {
        if (code < FirstFloat)
            return code;
        var implicitBit = 1 << mantissaBits;
        return ((code & (implicitBit - 1)) | implicitBit) << (((code >> mantissaBits) & 7) + 3);
    }

    /// <summary>
    /// The code of a number, or of the next lower one that a code can hold (RFC 9776 §8.8); clamped to the range.
    /// </summary>
    public int Encode(int value)
    {
        if (value < FirstFloat)
            return Math.Max(value, 0);
        if (value >= MaxValue)
            return MaxCode;
        var highestBit = BitOperations.Log2((uint)value);
        return FirstFloat
            | ((highestBit - mantissaBits - 3) << mantissaBits)
            | ((value >> (highestBit - mantissaBits)) & ((1 << mantissaBits) - 1));
    }

    /// <summary>The time that a code stands for.</summary>
    /// <param name="code">The code.</param>
    /// <param name="unit">Its unit: 1 ms, 0.1 s or 1 s.</param>
    public TimeSpan Decode(int code, TimeSpan unit) => new(Decode(code) * unit.Ticks);

    /// <summary>The code of a time, rounded down.</summary>
    /// <param name="time">The time; not beyond the range of the format.</param>
    /// <param name="unit">The code's unit: 1 ms, 0.1 s or 1 s.</param>
    public int Encode(TimeSpan time, TimeSpan unit) => Encode((int)Math.Clamp(time.Ticks / unit.Ticks, 0, MaxValue));
}
