using System.CommandLine;
using MulticastLab.Conformance;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Wires;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance rerun DIR</c>: the tests of a report that failed, or were inconclusive, once more.</summary>
internal static class RerunCommand
{
    private const string Failed = "failed";
    private const string Inconclusive = "inconclusive";

    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("report") { Description = "The folder of the report" };
        var only = new Option<string>("--only") { Description = "Which tests", DefaultValueFactory = _ => Failed };
        only.AcceptOnlyFromAmong(Failed, Inconclusive);
        var (jobs, patience) = (ConformanceCommand.Jobs(), ConformanceCommand.Patience());
        var report = ConformanceCommand.Report("Where the report on these tests goes");
        var json = Common.Json("The report as JSON on standard output");
        var command = new Command("rerun", "Play the tests of a report again: same device, engine and seed")
        {
            folder, only, jobs, patience, report, json,
        };
        return command.Does(terminal, (parsed, cancellation) =>
        {
            var before = ReportFolder.Open(parsed.GetRequiredValue(folder));
            if (before.Report.Engine == WireEngine.EngineName)
            {
                throw new CommandException(
                    ExitCode.Usage, "the device was on a wire: where it is now is not in the report",
                    $"{Invocation.Name} conformance --device {ExternalDeviceOptions.Name} --interface … --only TEST …");
            }

            var target = parsed.GetValue(report) is { } path ? Path.GetFullPath(path) : null;
            if (target == before.Path)
                throw new CommandException(ExitCode.Usage, "the new report would take the place of the old one", "give another folder");
            var tests = TestsOf(before.Report, parsed.GetRequiredValue(only) == Failed ? Verdict.Fail : Verdict.Inconclusive);
            if (tests.Count == 0)
            {
                terminal.Complain($"{before.Path} has no test that is {parsed.GetRequiredValue(only)}");
                return Task.FromResult(ExitCode.Ok);
            }

            var options = new SuiteOptions
            {
                Device = DeviceOf(before.Report.Device),
                Tests = tests,
                Jobs = ConformanceCommand.JobsOf(parsed.GetValue(jobs)),
                Seed = before.Report.Seed,
                Patience = ConformanceCommand.Seconds(parsed.GetValue(patience)),
                ReportFolder = target,
            };
            return ConformanceCommand.Run(
                terminal, options, ConformanceCommand.EngineFor(before.Report.Engine), parsed.GetValue(json), cancellation);
        });
    }

    private static List<ConformanceTest> TestsOf(SuiteReport report, Verdict verdict)
    {
        var names = report.Tests.Where(each => each.Verdict == verdict).Select(each => each.Test).ToList();
        return names.Find(each => TestCatalog.Find(each) is null) is { } gone
            ? throw new CommandException(ExitCode.Usage, $"there is no test '{gone}' any more")
            : names.ConvertAll(each => TestCatalog.Find(each)!);
    }

    // The folder is that of the machine it was tested on: one that is shipped has its name everywhere.
    private static Device DeviceOf(ReportedDevice device)
    {
        if (device.Folder is { } path && File.Exists(Path.Combine(path, Device.FileName)))
            return DeviceReader.Read(path);
        var (folder, problem, _) = DeviceFolders.Find(device.Name, Directory.GetCurrentDirectory());
        return folder is not null
            ? DeviceReader.Read(folder)
            : throw new CommandException(
                ExitCode.Usage, device.Folder is null ? problem : $"the device is not in {device.Folder} any more, and {problem}");
    }
}
