using System.Globalization;
using System.Text;

namespace MulticastLab.Router.Metrics;

/// <summary>The figures in Prometheus' text format, version 0.0.4.</summary>
internal static class MetricsPage
{
    /// <summary>The media type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes the page.</summary>
    public static byte[] Write(RouterFigures figures)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var metric in MetricCatalog.All)
        {
            text.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Help.Replace("\\", "\\\\", StringComparison.Ordinal)).Append('\n');
            text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(metric.Type).Append('\n');
            switch (metric)
            {
                case PlainMetric plain:
                    foreach (var sample in plain.Read(figures))
                        Append(text, plain.Name, plain.Labels, sample.Labels, sample.Value);
                    break;
                case HistogramMetric histogram:
                    foreach (var port in figures.Interfaces)
                        Append(text, histogram, port.Name, histogram.Read(port));
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, HistogramMetric metric, string port, HistogramFigures figures)
    {
        string[] names = ["interface", "le"];
        long below = 0;
        for (var i = 0; i < figures.Counts.Count; i++)
        {
            below += figures.Counts[i];
            var bound = i < LatencyHistogram.Bounds.Length ? Number(LatencyHistogram.Bounds[i] / 1e9) : "+Inf";
            Append(text, metric.Name + "_bucket", names, [port, bound], below);
        }

        Append(text, metric.Name + "_sum", metric.Labels, [port], figures.SumNanoseconds / 1e9);
        Append(text, metric.Name + "_count", metric.Labels, [port], below);
    }

    private static void Append(StringBuilder text, string name, string[] labels, string[] values, double value)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"").Append(Escape(values[i])).Append('"');
        text.Append(labels.Length > 0 ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
