using System.Globalization;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// What random delays show. Every judgement here fails a device that draws them as it should less than once in a million runs.
/// </summary>
internal static class Chance
{
    // Of one comparison; a judgement makes at most four.
    private const double Unlikely = 2e-7;

    /// <summary>How many of so many independent events, each with a probability of at most this, may happen.</summary>
    internal static int MostOf(int count, double probability)
    {
        // The tail of the binomial distribution, from its end.
        var tail = 0.0;
        for (var k = count; k > 0; k--)
        {
            tail += Choose(count, k) * Math.Pow(probability, k) * Math.Pow(1 - probability, count - k);
            if (tail >= Unlikely)
                return k;
        }

        return 0;
    }

    /// <summary>What is wrong with delays that are to be uniform within (0, longest]; null when nothing is.</summary>
    /// <param name="delays">The delays.</param>
    /// <param name="longest">The bound.</param>
    /// <param name="tolerance">How much later than drawn each may have come.</param>
    internal static string? NotUniform(IReadOnlyList<TimeSpan> delays, TimeSpan longest, TimeSpan tolerance)
    {
        var n = delays.Count;
        var (least, most) = (delays.Min(), delays.Max());
        // All n are below x × longest with a probability of x^n.
        var reach = Math.Pow(Unlikely, 1.0 / n);
        if (most < reach * longest)
            return $"none took longer than {most.InWords()}";
        if (least > ((1 - reach) * longest) + tolerance)
            return $"none took less than {least.InWords()}";
        // Their range is below r × longest with a probability of less than n × r^(n-1).
        if (n > 1 && most - least < (Math.Pow(Unlikely / n, 1.0 / (n - 1)) * longest) - tolerance)
            return $"all took from {least.InWords()} to {most.InWords()}";
        // The mean is off by t × longest with a probability of at most 2 × exp(-6 n t²): no distribution on the interval that is uniform
        // has heavier tails than a normal one of the same variance.
        var off = Math.Sqrt(Math.Log(2 / Unlikely) / (6 * n));
        var mean = TimeSpan.FromTicks((long)delays.Average(each => each.Ticks));
        return mean < (0.5 - off) * longest || mean > ((0.5 + off) * longest) + tolerance
            ? $"they took {mean.InWords()} on average"
            : null;
    }

    /// <summary>What is wrong with delays none of which is to be immediate; null when nothing is.</summary>
    /// <param name="delays">The delays.</param>
    /// <param name="longest">The bound that they are drawn up to.</param>
    internal static string? AtOnce(IReadOnlyList<TimeSpan> delays, TimeSpan longest)
    {
        const double soon = 0.05;
        var count = delays.Count(each => each <= soon * longest);
        return count > MostOf(delays.Count, soon)
            ? string.Create(
                CultureInfo.InvariantCulture, $"{count} of {delays.Count} came within {(soon * longest).InWords()}")
            : null;
    }

    private static double Choose(int n, int k)
    {
        var result = 1.0;
        for (var i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }
}
