namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>Shares of a set of figures.</summary>
internal static class Percentile
{
    /// <summary>The smallest figure that is not below <paramref name="share"/> of them.</summary>
    public static double Of(List<double> figures, double share)
    {
        var sorted = figures.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
