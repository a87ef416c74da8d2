using System.Globalization;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>
/// Nanoseconds on a processor as the scheduler counts them (the first figure of schedstat): user and system time, of all threads.
/// </summary>
internal static class ProcessorTime
{
    /// <summary>What processes have had. Of a thread that runs at this moment the kernel tells the state of the last tick.</summary>
    public static long Of(IEnumerable<ProcessReference> processes) => processes.Sum(process => TasksOf(process).Sum(Read));

    /// <summary>What the threads of a name have had.</summary>
    public static TimeSpan Of(IEnumerable<ProcessReference> processes, string thread) =>
        TimeSpan.FromMicroseconds(
            processes.Sum(process => TasksOf(process).Where(task => TextOf(task + "/comm").TrimEnd() == thread).Sum(Read)) / 1_000.0);

    /// <summary>What the first thread of a process has had, and how long it has waited for a processor when it could have run.</summary>
    public static (long Had, long Waited) OfFirstThread(ProcessReference process)
    {
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        return TextOf($"/proc/{id}/task/{id}/schedstat").Split(' ') is [var had, var waited, ..]
            ? (long.Parse(had, CultureInfo.InvariantCulture), long.Parse(waited, CultureInfo.InvariantCulture))
            : throw new MeasurementFailedException($"process {id} of the device has ended");
    }

    /// <summary>
    /// What all threads of a process have had until now, those that have ended included: its clock (clock_getcpuclockid(3)).
    /// </summary>
    public static unsafe long ByClockOf(int process)
    {
        const int Scheduled = 2; // CPUCLOCK_SCHED
        TimeSpecification time;
        LinuxException.ThrowIfFailed(Libc.ClockGetTime((~process << 3) | Scheduled, &time), "clock_gettime");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    /// <summary>
    /// What the calling thread has had, and the kernel's threads that do the work of interrupts when there is too much of it.
    /// </summary>
    public static long OfThisThreadAndInterrupts() => Read("/proc/thread-self") + InterruptThreads.Value.Sum(Read);

    /// <summary>Whether a thread of the processes runs, or would if there were a processor for it.</summary>
    public static bool IsRunning(IEnumerable<ProcessReference> processes) => processes.Any(process => TasksOf(process).Any(IsRunning));

    private static readonly Lazy<string[]> InterruptThreads = new(() =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Where(each =>
                    char.IsAsciiDigit(Path.GetFileName(each)[0])
                    && TextOf(each + "/comm").StartsWith("ksoftirqd/", StringComparison.Ordinal)),
        ]);

    private static string[] TasksOf(ProcessReference process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/task");
        }
        catch (DirectoryNotFoundException gone)
        {
            throw new MeasurementFailedException($"process {process.Id} of the device has ended", gone);
        }
    }

    private static long Read(string task) =>
        TextOf(task + "/schedstat") is { Length: > 0 } text
            ? long.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture)
            : 0;

    // The state stands behind the name in parentheses, which may itself hold any character.
    private static bool IsRunning(string task) =>
        TextOf(task + "/stat") is { Length: > 0 } text && text[text.LastIndexOf(')') + 2] is 'R' or 'D';

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The thread has ended meanwhile.
            return "";
        }
    }
}
