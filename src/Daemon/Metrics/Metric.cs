namespace MulticastLab.Daemon.Metrics;

/// <summary>One sample: the values of the metric's labels, and the figure.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Labels">The labels' values, in the order of their names.</param>
public readonly record struct Sample(double Value, params string[] Labels);

/// <summary>A metric: a row of the table in docs/operation.md.</summary>
/// <typeparam name="TFigures">What it is read from: figures that no longer change.</typeparam>
/// <param name="Name">The name, with its unit and <c>_total</c> for what only grows.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">The labels' names.</param>
/// <param name="Help">What it is, one line.</param>
public abstract record Metric<TFigures>(string Name, string Type, IReadOnlyList<string> Labels, string Help);

/// <summary>A metric with one figure per set of labels.</summary>
/// <param name="Name">The name, with its unit and <c>_total</c> for what only grows.</param>
/// <param name="Type">counter or gauge.</param>
/// <param name="Labels">The labels' names.</param>
/// <param name="Help">What it is, one line.</param>
/// <param name="Read">Reads the samples.</param>
public sealed record PlainMetric<TFigures>(
    string Name, string Type, IReadOnlyList<string> Labels, string Help, Func<TFigures, IEnumerable<Sample>> Read)
    : Metric<TFigures>(Name, Type, Labels, Help);

/// <summary>A histogram of seconds for each value of a label.</summary>
/// <param name="Name">The name.</param>
/// <param name="Label">The label's name.</param>
/// <param name="Help">What it is, one line.</param>
/// <param name="Read">Reads the label's values and the histogram of each.</param>
public sealed record HistogramMetric<TFigures>(
    string Name, string Label, string Help, Func<TFigures, IEnumerable<(string Value, HistogramFigures Figures)>> Read)
    : Metric<TFigures>(Name, "histogram", [Label], Help);
