using System.Globalization;
using System.Text;

namespace MulticastLab.Daemon.Metrics;

/// <summary>The figures in Prometheus' text format, version 0.0.4.</summary>
public static class MetricsPage
{
    /// <summary>The media type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes the page.</summary>
    /// <typeparam name="TFigures">What the metrics are read from.</typeparam>
    /// <param name="metrics">The metrics, in the order in which they are listed.</param>
    /// <param name="figures">The figures.</param>
    public static byte[] Write<TFigures>(IEnumerable<Metric<TFigures>> metrics, TFigures figures)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var metric in metrics)
        {
            text.Append("# HELP ")
                .Append(metric.Name)
                .Append(' ')
                .Append(metric.Help.Replace("\\", "\\\\", StringComparison.Ordinal))
                .Append('\n');
            text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(metric.Type).Append('\n');
            switch (metric)
            {
                case PlainMetric<TFigures> plain:
                    foreach (var sample in plain.Read(figures))
                        Append(text, plain.Name, plain.Labels, sample.Labels, sample.Value);
                    break;
                case HistogramMetric<TFigures> histogram:
                    foreach (var (value, counts) in histogram.Read(figures))
                        Append(text, histogram.Name, histogram.Label, value, counts);
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, string name, string label, string value, HistogramFigures figures)
    {
        string[] names = [label, "le"];
        long below = 0;
        for (var i = 0; i < figures.Counts.Count; i++)
        {
            below += figures.Counts[i];
            var bound = i < LatencyHistogram.Bounds.Length ? Number(LatencyHistogram.Bounds[i] / 1e9) : "+Inf";
            Append(text, name + "_bucket", names, [value, bound], below);
        }

        Append(text, name + "_sum", [label], [value], figures.SumNanoseconds / 1e9);
        Append(text, name + "_count", [label], [value], below);
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<string> labels, string[] values, double value)
    {
        text.Append(name);
        for (var i = 0; i < labels.Count; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"").Append(Escape(values[i])).Append('"');
        text.Append(labels.Count > 0 ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
