using System.Runtime.InteropServices;

namespace MulticastLab.Benchmarks;

/// <summary>
/// Keeps sender and reader on processors of their own, where there are two: a thread that migrates costs more at times and less at others.
/// </summary>
internal static unsafe partial class Processors
{
    /// <summary>Where packets are sent.</summary>
    public const int Sender = 0;

    /// <summary>Where they are read.</summary>
    public static int Reader => Math.Min(1, Environment.ProcessorCount - 1);

    /// <summary>Keeps a thread on a processor; where that is not allowed it runs anywhere.</summary>
    /// <param name="processor">The processor, from 0 to 63.</param>
    /// <param name="thread">The thread, or the main thread of the process, of this number; 0 for the present one.</param>
    public static void Pin(int processor, int thread = 0)
    {
        var mask = 1UL << processor;
        _ = SetAffinity(thread, sizeof(ulong), &mask);
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint length, ulong* mask);
}
