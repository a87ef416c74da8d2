using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.HostTelling;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>What a host says that does not fit into one report (RFC 9776 §4.2.17).</summary>
internal static class ReportSizeTests
{
    private const string LiftLimits = "lift-limits";
    private const int Mtu = 1500;
    private const int LargeList = 500;

    // (1500 - 24 - 8 - 8) / 4; without Router Alert one more.
    private const int MostSources = 365;

    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "records-that-do-not-fit-go-into-several-reports", ["V3-H-4.2.17-01"],
            "Where an answer does not fit into one report it is spread over several, and nothing is lost or said twice.",
            async lab =>
            {
                // 8 × (8 + 4 × 60) = 1984 bytes.
                const int Groups = 8, Sources = 60;
                var sources = lab.Plan.ManySources(Sources);
                await lab.Start();
                for (var number = 1; number <= Groups; number++)
                {
                    var group = lab.G(number);
                    await (number % 2 == 0 ? lab.Device.Include(group, sources) : lab.Device.Exclude(group, sources));
                }

                await lab.PassReports();
                await lab.Step("The querier asks for all groups");
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                ExpectParts(
                    lab, AnyMessage(), asked, query.MaxResponseTime, "names each group and its sources once, in several reports", frames =>
                    {
                        if (frames.Count < 2)
                            return "it is not in several reports";
                        for (var number = 1; number <= Groups; number++)
                        {
                            var (group, includes) = (lab.G(number), number % 2 == 0);
                            var type = includes ? RecordType.IsInclude : RecordType.IsExclude;
                            var records = frames.SelectMany(each => RecordsOf(each, group) ?? []).ToList();
                            if (records.Exists(each => each.Type != type) || (!includes && records.Count != 1))
                                return $"{group} is not in one record of type {type.ShortName()}";
                            if (Once(sources, records.SelectMany(each => each.Sources), times: 1) is { } wrong)
                                return $"{group}: {wrong}";
                        }

                        return null;
                    });
            }) { Preferred = [LiftLimits] },
        new HostTest(
            "large-included-list-is-split", ["V3-H-4.2.17-02"],
            "A list that a host includes and that is too large for a report is split into records of different sources, each in a report "
                + "of its own.",
            async lab =>
            {
                var sources = lab.Plan.ManySources(LargeList);
                await lab.Start();
                var include = await lab.Device.Include(lab.G1, sources);
                ExpectSplit(lab, RecordType.Allow, sources, include, Repeated(lab));
                await lab.PassReports();

                await lab.Step("The querier asks for all groups");
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                ExpectSplit(lab, RecordType.IsInclude, sources, asked, query.MaxResponseTime);

                await lab.Step("The group is left");
                var leave = await lab.Device.Include(lab.G1);
                ExpectSplit(lab, RecordType.Block, sources, leave, Repeated(lab));
            }) { Preferred = [LiftLimits] },
        new HostTest(
            "large-mode-change-to-include-is-split", ["V3-H-4.2.17-02"],
            "The same of the record that says that the mode has changed to INCLUDE.",
            async lab =>
            {
                var sources = lab.Plan.ManySources(LargeList);
                await lab.Start();
                await lab.Settled(lab.Device.Join(lab.G1), ToExclude(lab.G1));
                await lab.Step("Another filter includes a large list");
                var include = await lab.Device.Include(lab.G1, sources);
                ExpectSplit(lab, RecordType.ToInclude, sources, include, Repeated(lab));
            }) { Preferred = [LiftLimits] },
        new HostTest(
            "large-excluded-list-is-cut", ["V3-H-4.2.17-03"],
            "A list that a host excludes and that is too large for a report is not split: one record names as many sources as fit.",
            async lab =>
            {
                var sources = lab.Plan.ManySources(LargeList);
                await lab.Start();
                var exclude = await lab.Device.Exclude(lab.G1, sources);
                ExpectCut(lab, RecordType.ToExclude, sources, exclude, Repeated(lab));
                await lab.PassReports();
                var query = lab.General();
                for (var times = 0; times < 3; times++)
                {
                    await lab.Step("The querier asks for all groups");
                    var asked = await lab.Querier.Query(query);
                    ExpectCut(lab, RecordType.IsExclude, sources, asked, query.MaxResponseTime);
                }

                await lab.Step("All of this has been said");
                var different = lab.All(lab.SentAbout(lab.G1), exclude)
                    .SelectMany(each => RecordsOf(each, lab.G1) ?? [])
                    .Select(each => string.Join(' ', each.Sources.Order()))
                    .Distinct()
                    .Count();
                // RFC 9776 §4.2.17: it is preferable that they are the same each time.
                if (different > 1)
                    lab.Observe("does not name the same sources each time");
            }) { Preferred = [LiftLimits] },
    ];

    private static void ExpectSplit(HostBench lab, RecordType type, Address[] sources, Moment since, TimeSpan within) =>
        ExpectParts(
            lab, Naming(lab.G1), since, within, $"names all sources in {type.ShortName()} records in reports of their own", frames =>
            {
                if (frames.FirstOrDefault(each => RecordsOf(each, lab.G1) is not [var only] || only.Type != type) is { } other)
                    return $"frame {other.Number} is another";
                return Once(sources, frames.SelectMany(each => RecordsOf(each, lab.G1)!).SelectMany(each => each.Sources));
            });

    private static void ExpectCut(HostBench lab, RecordType type, Address[] sources, Moment since, TimeSpan within) =>
        ExpectParts(lab, Naming(lab.G1), since, within, $"is one {type.ShortName()} record of as many sources as fit", frames =>
        {
            foreach (var frame in frames)
            {
                if (RecordsOf(frame, lab.G1) is not [var only] || only.Type != type)
                    return $"frame {frame.Number} is another";
                if (only.Sources.Count is < MostSources or > MostSources + 1 || only.Sources.Distinct().Except(sources).Any()
                    || only.Sources.Distinct().Count() != only.Sources.Count)
                {
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"frame {frame.Number} names {only.Sources.Count} sources, not {MostSources} of them");
                }
            }

            return null;
        });

    private static void ExpectParts(
        HostBench lab, FramePattern pattern, Moment since, TimeSpan within, string what, Func<IReadOnlyList<SeenFrame>, string?> wrong) =>
        lab.ExpectTogether(pattern.From(lab.Device), since, within, what, frames =>
        {
            if (frames.Count == 0)
                return "nothing was said";
            var large = frames.FirstOrDefault(each => WireMessage.Of(each) is var sent && (sent.TotalLength > Mtu || sent.IsFragment));
            return large is null ? wrong(frames) : $"frame {large.Number} does not fit into {Mtu} bytes";
        });

    private static TimeSpan Repeated(HostBench lab) => lab.Timing.UnsolicitedReportInterval + lab.SeriesTime();

    /// <summary>
    /// What is wrong unless all sources were named equally often: a report of a change is repeated, and how often is left to other tests.
    /// </summary>
    private static string? Once(Address[] sources, IEnumerable<Address> named, int? times = null)
    {
        var counts = named.CountBy(each => each).ToDictionary();
        if (counts.Keys.Except(sources).Any())
            return "a source is named that is not in the list";
        times ??= counts.Values.DefaultIfEmpty(1).Min();
        var wrong = sources.Where(each => counts.GetValueOrDefault(each) != times).ToList();
        return wrong.Count == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{wrong[0]}, one of {wrong.Count}, is named {counts.GetValueOrDefault(wrong[0])} times and not {times} times");
    }
}
