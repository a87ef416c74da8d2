using MulticastLab.Conformance;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Tests.Conformance;

/// <summary>
/// A report of tests that were played, with every verdict and its captures: some of them expect of a correct device what is wrong.
/// </summary>
internal sealed class MadeReport : IDisposable
{
    /// <summary>What a device may call itself: markup, quotes, and what no XML can hold.</summary>
    public const string HostileTitle = "<script>alert('title')</script> & \"quotes\" \u0007\u001b[31m\uFFFF # ]]> {{x}} ä €";

    private readonly TestedDevice device = new("options: [forward]");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("multicast-lab-report-");

    private MadeReport()
    {
    }

    /// <summary>The folder.</summary>
    public ReportFolder Folder { get; private set; } = null!;

    /// <summary>The report.</summary>
    public SuiteReport Report => Folder.Report;

    /// <summary>Plays the tests; the report's folder then has report.json and the captures.</summary>
    public static async Task<MadeReport> Make()
    {
        var made = new MadeReport();
        var report = await made.device.Run(null, made.folder.FullName, Tests());
        report = report with
        {
            Device = report.Device with { Name = "tested", Title = HostileTitle, Version = "1.0 <beta>\u0001" },
            Started = new DateTimeOffset(2026, 7, 1, 12, 30, 0, TimeSpan.Zero),
        };
        made.Folder = ReportFolder.Create(made.folder.FullName, report);
        return made;
    }

    /// <summary>The test of a name.</summary>
    public TestReport Test(string name) => Report.Tests.Single(each => each.Test == name);

    public void Dispose()
    {
        device.Dispose();
        folder.Delete(recursive: true);
    }

    private static ConformanceTest[] Tests() =>
    [
        TestCatalog.Find("leave-ends-stream-after-lmqt")!,
        TestCatalog.Find("leave-asked-2-times")!,
        Router("wants-what-is-not-sent", ["V3-R-6.4.2-05", "V3-R-6.6.3.1-01"], async lab =>
        {
            await lab.StartQuerier();
            await lab.Step("A host leaves <what> nobody had joined");
            var leave = await lab.Host1.Report(ToInclude(lab.G1));
            lab.ExpectQueries(Query(lab.G1), since: leave);
            await lab.PassLastMemberQueryTime();
            await lab.ExpectGroup(lab.G1, Exclude());
        }),
        Router("forbids-what-is-sent", ["V3-R-6.6.2-01"], async lab =>
        {
            await lab.StartQuerier();
            lab.ExpectNone(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now);
            await lab.Pass(lab.Timing.QueryInterval * 2);
        }),
        Router("cannot-begin", ["V3-R-8.10-01"], async lab =>
        {
            await lab.StartQuerier();
            throw Bench.CannotBegin("The device <b>is lazy</b>");
        }),
        Router("is-a-choice", ["V3-M-4-03"], async lab =>
        {
            await lab.StartQuerier();
            lab.Expect(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, within: 300.Seconds());
            await lab.Pass(300.Seconds());
            lab.Observe("does as it likes");
        }),
        new RouterTest("has-no-such-option", ["V3-R-8.10-01"], "It is not applicable.", _ => Task.CompletedTask) { Options = ["no-such"] },
    ];

    private static RouterTest Router(string name, IReadOnlyList<string> requirements, Func<RouterBench, Task> play) =>
        new(name, requirements, $"Shows what \"{name}\" <means> & more.", play);
}
