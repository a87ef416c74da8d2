using System.CommandLine;
using System.Runtime.InteropServices;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner exec NODE -- CMD</c>: a command inside a node, on this terminal.</summary>
internal static class ExecCommand
{
    public const string Name = "exec";

    public static Command Create(Terminal terminal)
    {
        var node = LabSelection.Node();
        var command = new Argument<string[]>("command")
        {
            Description = "The command and its arguments, after --",
            Arity = ArgumentArity.OneOrMore,
        };
        var lab = LabSelection.Option();
        return new Command(Name, "Run a command inside a node") { node, command, lab }.Does(terminal, (parsed, _) =>
        {
            var record = LabSelection.Enter(parsed.GetValue(lab));
            var chosen = LabSelection.NodeOf(record, parsed.GetRequiredValue(node));
            return Task.FromResult((ExitCode)Run(record, chosen.Name, parsed.GetRequiredValue(command)));
        });
    }

    /// <summary>Runs a command inside a node; it gets the signals of the keyboard, and its exit code is the result.</summary>
    public static int Run(LabRecord lab, string node, IReadOnlyList<string> command)
    {
        // Ctrl-C is for the command, which is in the same process group; a shell does not end of it.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);
        return NodeCommand.Run(lab, node, command);
    }
}
