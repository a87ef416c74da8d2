using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Membership;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Judging;

/// <summary>Plays tests in virtual time, and judges the device by the captures of them alone.</summary>
internal static class JudgedRun
{
    // No message tells these; what it is told the device may still get wrong.
    private static GivenTimers Counts(string test)
    {
        var timing = TestCatalog.Find(test)!.Timing(Timing.Default);
        return new GivenTimers
        {
            LastMemberQueryCount = timing.LastMemberQueryCount,
            StartupQueryCount = timing.StartupQueryCount,
        };
    }

    /// <summary>Plays tests.</summary>
    /// <returns>The report on each capture in which the device has sent something, by the name of the test.</returns>
    public static async Task<IReadOnlyDictionary<string, SuiteReport>> Play(
        string device, ILabEngine engine, IReadOnlyList<ConformanceTest>? tests = null)
    {
        var tested = DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", device));
        var folder = Directory.CreateTempSubdirectory("judge-").FullName;
        try
        {
            var options = new SuiteOptions
            {
                Device = tested,
                Tests = tests ?? TestCatalog.For(tested.Role),
                Jobs = Environment.ProcessorCount,
                ReportFolder = folder,
            };
            var report = await SuiteRunner.Run(options, engine, observer: null, TestContext.Current.CancellationToken);
            var judged = new Dictionary<string, SuiteReport>();
            foreach (var test in report.Tests.Where(each => each.Pcapng is not null))
            {
                using var reader = CaptureReader.Open(Path.Combine(folder, test.Pcapng!));
                var contents = CaptureContents.Read(reader, new LabOptions().Dialect);
                var address = AddressPlan.Of(contents.Dialect).Device;
                if (Speaker.AllOf(contents).Any(each => each.Address == address))
                    judged.Add(test.Test, CaptureJudge.Judge(contents, tested.Role, address, Counts(test.Test)));
            }

            return judged;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
