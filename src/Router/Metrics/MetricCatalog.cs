using MulticastLab.Daemon.Metrics;

namespace MulticastLab.Router.Metrics;

/// <summary>All metrics of the router, in the order in which they are listed.</summary>
internal static class MetricCatalog
{
    /// <summary>The metrics.</summary>
    public static IReadOnlyList<Metric<RouterFigures>> All { get; } =
    [
        DaemonMetrics.BuildInfo<RouterFigures>(),
        PerInterface("interface_up", "gauge", "Whether the interface is served: up, with carrier and IPv4 address.", it => it.Up ? 1 : 0),
        PerInterface(
            "querier", "gauge", "Whether this router is the querier of the LAN (RFC 9776 section 6.6.2).", it => it.IsQuerier ? 1 : 0),
        PerInterface("groups", "gauge", "Groups with members.", it => it.Groups),
        PerInterface("sources", "gauge", "Source records of all groups.", it => it.Sources),
        PerInterface("timers", "gauge", "Running timers of groups, sources, queries and the election.", it => it.Timers),
        PerCause("igmp_received_total", "type", "Messages accepted, by type.", it => it.Received, "total"),
        PerCause("igmp_sent_total", "type", "Queries sent, by type.", it => it.Sent, "total", "query"),
        PerCause(
            "igmp_errors_total", "cause", "Messages and records refused or not acted upon, and queries not sent, by cause.",
            it => it.Errors, "total", "receive-buffer-full", "forwarding-wrong-interface"),
        PerInterface(
            "kernel_dropped_packets_total", "counter", "Packets lost because the socket's receive buffer was full.",
            it => it.KernelDropped),
        Histogram("query_latency_seconds", "From when a query was due to when it was sent.", it => it.QueryLatency),
        Histogram(
            "report_latency_seconds", "From the kernel's receive timestamp of a report to the end of its handling.",
            it => it.ReportLatency),
        new PlainMetric<RouterFigures>(
            DaemonMetrics.Prefix + "forwarding_wrong_interface_total", "counter", [],
            "Data packets received on another interface than their forwarding entry's.", it => [new Sample(it.WrongInterface)]),
        .. DaemonMetrics.All<RouterFigures>(it => it.Daemon),
    ];

    private static PlainMetric<RouterFigures> PerInterface(string name, string type, string help, Func<InterfaceFigures, double> read) =>
        new(
            DaemonMetrics.Prefix + name, type, ["interface"], help,
            figures => figures.Interfaces.Select(each => new Sample(read(each), each.Name)));

    private static HistogramMetric<RouterFigures> Histogram(string name, string help, Func<InterfaceFigures, HistogramFigures> read) =>
        new(DaemonMetrics.Prefix + name, "interface", help, figures => figures.Interfaces.Select(each => (each.Name, read(each))));

    private static PlainMetric<RouterFigures> PerCause(
        string name, string label, string help, Func<InterfaceFigures, IReadOnlyDictionary<string, long>> read, params string[] sums) =>
        new(DaemonMetrics.Prefix + name, "counter", ["interface", label], help, figures => figures.Interfaces.SelectMany(
            port => read(port).Where(each => !sums.Contains(each.Key)).Select(each => new Sample(each.Value, port.Name, each.Key))));
}
