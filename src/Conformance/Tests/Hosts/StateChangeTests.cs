using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.HostTelling;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>The reports of a change of state: the table of RFC 9776 §5.1, each row as data, and the first report.</summary>
internal static class StateChangeTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        .. Table.Select(Test),
        new HostTest(
            "first-join-of-sources-is-allow", ["V3-H-5.1-03"],
            "A group without state counts as INCLUDE without sources: the first join of a source is reported as ALLOW.",
            async lab =>
            {
                await lab.Start();
                var include = await lab.Device.Include(lab.Ssm, lab.S1);
                lab.ExpectReported(include, Allow(lab.Ssm, lab.S1));
                await lab.PassReports();
            }),
        new HostTest(
            "change-is-reported-at-once", ["V3-H-5.1-01"],
            "The first report of a change comes without a random delay.",
            async lab =>
            {
                await lab.Start();
                for (var number = 1; number <= 4; number++)
                {
                    await lab.Step($"Group {number} is joined");
                    var group = lab.G(number);
                    var join = await lab.Device.Join(group);
                    lab.ExpectSome(lab.SentAbout(group), join, within: TimeSpan.Zero);
                }
            }) { Timing = usual => usual with { RobustnessVariable = 1, UnsolicitedReportInterval = 5.Seconds() } },
    ];

    private static IEnumerable<Row> Table =>
    [
        new("in-in", "V3-H-5.1-02", [1, 2, 3], [3, 4], FilterMode.Include, FilterMode.Include, Allow: [4], Block: [1, 2]),
        new("in-in-others", "V3-H-5.1-02", [1, 2], [3, 4], FilterMode.Include, FilterMode.Include, Allow: [3, 4], Block: [1, 2]),
        new("in-in-more", "V3-H-5.1-08", [1], [1, 2], FilterMode.Include, FilterMode.Include, Allow: [2]),
        new("in-in-fewer", "V3-H-5.1-08", [1, 2, 3], [2], FilterMode.Include, FilterMode.Include, Block: [1, 3]),
        new("in-in-none", "V3-H-5.1-04", [1], [], FilterMode.Include, FilterMode.Include, Block: [1]),
        new("ex-ex", "V3-H-5.1-05", [1, 2], [2, 3], FilterMode.Exclude, FilterMode.Exclude, Allow: [1], Block: [3]),
        new("ex-ex-more", "V3-H-5.1-05", [], [1, 2], FilterMode.Exclude, FilterMode.Exclude, Block: [1, 2]),
        new("ex-ex-fewer", "V3-H-5.1-05", [1, 2], [], FilterMode.Exclude, FilterMode.Exclude, Allow: [1, 2]),
        new("in-ex", "V3-H-5.1-06", [1], [2, 3], FilterMode.Include, FilterMode.Exclude, To: [2, 3]),
        new("in-ex-same", "V3-H-5.1-06", [1, 2], [1, 2], FilterMode.Include, FilterMode.Exclude, To: [1, 2]),
        new("in-ex-none", "V3-H-5.1-06", [1], [], FilterMode.Include, FilterMode.Exclude, To: []),
        new("ex-in", "V3-H-5.1-07", [1], [2], FilterMode.Exclude, FilterMode.Include, To: [2]),
        new("ex-in-same", "V3-H-5.1-07", [1, 2], [1, 2], FilterMode.Exclude, FilterMode.Include, To: [1, 2]),
        new("ex-in-none", "V3-H-5.1-07", [1], [], FilterMode.Exclude, FilterMode.Include, To: []),
    ];

    private static HostTest Test(Row row) =>
        new(
            $"change-{row.Name}", [row.Id], $"A change from {row.BeforeText} to {row.AfterText} is reported as {row.ReportText}.",
            async lab =>
            {
                var socket = lab.Device.Socket(HostSockets.Default);
                await lab.Start();
                await lab.Bring(socket, lab.G1, row.Before(lab));

                await lab.Step("The socket changes its filter");
                var change = await socket.Set(lab.G1, row.After(lab));
                lab.ExpectReported(change, row.Report(lab));
                await lab.PassReports();
            });

    /// <summary>A row of the table: sources by their numbers.</summary>
    private sealed record Row(
        string Name, string Id, int[] SourcesBefore, int[] SourcesAfter, FilterMode ModeBefore, FilterMode ModeAfter, int[]? Allow = null,
        int[]? Block = null, int[]? To = null)
    {
        public string BeforeText => Text(ModeBefore, SourcesBefore);

        public string AfterText => Text(ModeAfter, SourcesAfter);

        public string ReportText => string.Join(" and ", Types.Select(each => $"{each.Type.ShortName()}{Set(each.Sources)}"));

        public SourceFilter Before(HostBench lab) => SourceFilter.Of(ModeBefore, SourcesBefore.Select(lab.S));

        public SourceFilter After(HostBench lab) => SourceFilter.Of(ModeAfter, SourcesAfter.Select(lab.S));

        public RecordContent[] Report(HostBench lab) =>
            [.. Types.Select(each => new RecordContent(each.Type, lab.G1, [.. each.Sources.Select(lab.S)]))];

        private IEnumerable<(RecordType Type, int[] Sources)> Types =>
            new[]
                {
                    (RecordType.Allow, Allow),
                    (RecordType.Block, Block),
                    (ModeAfter == FilterMode.Include ? RecordType.ToInclude : RecordType.ToExclude, To),
                }
                .Where(each => each.Item2 is not null)
                .Select(each => (each.Item1, each.Item2!));

        private static string Text(FilterMode mode, int[] sources) =>
            $"{(mode == FilterMode.Include ? "INCLUDE" : "EXCLUDE")}{Set(sources)}";

        private static string Set(int[] sources) => "{" + string.Join(", ", sources.Select(each => $"S{each}")) + "}";
    }
}
