using System.Diagnostics;
using System.Globalization;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>
/// Who runs where: the load on one processor, the device under test on another. What the kernel does for a packet that is sent over a veth
/// pair is the sender's.
/// </summary>
internal static class Processors
{
    /// <summary>The processor of the load generator.</summary>
    public const int Load = 0;

    /// <summary>The processor of the device under test.</summary>
    public const int Device = 1;

    /// <summary>Why this machine will not do; null when it will.</summary>
    public static string? Missing =>
        Environment.ProcessorCount > Device ? null : "two processors are needed: one for the load, one for what is measured";

    /// <summary>Keeps the calling thread, and the commands that it starts, on the load's processor.</summary>
    public static void PinThisThread()
    {
        // /proc/thread-self is PID/task/TID.
        var thread = Path.GetFileName(new FileInfo("/proc/thread-self").LinkTarget!);
        using var process = Process.Start(
            new ProcessStartInfo("taskset", ["--cpu-list", "--pid", Load.ToString(CultureInfo.InvariantCulture), thread])
            {
                RedirectStandardOutput = true,
            }
        )!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"taskset could not bind the load to processor {Load}.");
    }
}
