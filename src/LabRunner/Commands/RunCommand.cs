using System.CommandLine;
using System.Diagnostics;
using MulticastLab.Daemon;
using MulticastLab.Lab;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Scenarios.Pages;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Running;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner run SCENARIO …</c>: plays scenarios and gives the verdict.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenarios = ScenarioFolder.Arguments();
        var all = new Option<bool>("--all") { Description = "All scenarios" };
        var jobs = new Option<int?>("--jobs") { Description = "How many of several scenarios at once" };
        var engine = Engines.Option();
        var stack = Engines.HostStack();
        var seed = new Option<int>("--seed") { Description = "Seed of everything random in a simulated run", DefaultValueFactory = _ => 1 };
        var keep = new Option<bool>("--keep") { Description = "Leave the lab up after the run" };
        var accept = new Option<bool>("--accept")
        {
            Description =
                "Accept the simulated run as verified evidence into captures/, and its page into docs/scenarios/, if it passes; review the "
                    + "difference with git",
        };
        var evidence = new Option<string?>("--evidence")
        {
            Description =
                "Where the folder with the evidence goes (default: artifacts/evidence in the source tree, or "
                    + "~/.cache/multicast-lab/evidence)",
            HelpName = "folder",
        };
        var json = Common.Json();
        var command = new Command("run", "Play scenarios and give the verdict")
        {
            scenarios, all, jobs, engine, stack, seed, keep, accept, evidence, json,
        };
        return command.Does(terminal, async (parsed, cancellation) =>
        {
            var names = parsed.GetValue(scenarios) ?? [];
            var plays = Plays(names, parsed.GetValue(all));
            var several = parsed.GetValue(all) || plays.Count > 1;
            var accepts = parsed.GetValue(accept);
            if (accepts && (Engines.Asked(parsed.GetValue(engine)) is { Capabilities.IsReproducible: false } || parsed.GetValue(seed) != 1))
                throw new CommandException(ExitCode.Usage, "only the simulated run with seed 1 is verified "
                    + "evidence", $"{Invocation.Name} run {plays[0].Scenario.Name} --accept");
            if (parsed.GetValue(keep) && several)
                throw new CommandException(ExitCode.Usage, "only the lab of one scenario can stay up");
            if (parsed.GetValue(jobs) is { } atOnce && (atOnce < 1 || !several))
                throw new CommandException(ExitCode.Usage, "--jobs is for several scenarios, and at least 1");
            var world = Choose(terminal, accepts ? Engines.Reproducible : Engines.Asked(parsed.GetValue(engine)), parsed.GetValue(keep));
            var hosts = new AskedHosts(
                parsed.GetValue(stack), parsed.GetResult(stack) is { Implicit: false }, world.Capabilities.HasKernelHosts);
            var options = new RunOptions { Seed = parsed.GetValue(seed) };
            var results = several
                ? await SeveralRuns.Play(
                    terminal, plays, world, options, hosts, EvidenceRoot(parsed.GetValue(evidence)), parsed.GetValue(jobs),
                    parsed.GetValue(json), cancellation).ConfigureAwait(false)
                :
                [
                    await PlayOne(
                        terminal, plays[0], world, options with { HostStack = hosts.For(plays[0].Scenario) },
                        EvidenceRoot(parsed.GetValue(evidence)), parsed.GetValue(json), cancellation).ConfigureAwait(false),
                ];
            if (accepts)
            {
                foreach (var result in results)
                    Accept(terminal, result);
            }

            return results.All(each => each.Passed) ? ExitCode.Ok : ExitCode.Failed;
        });
    }

    private static async Task<ScenarioResult> PlayOne(
        Terminal terminal, ScenarioPlay play, ILabEngine world, RunOptions options, string evidence, bool json,
        CancellationToken cancellation)
    {
        if (!json)
            Announce(terminal, play.Scenario, world, options.HostStack, options.Seed);

        var started = Stopwatch.GetTimestamp();
        ScenarioResult result;
        try
        {
            result = await ScenarioRunner.Run(play.Scenario, play.Topology, world, options with
            {
                EvidenceDirectory = EvidenceFolder.Next(evidence, play.Scenario.Name, world.Name),
                Observer = json ? null : new RunProgress(terminal, TimeProvider.System),
            }, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (world is KeptLabs { Lab: { } interrupted })
        {
            if (Engines.Labs.Find(interrupted) is { } record)
                LabRegistry.Down(record);
            throw;
        }

        var took = Stopwatch.GetElapsedTime(started);

        if (json)
            terminal.WriteJson(RunDocument.Of(result, took), DocumentContext.Default.RunDocument);
        else
            RunReport.Write(terminal, result, took);
        if (world is KeptLabs { Lab: { } kept })
            terminal.Complain($"the lab stays up as {kept}", $"{Invocation.Name} watch --lab {kept}\n{Invocation.Name} down {kept}");
        return result;
    }

    private static IReadOnlyList<ScenarioPlay> Plays(string[] names, bool all)
    {
        if (all == names.Length > 0)
            throw new CommandException(ExitCode.Usage, "name scenarios, or say --all", $"{Invocation.Name} list");
        return [.. (all ? ScenarioCatalog.BuiltIn.All.Select(each => each.Name) : names).Distinct().Select(ScenarioPlay.Of)];
    }

    private static void Accept(Terminal terminal, ScenarioResult result)
    {
        var home = Home.Find() ?? throw new CommandException(ExitCode.Environment, "there is no source tree to accept into");
        var captures = Path.Combine(home, "captures");
        if ((GoldenFiles.Compare(result, captures, accept: true) ?? ScenarioPages.Compare(result, home, accept: true)
            ?? ScenarioPages.CompareIndex(ScenarioCatalog.BuiltIn, home, accept: true)) is { } difference)
            throw new CommandException(ExitCode.Failed, difference);
        terminal.Complain($"accepted into {captures}");
    }

    /// <summary>
    /// The engine that was asked for; otherwise one of real packets, and where that is unavailable the simulated world, with a notice.
    /// </summary>
    private static ILabEngine Choose(Terminal terminal, ILabEngine? asked, bool keep)
    {
        if (asked is { Capabilities.LabsCanStay: false } && keep)
            throw new CommandException(ExitCode.Usage, "a simulated lab cannot stay up");
        var engine = asked ?? Engines.BuiltIn.All[0];
        engine.Enter();
        if (engine.Check() is not { } unfit)
            return keep ? new KeptLabs(engine) : engine;
        if (asked is not null || keep)
            throw new CommandException(ExitCode.Environment, unfit.Reason, unfit.Remedy);
        terminal.Error.WriteLine("""
            **********************************************************************
            No real packets: labs in namespaces cannot be made here.
            This run is SIMULATED: the protocol cores under a virtual clock.
            **********************************************************************
            """);
        terminal.Complain(unfit.Reason, unfit.Remedy);
        return Engines.Reproducible;
    }

    private static void Announce(Terminal terminal, ScenarioInfo scenario, ILabEngine world, HostStack stack, int seed)
    {
        var how = !world.Capabilities.UsesWallClock
            ? $"{world.Name} world, seed {seed}: virtual clock, the RFC's default timers"
            : $"{world.Name}: real packets, {(stack == HostStack.Kernel ? "the kernel's IGMP" : "our own host stack")} on the hosts, "
                + "short timers";
        terminal.Write($"[bold]{OutsideText.Markup(scenario.Name)}[/]  {OutsideText.Markup(scenario.Description)}");
        terminal.Write($"[grey]{OutsideText.Markup(how)}[/]");
        terminal.Write("");
    }

    private static string EvidenceRoot(string? asked)
    {
        if (asked is not null)
            return asked;
        if (Home.Find() is { } home && TryMake(Path.Combine(home, "artifacts", "evidence")) is { } inTree)
            return inTree;
        if (
            Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } own
            && TryMake(Path.Combine(own, ".cache", "multicast-lab", "evidence")) is { } inCache)
            return inCache;
        return Directory.CreateTempSubdirectory("multicast-lab-evidence-").FullName;
    }

    // The tree may belong to somebody else.
    private static string? TryMake(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, Path.GetRandomFileName());
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return folder;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
