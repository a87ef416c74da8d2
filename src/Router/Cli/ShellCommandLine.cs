using System.CommandLine;
using System.Runtime.InteropServices;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Router.Shell;

namespace MulticastLab.Router.Cli;

/// <summary><c>router shell</c>: commands to the running router, at a terminal, from a pipe, or with <c>-c</c>.</summary>
internal static class ShellCommandLine
{
    private static readonly Option<string[]> Lines = new("-c", "--command")
    {
        Description = "Run this command and end; may be given several times, and ends at the first that fails",
        HelpName = "COMMAND",
    };

    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    /// <summary>The command.</summary>
    public static Command Build()
    {
        var command = new Command(
            "shell", "Give commands to the running router: at a terminal with completion and help, or line by line from a pipe.")
        {
            Lines,
            Control,
        };
        command.Does(Run);
        return command;
    }

    private static ExitCode Run(ParseResult arguments)
    {
        var isTalk = arguments.GetValue(Lines) is not { Length: > 0 } && RawTerminal.IsTerminal(StandardTerminal.Input);
        var session = new ShellSession(arguments.GetValue(Control) ?? ControlPaths.ForClient("router"), Console.Out)
        {
            History = new History(isTalk ? History.UsualPath : null),
        };
        var shell = new RouterShell(session, Console.Error);
        if (isTalk)
        {
            session.Print("The router's shell. Tab completes, ? helps, Ctrl-D ends.");
            return shell.Talk("router> ");
        }

        using var interrupt = Signals.Catch(PosixSignal.SIGINT, session.Interrupt);
        return shell.RunAll(arguments.GetValue(Lines) is { Length: > 0 } given ? given : Piped());
    }

    private static IEnumerable<string> Piped()
    {
        while (Console.In.ReadLine() is { } line)
            yield return line;
    }
}
