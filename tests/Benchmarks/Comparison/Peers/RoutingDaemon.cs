using System.Globalization;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>
/// A router that is one process or several. What it costs is what the scheduler gives them; what the kernel does for the sender of a packet
/// is not among it.
/// </summary>
internal abstract class RoutingDaemon(TestBed bed) : Peer(bed)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private const int QuietLooks = 3;

    // A daemon that only waits still looks up now and then.
    private const double IdleShare = 0.01;

    private readonly List<ProcessReference> processes = [];

    /// <inheritdoc/>
    public override bool HasProcesses => true;

    /// <summary>Its processes.</summary>
    protected IReadOnlyList<ProcessReference> Processes => processes;

    /// <inheritdoc/>
    public override double Spend(Action<LoadGenerator> load)
    {
        var before = ProcessorTime.Of(processes);
        load(Members);
        Settle();
        return (ProcessorTime.Of(processes) - before) / 1_000.0;
    }

    /// <inheritdoc/>
    public override void Settle(TimeSpan? patience = null)
    {
        var limit = patience ?? TimeSpan.FromMinutes(2);
        var deadline = KernelClock.Monotonic + limit;
        var (time, at) = (ProcessorTime.Of(processes), KernelClock.Monotonic);
        for (var quiet = 0; quiet < QuietLooks;)
        {
            Pass(Look);
            var (now, then) = (ProcessorTime.Of(processes), KernelClock.Monotonic);
            var isIdle = !ProcessorTime.IsRunning(processes) && (now - time) < IdleShare * (then - at).TotalNanoseconds;
            quiet = isIdle ? quiet + 1 : 0;
            (time, at) = (now, then);
            if (then > deadline)
                throw new MeasurementFailedException($"still busy after {limit.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc/>
    public override void Pass(TimeSpan time)
    {
        // A process descriptor is readable when the process has ended.
        if (processes[^1].WaitForEnd(time))
            throw new MeasurementFailedException($"it has ended. {Complaints()}".TrimEnd());
    }

    /// <inheritdoc/>
    public override TimeSpan ReadKeptWaiting()
    {
        // While its first thread waits, its other threads and processes may have the processor; that is its own affair.
        var (had, waited) = ProcessorTime.OfFirstThread(processes[^1]);
        return TimeSpan.FromMicroseconds((waited - (processes.Sum(each => ProcessorTime.ByClockOf(each.Id)) - had)) / 1_000.0);
    }

    /// <inheritdoc/>
    public override long ReadMemory() =>
        processes.Sum(process =>
            1024
            * long.Parse(
                File.ReadLines($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/smaps_rollup")
                    .First(line => line.StartsWith("Rss:", StringComparison.Ordinal))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture));

    /// <summary>Takes one of its processes, which was just started.</summary>
    protected void Take(ProcessReference process) => processes.Add(process);

    /// <inheritdoc/>
    protected override string Complaints()
    {
        const int Lines = 5;
        return string.Join(" / ", File.ReadLines(Bed.PathOf("/run/log")).TakeLast(Lines));
    }
}
