using MulticastLab.Packets;

namespace MulticastLab.Router.Metrics;

/// <summary>One sample: the values of the metric's labels, and the figure.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Labels">The labels' values, in the order of their names.</param>
internal readonly record struct Sample(double Value, params string[] Labels);

/// <summary>A metric: a row of the table in docs/operation.md.</summary>
/// <param name="Name">The name, with its unit and <c>_total</c> for what only grows.</param>
/// <param name="Type">counter, gauge or histogram.</param>
/// <param name="Labels">The labels' names.</param>
/// <param name="Help">What it is, one line.</param>
internal abstract record Metric(string Name, string Type, string[] Labels, string Help);

/// <summary>A metric with one figure per set of labels.</summary>
internal sealed record PlainMetric(string Name, string Type, string[] Labels, string Help, Func<RouterFigures, IEnumerable<Sample>> Read)
    : Metric(Name, Type, Labels, Help);

/// <summary>A histogram of seconds for every interface.</summary>
internal sealed record HistogramMetric(string Name, string Help, Func<InterfaceFigures, HistogramFigures> Read)
    : Metric(Name, "histogram", ["interface"], Help);

/// <summary>All metrics, in the order in which they are told. Those named <c>process_…</c> are the ones that every Prometheus client has.</summary>
internal static class MetricCatalog
{
    private const string Prefix = "multicast_lab_";

    private static readonly string Version = typeof(MetricCatalog).Assembly.GetName().Version!.ToString(3);

    /// <summary>The metrics.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new PlainMetric(Prefix + "build_info", "gauge", ["version"], "Always 1; the label tells the version.", _ => [new Sample(1, Version)]),
        PerInterface("interface_up", "gauge", "Whether the interface is served: up, with carrier and IPv4 address.", it => it.Up ? 1 : 0),
        PerInterface("querier", "gauge", "Whether this router is the querier of the LAN (RFC 9776 section 6.6.2).", it => it.IsQuerier ? 1 : 0),
        PerInterface("groups", "gauge", "Groups with members.", it => it.Groups),
        PerInterface("sources", "gauge", "Source records of all groups.", it => it.Sources),
        PerInterface("timers", "gauge", "Timers that run, of groups, sources, queries and the election.", it => it.Timers),
        PerCause("igmp_received_total", "type", "Messages taken, by type.", it => it.Received, "total"),
        PerCause("igmp_sent_total", "type", "Queries sent, by type.", it => it.Sent, "total", "query"),
        PerCause("igmp_errors_total", "cause", "Messages and records refused or not acted upon, and queries not sent, by cause.",
            it => it.Errors, "total", "receive-buffer-full", "forwarding-wrong-interface"),
        PerInterface("kernel_dropped_packets_total", "counter", "Packets lost because the socket's receive buffer was full.", it => it.KernelDropped),
        new HistogramMetric(Prefix + "query_latency_seconds", "From when a query was due to when it was sent.", it => it.QueryLatency),
        new HistogramMetric(Prefix + "report_latency_seconds", "From the kernel's receive stamp of a report to the end of its handling.", it => it.ReportLatency),
        Single("forwarding_wrong_interface_total", "counter", "Data packets on another interface than their forwarding entry's.", it => it.WrongInterface),
        Single("control_clients", "gauge", "Clients of the control socket now, listeners of events included.", it => it.Control.Clients),
        Single("control_refused_total", "counter", "Clients that were refused: too many, or another user.", it => it.Control.Refused),
        Single("control_cut_off_total", "counter", "Clients that were cut off because they did not read.", it => it.Control.CutOff),
        new PlainMetric(Prefix + "log_lines_total", "counter", ["level"], "Log lines, by level.",
            it => it.Log.Written.Select(each => new Sample(each.Count, each.Level))),
        Single("log_lines_suppressed_total", "counter", "Log lines left out because their cause said too much.", it => it.Log.Suppressed),
        Single("log_lines_lost_total", "counter", "Log lines that could not be written.", it => it.Log.Lost),
        new PlainMetric(Prefix + "gc_collections_total", "counter", ["generation"], "Garbage collections, by generation.",
            _ => Enumerable.Range(0, GC.MaxGeneration + 1).Select(each => new Sample(GC.CollectionCount(each), $"{each}"))),
        Single("gc_pause_seconds_total", "counter", "Time for which all threads stood still for the garbage collector.", _ => GC.GetTotalPauseDuration().TotalSeconds),
        new PlainMetric("process_start_time_seconds", "gauge", [], "When the process was started, in seconds since the Unix epoch.",
            it => [new Sample((it.Started - Instant.Epoch).TotalSeconds)]),
        new PlainMetric("process_cpu_seconds_total", "counter", [], "Processor time, user and system.", _ => [new Sample(Environment.CpuUsage.TotalTime.TotalSeconds)]),
        new PlainMetric("process_resident_memory_bytes", "gauge", [], "Resident memory.", _ => [new Sample(Environment.WorkingSet)]),
        new PlainMetric("process_open_fds", "gauge", [], "Open file descriptors.", _ => [new Sample(Directory.GetFileSystemEntries("/proc/self/fd").Length)]),
    ];

    private static PlainMetric Single(string name, string type, string help, Func<RouterFigures, double> read) =>
        new(Prefix + name, type, [], help, figures => [new Sample(read(figures))]);

    private static PlainMetric PerInterface(string name, string type, string help, Func<InterfaceFigures, double> read) =>
        new(Prefix + name, type, ["interface"], help, figures => figures.Interfaces.Select(each => new Sample(read(each), each.Name)));

    private static PlainMetric PerCause(
        string name, string label, string help, Func<InterfaceFigures, IReadOnlyDictionary<string, long>> read, params string[] sums) =>
        new(Prefix + name, "counter", ["interface", label], help, figures => figures.Interfaces.SelectMany(
            port => read(port).Where(each => !sums.Contains(each.Key)).Select(each => new Sample(each.Value, port.Name, each.Key))));
}
