using System.Globalization;

namespace MulticastLab.Benchmarks.Comparison.Table;

/// <summary>What a figure is held against.</summary>
/// <param name="Text">The aim in words; empty when there is none.</param>
/// <param name="Met">Tells, by the samples of the first peer and those of the one it is compared with, whether it is met; null when that
/// cannot be told.</param>
internal sealed record Aim(string Text, Func<Cell, Cell?, bool?> Met)
{
    /// <summary>The figure stands for itself.</summary>
    public static readonly Aim None = new("", (_, _) => null);

    /// <summary>At most so many times what the other peer needs, by the medians.</summary>
    public static Aim Times(double factor) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"≤ {factor:0.##}× FRR"),
            (ours, other) => other is { Count: > 0 } ? ours.Median <= factor * other.Median : null);

    /// <summary>At most so much, by the median.</summary>
    public static Aim AtMost(double limit, string unit) => new(
        string.Create(CultureInfo.InvariantCulture, $"≤ {limit:0.##} {unit}"), (ours, _) => ours.Median <= limit);

    /// <summary>Never more than so much.</summary>
    public static Aim NeverAbove(double limit, string unit) => new(
        string.Create(CultureInfo.InvariantCulture, $"never > {limit:0.##} {unit}"), (ours, _) => ours.Maximum <= limit);

    /// <summary>Every sample between two bounds; what the measurement cannot tell apart is allowed below the lower one.</summary>
    public static Aim Between(double from, double to, string unit, double resolution) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{from:+0;-0;0} … {to:+0;-0;0} {unit}"),
            (ours, _) => ours.Minimum >= from - resolution && ours.Maximum <= to);

    /// <summary>Every time all of them.</summary>
    public static Aim AllOf(int count) => new("all", (ours, _) => ours.Minimum == count && ours.Maximum == count);
}
