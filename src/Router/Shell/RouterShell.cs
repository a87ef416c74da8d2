using System.Runtime.InteropServices;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Shell;

/// <summary>The shell: takes lines, one after the other, and runs the commands that they mean.</summary>
/// <param name="session">What commands work with.</param>
/// <param name="errors">Where errors are reported.</param>
internal sealed class RouterShell(ShellSession session, TextWriter errors)
{
    /// <summary>Runs a line. Nothing, or what follows <c>#</c> or <c>!</c>, is no command.</summary>
    /// <returns>The exit code: 0 when all went well.</returns>
    public ExitCode Run(string line)
    {
        var words = ShellWords.SplitWhole(line);
        if (words.Count == 0 || words[0][0] is '#' or '!')
            return ExitCode.Ok;
        try
        {
            if (words[^1] == "?")
            {
                session.Print(HelpText.Next(ShellCommands.All.Next(words[..^1], "")));
                return ExitCode.Ok;
            }

            var (command, arguments) = ShellCommands.All.Find(words);
            command.Run(session, arguments);
            return ExitCode.Ok;
        }
        catch (ShellException wrong)
        {
            return Fail(wrong.Message, ExitCode.Usage);
        }
        catch (ControlException refused)
        {
            return Fail(refused.Message, refused.ExitCode);
        }
        catch (LinuxException refused)
        {
            return Fail(refused.Message, refused.IsPermission ? ExitCode.Environment : ExitCode.Failed);
        }
    }

    /// <summary>Runs lines until one fails or ends the shell.</summary>
    /// <returns>The exit code of the line that failed; 0 when none did.</returns>
    public ExitCode RunAll(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (Run(line) is not ExitCode.Ok and var failed)
                return failed;
            if (session.Ended)
                break;
        }

        return ExitCode.Ok;
    }

    /// <summary>Talks with a user at a terminal until the user quits. A line that fails does not end it.</summary>
    /// <returns>The exit code: 0.</returns>
    public ExitCode Talk(string prompt)
    {
        using var interrupt = Signals.Catch(PosixSignal.SIGINT, () =>
        {
            session.Interrupt();
            return true;
        });
        var terminal = new StandardTerminal();
        var editor = new LineEditor(terminal, session.History, ShellCommands.All, session);
        while (!session.Ended && ReadLine(editor, prompt) is { } line)
        {
            if (line.Trim().Length == 0)
                continue;
            session.History.Add(line.Trim());
            Run(line);
        }

        return ExitCode.Ok;
    }

    private static string? ReadLine(LineEditor editor, string prompt)
    {
        // Only while a line is edited: a command's output needs lines, and Ctrl-C to interrupt it.
        using var raw = RawTerminal.Enter(StandardTerminal.Input);
        return editor.ReadLine(prompt);
    }

    private ExitCode Fail(string message, ExitCode exitCode)
    {
        foreach (var line in message.Split('\n'))
            errors.WriteLine($"% {line}");
        return exitCode;
    }
}
