using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Metrics;

/// <summary>What every daemon can report about itself.</summary>
/// <param name="Control">What the control socket has done.</param>
/// <param name="Log">What the log has done.</param>
/// <param name="Started">When the daemon was started, since the Unix epoch.</param>
public sealed record DaemonFigures(ControlFigures Control, LogFigures Log, Instant Started);

/// <summary>The metrics that every daemon has. Those named <c>process_…</c> are the ones that every Prometheus client has.</summary>
public static class DaemonMetrics
{
    /// <summary>The prefix of the lab's own metrics.</summary>
    public const string Prefix = "multicast_lab_";

    private static readonly string Version = typeof(DaemonMetrics).Assembly.GetName().Version!.ToString(3);

    /// <summary>The metric that carries the version.</summary>
    /// <typeparam name="TFigures">The daemon's figures.</typeparam>
    public static Metric<TFigures> BuildInfo<TFigures>() =>
        new PlainMetric<TFigures>(
            Prefix + "build_info", "gauge", ["version"], "Always 1; the label has the version.", _ => [new Sample(1, Version)]);

    /// <summary>Those of the control socket, the log and the process.</summary>
    /// <typeparam name="TFigures">The daemon's figures.</typeparam>
    /// <param name="of">Selects what every daemon can report from its figures.</param>
    public static IReadOnlyList<Metric<TFigures>> All<TFigures>(Func<TFigures, DaemonFigures> of)
    {
        return
        [
            Single(
                Prefix + "control_clients", "gauge", "Current clients of the control socket, event listeners included.",
                it => it.Control.Clients),
            Single(
                Prefix + "control_refused_total", "counter", "Clients that were refused: too many, or another user.",
                it => it.Control.Refused),
            Single(
                Prefix + "control_cut_off_total", "counter", "Clients that were cut off because they did not read.",
                it => it.Control.CutOff),
            Several(
                Prefix + "log_lines_total", "counter", "level", "Log lines, by level.",
                it => it.Log.Written.Select(each => new Sample(each.Count, each.Level))),
            Single(
                Prefix + "log_lines_suppressed_total", "counter", "Log lines suppressed because their cause was too frequent.",
                it => it.Log.Suppressed),
            Single(Prefix + "log_lines_lost_total", "counter", "Log lines that could not be written.", it => it.Log.Lost),
            Several(
                Prefix + "gc_collections_total", "counter", "generation", "Garbage collections, by generation.",
                _ => Enumerable.Range(0, GC.MaxGeneration + 1).Select(each => new Sample(GC.CollectionCount(each), $"{each}"))),
            Single(
                Prefix + "gc_pause_seconds_total", "counter", "Time during which all threads were stopped for garbage collection.",
                _ => GC.GetTotalPauseDuration().TotalSeconds),
            Single(
                "process_start_time_seconds", "gauge", "When the process was started, in seconds since the Unix epoch.",
                it => (it.Started - Instant.Epoch).TotalSeconds),
            Single(
                "process_cpu_seconds_total", "counter", "Processor time, user and system.",
                _ => Environment.CpuUsage.TotalTime.TotalSeconds),
            Single("process_resident_memory_bytes", "gauge", "Resident memory.", _ => Environment.WorkingSet),
            Single("process_open_fds", "gauge", "Open file descriptors.", _ => Directory.GetFileSystemEntries("/proc/self/fd").Length),
        ];

        PlainMetric<TFigures> Single(string name, string type, string help, Func<DaemonFigures, double> read) =>
            new(name, type, [], help, figures => [new Sample(read(of(figures)))]);

        PlainMetric<TFigures> Several(string name, string type, string label, string help, Func<DaemonFigures, IEnumerable<Sample>> read) =>
            new(name, type, [label], help, figures => read(of(figures)));
    }
}
