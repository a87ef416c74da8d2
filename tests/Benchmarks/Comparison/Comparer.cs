using System.Diagnostics;
using System.Globalization;
using System.Text;
using MulticastLab.Benchmarks.Comparison.Measurements;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.Namespaces;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>Measures everything, of one peer after the other, and again, so that what disturbs the machine disturbs all alike.</summary>
internal sealed class Comparer(IReadOnlyList<PeerKind> kinds, IReadOnlyList<Measurement> measurements, Scale scale)
{
    private readonly ComparisonTable table = new(
        [.. kinds.Select(each => each.Title)], isJudged: kinds is [var first, ..] && first == PeerKind.Ours,
        isHeldAgainst: kinds is [_, var second, ..] && second == PeerKind.Frr);
    private readonly List<string> failures = [];
    private readonly long begun = Stopwatch.GetTimestamp();

    /// <summary>What has gone wrong.</summary>
    public IReadOnlyList<string> Failures => failures;

    /// <summary>Measures; the report as Markdown.</summary>
    public string Run()
    {
        Processors.PinThisThread();
        using (var self = ProcessReference.Current())
            self.Favour();
        var text = new StringBuilder(Machine.Describe(kinds)).Append(".\n");
        text.Append(Machine.MeasureCeiling()).Append('\n');
        foreach (var measurement in measurements)
        {
            for (var run = 0; run < measurement.Runs(scale); run++)
            {
                for (var column = 0; column < kinds.Count; column++)
                {
                    if (measurement.Fits(kinds[column]))
                        Do(measurement, run, column);
                }
            }
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"Median (lowest–highest) of {scale.Runs} {(scale.Runs == 1 ? "run" : "runs")}; "
                + $"{Stopwatch.GetElapsedTime(begun).TotalMinutes:0} minutes in all.\n\n");
        text.Append(table);
        if (failures.Count > 0)
            text.Append("\nWhat failed:\n\n").AppendJoin("", failures.Select(each => $"- {each}\n"));
        return text.ToString();
    }

    private void Do(Measurement measurement, int run, int column)
    {
        var what = $"{measurement.Name}, {kinds[column].Title}, run {run + 1} of {measurement.Runs(scale)}";
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(begun):mm\\:ss} {what}"));
        try
        {
            measurement.Do(new Trial(kinds[column], column, run, scale, table));
        }
#pragma warning disable CA1031 // A failed measurement must not discard the results of the others; it is reported.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            failures.Add($"{what}: {failure.Message}");
            Console.Error.WriteLine($"      failed: {failure.Message}");
        }

        GC.Collect();
    }
}
