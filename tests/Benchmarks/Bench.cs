using System.Diagnostics;
using System.Globalization;

namespace MulticastLab.Benchmarks;

/// <summary>One row of the table: what was measured, the median, the spread, the allocation and the aim it is held against.</summary>
/// <param name="Name">What one operation is.</param>
/// <param name="Median">The median over the runs, in <paramref name="Unit"/>.</param>
/// <param name="Minimum">The best run.</param>
/// <param name="Maximum">The worst run.</param>
/// <param name="Unit">The unit of the figures.</param>
/// <param name="BytesAllocated">Managed bytes per operation; null where that says nothing.</param>
/// <param name="Aim">The figure aimed at, in words; empty when none.</param>
internal sealed record Row(string Name, double Median, double Minimum, double Maximum, string Unit, double? BytesAllocated, string Aim);

/// <summary>Measures operations that take nanoseconds to seconds; prints medians, since machines are noisy.</summary>
internal static class Bench
{
    private const int Runs = 7;

    /// <summary>Times <paramref name="body"/>, which does its operation as often as it is told.</summary>
    public static Row PerOperation(string name, int operations, Action<int> body, string aim = "")
    {
        // Twice: the first lets tiered compilation see the loop, the second runs its result.
        body(operations);
        body(operations);
        var nanoseconds = new double[Runs];
        var bytes = new double[Runs];
        for (var run = 0; run < Runs; run++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            body(operations);
            nanoseconds[run] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
            bytes[run] = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)operations;
        }

        Array.Sort(bytes);
        return Of(name, nanoseconds, "ns", bytes[Runs / 2], aim);
    }

    /// <summary>A row of figures that were measured one by one.</summary>
    public static Row Of(string name, double[] figures, string unit, double? bytes = null, string aim = "")
    {
        Array.Sort(figures);
        return new Row(name, figures[figures.Length / 2], figures[0], figures[^1], unit, bytes, aim);
    }

    /// <summary>Prints the rows as a Markdown table.</summary>
    public static void Print(string title, IEnumerable<Row> rows)
    {
        Console.WriteLine($"\n## {title}\n\n| what | median | min – max | unit | bytes/op | aim |\n|---|--:|--:|---|--:|---|");
        foreach (var row in rows)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.Name} | {row.Median:G4} | {row.Minimum:G4} – {row.Maximum:G4} | {row.Unit} | "
                        + $"{row.BytesAllocated?.ToString("0.#", CultureInfo.InvariantCulture) ?? "–"} | {row.Aim} |"));
        }
    }
}
