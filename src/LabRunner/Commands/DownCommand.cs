using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner down [SCENARIO|--all]</c>: takes labs down. <c>labrunner wipe</c>: removes what dead runners left.</summary>
internal static class DownCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenario = new Argument<string?>("scenario")
        {
            HelpName = "scenario",
            Description = "The lab's scenario or id; not needed while only one is up",
            Arity = ArgumentArity.ZeroOrOne,
        };
        scenario.CompletionSources.Add(_ => LabSelection.Living().SelectMany(lab => new[] { lab.Id, lab.Topology.Name }).Distinct());
        var all = new Option<bool>("--all") { Description = "All labs that up has left; those in a run end with the run" };
        var json = Common.Json();
        var command = new Command("down", "Take a lab down") { scenario, all, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && result.GetValue(scenario) is not null)
                result.AddError("Name a scenario or give --all, not both.");
        });
        return command.Does(
            terminal,
            (parsed, _) =>
            {
                IReadOnlyList<LabRecord> labs = parsed.GetValue(all)
                    ? [.. LabSelection.Living().Where(lab => lab.Detached)]
                    : [LabSelection.Choose(parsed.GetValue(scenario))];
                foreach (var lab in labs)
                    TakeDown(terminal, lab, alone: labs.Count == 1, parsed.GetValue(json));
                if (labs.Count == 0 && !parsed.GetValue(json))
                    terminal.Write("No lab is up.");
                return Task.FromResult(ExitCode.Ok);
            });
    }

    public static Command CreateWipe(Terminal terminal)
    {
        var json = Common.Json();
        return new Command("wipe", "Remove what labs left whose runner was killed; labs that are up stay") { json }.Does(
            terminal,
            (parsed, _) =>
            {
                var cleared = Engines.Labs.Wipe();
                if (parsed.GetValue(json))
                    terminal.WriteJson(cleared, DocumentContext.Default.IEnumerableString);
                else if (cleared.Count == 0)
                    terminal.Write("Nothing was left behind.");
                foreach (var name in parsed.GetValue(json) ? [] : cleared)
                    terminal.Write($"Removed what was left of {OutsideText.Markup(name)}.");
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static void TakeDown(Terminal terminal, LabRecord lab, bool alone, bool asJson)
    {
        // Every lab of an ordinary user has a user namespace of its own, and a process can enter one only: each needs a process then.
        if (!alone && !Environment.IsPrivilegedProcess)
        {
            using var other = Process.Start(Environment.ProcessPath!, asJson ? ["down", lab.Id, "--json"] : ["down", lab.Id]);
            other.WaitForExit();
            if (other.ExitCode != 0)
                throw new CommandException((ExitCode)other.ExitCode, $"{lab.Id} is not down");
            return;
        }

        lab.Enter();
        var started = Stopwatch.GetTimestamp();
        LabRegistry.Down(lab);
        var took = Stopwatch.GetElapsedTime(started);
        if (asJson)
            terminal.WriteJsonLine(new LabIsDown(lab.Id, Down: true, took.TotalSeconds), DocumentContext.Default.LabIsDown);
        else
            terminal.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"[green]{OutsideText.Markup(lab.Topology.Name)} is down[/] [grey]({OutsideText.Markup(lab.Id)}, "
                        + $"{took.TotalSeconds:0.00} s)[/]"));
    }
}
