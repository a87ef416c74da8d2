namespace MulticastLab.Daemon.Metrics;

/// <summary>
/// Latencies in fixed buckets of 10 µs to 1 s. Counts without allocation; not safe for use by several threads at once.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>The buckets' upper bounds in nanoseconds, inclusive; what is above all of them has a bucket of its own.</summary>
    public static ReadOnlySpan<long> Bounds =>
    [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000,
    ];

    private readonly long[] counts = new long[Bounds.Length + 1];
    private long sum;

    /// <summary>Counts one.</summary>
    /// <param name="nanoseconds">How long it took; below zero, as when the clock was set, counts as zero.</param>
    public void Observe(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        var bounds = Bounds;
        var bucket = 0;
        while (bucket < bounds.Length && nanoseconds > bounds[bucket])
            bucket++;
        counts[bucket]++;
        sum += nanoseconds;
    }

    /// <summary>The figures so far.</summary>
    public HistogramFigures Figures() => new([.. counts], sum);
}

/// <summary>A snapshot of a histogram.</summary>
/// <param name="Counts">How many fell into each bucket; the last one is that above all bounds.</param>
/// <param name="SumNanoseconds">The sum of all.</param>
public sealed record HistogramFigures(IReadOnlyList<long> Counts, long SumNanoseconds);
