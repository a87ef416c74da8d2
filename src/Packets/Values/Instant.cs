namespace MulticastLab.Packets;

/// <summary>
/// A point in time in whole nanoseconds since the epoch of the clock it was read from: the Unix epoch for kernel packet timestamps,
/// the start of the run for a virtual clock, boot for a monotonic one. Instants of different clocks must not be compared.
/// </summary>
/// <param name="Nanoseconds">Nanoseconds since the clock's epoch; any sign.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>The clock's epoch.</summary>
    public static readonly Instant Epoch;

    /// <summary>Later than every deadline: "never".</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>The instant <paramref name="duration"/> later; <see cref="OverflowException"/> beyond about 292 years.</summary>
    public static Instant operator +(Instant instant, TimeSpan duration) => new(checked(instant.Nanoseconds + (duration.Ticks * 100)));

    /// <summary>The instant <paramref name="duration"/> earlier.</summary>
    public static Instant operator -(Instant instant, TimeSpan duration) => new(checked(instant.Nanoseconds - (duration.Ticks * 100)));

    /// <summary>
    /// The time from <paramref name="earlier"/> to <paramref name="later"/>, cut to 100 ns; <see cref="OverflowException"/> beyond about
    /// 292 years.
    /// </summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => new(checked(later.Nanoseconds - earlier.Nanoseconds) / 100);

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(Instant left, Instant right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Whether <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The same as <c>+</c>.</summary>
    public static Instant Add(Instant left, TimeSpan right) => left + right;

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static TimeSpan Subtract(Instant left, Instant right) => left - right;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds since the epoch with nine decimals.</summary>
    public override string ToString()
    {
        var (seconds, rest) = Math.DivRem(Nanoseconds, 1_000_000_000);
        return Nanoseconds < 0 ? $"-{-seconds}.{-rest:D9}" : $"{seconds}.{rest:D9}";
    }
}
