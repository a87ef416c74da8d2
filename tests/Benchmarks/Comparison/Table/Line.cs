namespace MulticastLab.Benchmarks.Comparison.Table;

/// <summary>A line of the table.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Unit">The unit of the figures.</param>
/// <param name="Aim">What the first peer's figure is held against.</param>
internal sealed record Line(string What, string Unit, Aim Aim)
{
    /// <summary>A line that stands for itself.</summary>
    public Line(string what, string unit)
        : this(what, unit, Aim.None)
    {
    }

    /// <inheritdoc/>
    public bool Equals(Line? other) => other is not null && What == other.What && Unit == other.Unit;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(What, Unit);
}
