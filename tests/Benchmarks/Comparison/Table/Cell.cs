using System.Globalization;

namespace MulticastLab.Benchmarks.Comparison.Table;

/// <summary>The figures of one peer in one line, a sample per run, or in words why there is none.</summary>
internal sealed class Cell
{
    private readonly List<double> samples = [];
    private readonly List<string> remarks = [];

    /// <summary>How many samples there are.</summary>
    public int Count => samples.Count;

    /// <summary>Whether something else was said.</summary>
    public bool HasRemarks => remarks.Count > 0;

    /// <summary>The middle one; with an even number the mean of the two in the middle.</summary>
    public double Median => samples.Order().Skip((samples.Count - 1) / 2).Take(2 - (samples.Count % 2)).Average();

    /// <summary>The lowest.</summary>
    public double Minimum => samples.Min();

    /// <summary>The highest.</summary>
    public double Maximum => samples.Max();

    /// <summary>Adds a sample.</summary>
    public void Add(double sample) => samples.Add(sample);

    /// <summary>Adds what else is to be said; the same words stand there once.</summary>
    public void Say(string remark)
    {
        if (!remarks.Contains(remark))
            remarks.Add(remark);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var figures = samples.Count switch
        {
            0 => null,
            _ when Minimum == Maximum => Figure(Median),
            _ => $"{Figure(Median)} ({Figure(Minimum)}–{Figure(Maximum)})",
        };
        return figures is null && remarks.Count == 0 ? "–" : string.Join(", ", new[] { figures }.Concat(remarks).OfType<string>());
    }

    /// <summary>A figure with three significant digits.</summary>
    public static string Figure(double figure) => Math.Abs(figure) switch
    {
        >= 99.95 => figure.ToString("N0", CultureInfo.InvariantCulture),
        >= 9.995 => figure.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.9995 => figure.ToString("0.00", CultureInfo.InvariantCulture),
        _ => figure.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
