namespace MulticastLab.Packets.Captures;

/// <summary>The timestamps of one interface: <c>if_tsresol</c> and <c>if_tsoffset</c>.</summary>
/// <param name="Resolution">Highest bit clear: a power of 10, 10^-n seconds; set: a power of 2, 2^-n seconds.</param>
/// <param name="OffsetSeconds">To be added, in seconds.</param>
internal readonly record struct PcapngTimestamps(byte Resolution, long OffsetSeconds)
{
    private const int NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Microseconds, the default when the file gives none.</summary>
    public static readonly PcapngTimestamps Default = new(6, 0);

    /// <summary>The instant of a timestamp, cut to nanoseconds; null when it lies beyond <see cref="Instant"/>.</summary>
    public Instant? ToInstant(ulong stamp)
    {
        var exponent = Resolution & 0x7F;
        Int128 nanoseconds;
        if ((Resolution & 0x80) != 0)
            nanoseconds = (Int128)(((UInt128)stamp * NanosecondsPerSecond) >> exponent);
        else if (exponent <= 9)
            nanoseconds = (Int128)stamp * PowerOfTen(9 - exponent);
        else
            nanoseconds = exponent - 9 > 19 ? 0 : stamp / PowerOfTen(exponent - 9);

        nanoseconds += (Int128)OffsetSeconds * NanosecondsPerSecond;
        return nanoseconds >= long.MinValue && nanoseconds <= long.MaxValue ? new Instant((long)nanoseconds) : null;
    }

    private static ulong PowerOfTen(int exponent)
    {
        var power = 1UL;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
