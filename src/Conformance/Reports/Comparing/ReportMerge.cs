using MulticastLab.Conformance.Verdicts;

namespace MulticastLab.Conformance.Reports.Comparing;

/// <summary>Makes one report of the shards of a run.</summary>
public static class ReportMerge
{
    /// <summary>Merges folders into a new one; their captures are copied.</summary>
    /// <param name="shards">The folders.</param>
    /// <param name="target">The new folder, which must not have a report yet.</param>
    /// <exception cref="UnfitReportsException">They do not belong together, or there is something in the way.</exception>
    public static ReportFolder Into(IReadOnlyList<ReportFolder> shards, string target)
    {
        ArgumentNullException.ThrowIfNull(shards);
        ArgumentNullException.ThrowIfNull(target);
        foreach (var shard in shards.Skip(1))
            Check(shards[0], shard);
        var twice = shards.SelectMany(each => each.Report.Tests).GroupBy(each => each.Test).Where(each => each.Count() > 1)
            .Select(each => each.Key).ToList();
        if (twice.Count > 0)
            throw new UnfitReportsException($"these tests are in more than one report: {string.Join(", ", twice)}");
        if (File.Exists(Path.Combine(target, ReportFolder.FileName)))
            throw new UnfitReportsException($"{target} has a report already");

        foreach (var shard in shards)
            CopyCaptures(shard, target);
        var reports = shards.Select(each => each.Report).ToList();
        return ReportFolder.Create(target, (reports[0] with
        {
            Device = reports[0].Device with { Version = reports.Select(each => each.Device.Version).OfType<string>().FirstOrDefault() },
            Started = reports.Min(each => each.Started),
            Seconds = Math.Round(reports.Sum(each => each.Seconds), 1),
            Tests = [.. reports.SelectMany(each => each.Tests)],
            Interrupted = reports.Any(each => each.Interrupted),
        }).Summed());
    }

    private static void Check(ReportFolder first, ReportFolder other)
    {
        var (one, two) = (first.Report, other.Report);
        Same("device", one.Device.Name, two.Device.Name);
        Same("protocol", one.Protocol, two.Protocol);
        Same("engine", one.Engine, two.Engine);
        Same("seed", $"{one.Seed}", $"{two.Seed}");
        // A shard in which the device was never up knows of no version.
        if (one.Device.Version is { } version && two.Device.Version is { } another)
            Same("version", version, another);

        void Same(string what, string mine, string others)
        {
            if (mine != others)
                throw new UnfitReportsException($"the {what} of {first.Path} is '{mine}', that of {other.Path} '{others}'");
        }
    }

    private static void CopyCaptures(ReportFolder shard, string target)
    {
        foreach (var test in shard.Report.Tests)
        {
            if (shard.CapturePath(test) is not { } source || !File.Exists(source))
                continue;
            var copy = Path.Combine(target, Path.GetRelativePath(shard.Path, source));
            if (File.Exists(copy))
                throw new UnfitReportsException($"{copy} is there already");
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(source, copy);
        }
    }
}
