using System.Globalization;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>What the kernel's allocators have handed out.</summary>
internal static class KernelMemory
{
    /// <summary>SUnreclaim of /proc/meminfo, in bytes: of the whole machine, so a figure for large amounts only.</summary>
    public static long Unreclaimable() =>
        1024
        * long.Parse(
            File.ReadLines("/proc/meminfo")
                .First(line => line.StartsWith("SUnreclaim:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
}
