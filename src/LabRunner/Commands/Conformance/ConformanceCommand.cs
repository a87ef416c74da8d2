using System.CommandLine;
using System.Globalization;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Reports.Forms;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Wires;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Suites;
using MulticastLab.Membership.Dialects;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance</c>: plays the suite on a device and gives a verdict for every requirement.</summary>
internal static class ConformanceCommand
{
    private const string OwnRouter = "multicast-lab-router";

    // They mostly wait.
    private const int JobsPerProcessor = 8;

    public static Command Create(Terminal terminal)
    {
        var device = new Option<string>("--device")
        {
            Description = "The device under test: one that is shipped, the path of its folder, or 'external' for one on a wire",
            HelpName = "name|folder",
            DefaultValueFactory = _ => OwnRouter,
        };
        var protocol = new Option<string>("--protocol") { Description = "The protocol", DefaultValueFactory = _ => "igmp" };
        protocol.AcceptOnlyFromAmong("igmp");
        var only = new Option<string[]>("--only")
        {
            Description = "Only these tests: names of tests, ids of requirements, or what they begin with",
            HelpName = "id|prefix",
            AllowMultipleArgumentsPerToken = true,
        };
        var section = new Option<string?>("--section") { Description = "Only this section of an RFC, and those below it" };
        var level = new Option<string>("--level") { Description = "Down to which level", DefaultValueFactory = _ => "all" };
        level.AcceptOnlyFromAmong(TestSelection.LevelNames);
        var engine = Engines.Option();
        var jobs = Jobs();
        var seed = new Option<int>("--seed") { Description = "Seed of everything random in a simulated run", DefaultValueFactory = _ => 1 };
        var patience = Patience();
        var report = Report("Where the report goes: a page, report.json, the forms of other tools, and the captures");
        var shard = new Option<string?>("--shard") { Description = "Only the K-th of N parts of the tests", HelpName = "K/N" };
        var json = Common.Json("The report as JSON on standard output");
        var external = new ExternalDeviceOptions();
        var command = new Command("conformance", "Test a device: a verdict for every requirement, with the offending packet")
        {
            device, protocol, only, section, level, engine, jobs, seed, patience, report, shard, json,
        };
        external.AddTo(command);
        command.Does(terminal, (parsed, cancellation) =>
        {
            var selection = new TestSelection(
                parsed.GetValue(only) ?? [], parsed.GetValue(section), parsed.GetRequiredValue(level), ShardOf(parsed.GetValue(shard)));
            var (name, waits) = (parsed.GetRequiredValue(device), Seconds(parsed.GetValue(patience)));
            var isExternal = name == ExternalDeviceOptions.Name;
            if (!isExternal)
                external.RefuseFor(parsed, name);
            else if (parsed.GetValue(engine) is not null || parsed.GetValue(jobs) is > 1)
                throw new CommandException(ExitCode.Usage, "a device on a wire needs no --engine, and takes one test after the other");
            var (tested, place) = isExternal
                ? external.Find(parsed, ProtocolOf(parsed.GetRequiredValue(protocol)), waits, cancellation)
                : (Find(name), null);
            var options = new SuiteOptions
            {
                Device = tested,
                Wired = place,
                Tests = selection.Among(tested.Role),
                Jobs = isExternal ? 1 : JobsOf(parsed.GetValue(jobs)),
                Seed = parsed.GetValue(seed),
                Patience = waits,
                ReportFolder = parsed.GetValue(report) is { } folder ? Path.GetFullPath(folder) : null,
            };
            var world = place is null ? EngineFor(parsed.GetValue(engine)) : new WireEngine(place.Wires);
            return Run(terminal, options, world, parsed.GetValue(json), cancellation);
        });
        command.Add(ConformanceListCommand.Create(terminal));
        command.Add(ExplainCommand.Create(terminal));
        command.Add(JudgeCommand.Create(terminal));
        command.Add(CompareCommand.Create(terminal));
        command.Add(MergeCommand.Create(terminal));
        command.Add(RerunCommand.Create(terminal));
        command.Add(ReportCommand.Create(terminal));
        command.Add(ScorecardCommand.Create(terminal));
        return command;
    }

    /// <summary><c>--jobs</c>.</summary>
    internal static Option<int?> Jobs() => new("--jobs") { Description = "How many tests at once" };

    /// <summary><c>--patience</c>.</summary>
    internal static Option<double> Patience() => new("--patience")
    {
        Description = "How many seconds a test may take; one that would take longer is inconclusive",
        DefaultValueFactory = _ => 60,
    };

    /// <summary><c>--report</c>.</summary>
    internal static Option<string?> Report(string description) => new("--report") { Description = description, HelpName = "folder" };

    /// <summary>Plays the suite, and writes what came of it.</summary>
    internal static async Task<ExitCode> Run(
        Terminal terminal, SuiteOptions options, ILabEngine engine, bool json, CancellationToken cancellation)
    {
        if (!json)
        {
            terminal.Write($"[bold]{OutsideText.Markup(options.Device.Title)}[/]  [grey]{engine.Name}, {options.Tests.Count} tests, "
                + $"{options.Jobs} at once[/]");
        }

        var report = await SuiteRunner.Run(
            options, engine, json ? null : new SuiteProgress(terminal, options.Tests.Count), cancellation).ConfigureAwait(false);
        if (options.ReportFolder is { } folder)
        {
            ReportForms.Write(ReportFolder.Create(folder, report));
        }

        if (json)
        {
            terminal.WriteJson(report, ReportContext.Default.SuiteReport);
        }
        else
        {
            SuiteText.Write(terminal, report, options.ReportFolder);
            if (Environment.GetEnvironmentVariable("GITHUB_ACTIONS") == "true")
                WriteAnnotations(terminal, report);
        }

        cancellation.ThrowIfCancellationRequested();
        if (report.Tests.Count > 0 && report.Tests.All(each => each.NeverStarted))
            return ExitCode.DeviceDied;
        return report.Breaks ? ExitCode.Failed : ExitCode.Ok;
    }

    private static void WriteAnnotations(Terminal terminal, SuiteReport report)
    {
        foreach (var line in GitHubAnnotations.Of(report))
            terminal.Out.WriteLine(line);
    }

    private static Device Find(string device)
    {
        var (folder, problem, suggestion) = DeviceFolders.Find(device, Directory.GetCurrentDirectory());
        return folder is not null
            ? DeviceReader.Read(folder)
            : throw new CommandException(ExitCode.Usage, problem, suggestion is null ? null : $"did you mean '{suggestion}'?");
    }

    /// <summary>The engine that was asked for, ready to make labs.</summary>
    internal static ILabEngine EngineFor(string? asked)
    {
        var engine = Engines.Asked(asked) ?? Engines.BuiltIn.All[0];
        engine.Enter();
        return engine.Check() is { } unfit ? throw new CommandException(ExitCode.Environment, unfit.Reason, unfit.Remedy) : engine;
    }

    private static Dialect ProtocolOf(string name) =>
        Dialect.All.First(each => string.Equals(each.Name, name, StringComparison.OrdinalIgnoreCase));

    private static (int Part, int Of)? ShardOf(string? text)
    {
        if (text is null)
            return null;
        return text.Split('/') is [var part, var of]
            && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var k)
            && int.TryParse(of, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && k >= 1 && k <= n
            ? (k, n)
            : throw new CommandException(ExitCode.Usage, $"'{text}' is no part of the tests", "the second of four parts is --shard 2/4");
    }

    /// <summary>How many tests are played at once.</summary>
    internal static int JobsOf(int? asked) => asked is < 1
        ? throw new CommandException(ExitCode.Usage, "--jobs is at least 1")
        : asked ?? (JobsPerProcessor * Environment.ProcessorCount);

    /// <summary>The patience that was asked for.</summary>
    internal static TimeSpan Seconds(double seconds) => seconds is > 0 and < 86_400
        ? TimeSpan.FromSeconds(seconds)
        : throw new CommandException(ExitCode.Usage, "--patience is a number of seconds, more than 0 and less than a day");
}
