using System.CommandLine;
using System.CommandLine.Invocation;
using MulticastLab.Conformance.Reports;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines;
using MulticastLab.LabRunner.Commands;
using MulticastLab.LabRunner.Commands.Conformance;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner;

/// <summary>The tree of commands, and how their outcomes become exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs a command line.</summary>
    public static async Task<ExitCode> Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            return await ParseAndRun(arguments, terminal).ConfigureAwait(false);
        }
        catch (IOException gone) when (Terminal.IsReaderGone(gone))
        {
            // The reader (head, a pager) has seen enough.
            return ExitCode.Ok;
        }
    }

    private static async Task<ExitCode> ParseAndRun(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var parsed = Root(terminal).Parse(arguments);
        var streams = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // Long enough for a lab to be taken down after Ctrl-C; in exec the keyboard's signals are the command's.
            ProcessTerminationTimeout = parsed.CommandResult.Command.Name == ExecCommand.Name ? null : TimeSpan.FromSeconds(10),
        };

        if (arguments.Count == 0)
        {
            // No command was given: list the commands.
            await Root(terminal)
                .Parse(["--help"])
                .InvokeAsync(new InvocationConfiguration { Output = terminal.Error })
                .ConfigureAwait(false);
            return ExitCode.Usage;
        }

        if (parsed.Action is ParseErrorAction complaint)
        {
            complaint.ShowHelp = false;
            // All of it is a diagnostic.
            streams.Output = terminal.Error;
            await parsed.InvokeAsync(streams).ConfigureAwait(false);
            await terminal.Error.WriteLineAsync($"Try 'labrunner {Path(parsed)}--help'.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        return (ExitCode)await parsed.InvokeAsync(streams).ConfigureAwait(false);
    }

    /// <summary>The whole tree.</summary>
    public static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Multicast Lab: IGMPv3 routers and hosts on real packets, and a verdict that cites the RFC.");
        Command[] commands =
        [
            ListCommand.Create(terminal),
            RunCommand.Create(terminal),
            ConformanceCommand.Create(terminal),
            UpCommand.Create(terminal),
            StatusCommand.Create(terminal),
            StateCommand.Create(terminal),
            .. MembershipCommands.CreateAll(terminal),
            ExecCommand.Create(terminal),
            WatchCommand.Create(terminal),
            CaptureCommand.Create(terminal),
            InspectCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            GraphCommand.Create(terminal),
            DownCommand.Create(terminal),
            DownCommand.CreateWipe(terminal),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        ];
        foreach (var command in commands)
            root.Add(command);
        return root;
    }

    /// <summary>Gives a command its action, with exceptions turned into messages and exit codes.</summary>
    public static Command Does(this Command command, Terminal terminal, Func<ParseResult, CancellationToken, Task<ExitCode>> action)
    {
        command.SetAction(
            async (parsed, cancellation) =>
                (int)await Guard(terminal, () => action(parsed, cancellation), cancellation).ConfigureAwait(false));
        return command;
    }

    private static async Task<ExitCode> Guard(Terminal terminal, Func<Task<ExitCode>> action, CancellationToken cancellation)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Complain("interrupted");
            return ExitCode.Interrupted;
        }
        catch (InvalidFileException invalid)
        {
            // file:line:column first, as editors and CI systems read it.
            foreach (var problem in invalid.Problems)
                await terminal.Error.WriteLineAsync(problem.ToString()).ConfigureAwait(false);
            return ExitCode.Invalid;
        }
        catch (EnvironmentUnfitException unfit)
        {
            terminal.Complain(unfit.Unfitness.Reason, unfit.Unfitness.Remedy);
            return ExitCode.Environment;
        }
        catch (LabSetupException failure)
        {
            terminal.Complain(failure.Message);
            return ExitCode.SetUpFailed;
        }
        catch (DeviceDiedException dead)
        {
            terminal.Complain(dead.Message);
            return ExitCode.DeviceDied;
        }
        catch (NodeRefusedException refused)
        {
            terminal.Complain(refused.Message);
            return refused.ExitCode;
        }
        catch (UnfitReportsException unfit)
        {
            terminal.Complain(unfit.Message);
            return ExitCode.Usage;
        }
        catch (CommandException failure)
        {
            terminal.Complain(failure.Message, failure.Remedy);
            return failure.Code;
        }
#pragma warning disable CA1031 // Whatever it is, the exit code stays one of those that are documented.
        catch (Exception unforeseen) when (!Terminal.IsReaderGone(unforeseen))
#pragma warning restore CA1031
        {
            terminal.Complain($"this should not have happened: {unforeseen}");
            return ExitCode.Failed;
        }
    }

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (
            var each = parsed.CommandResult;
            each?.Command is not (null or RootCommand);
            each = each.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, each.Command.Name + " ");
        return string.Concat(names);
    }
}
