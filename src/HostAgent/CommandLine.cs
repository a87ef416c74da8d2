using System.CommandLine;
using System.CommandLine.Invocation;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Settings;
using MulticastLab.HostAgent.Commands;
using MulticastLab.Linux.Posix;

namespace MulticastLab.HostAgent;

/// <summary>The tree of commands, and how their outcomes become exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs a command line.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Diagnostics.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static ExitCode Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        // Signals are the commands' own business.
        var streams = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (arguments.Count == 0)
        {
            streams.Output = error;
            Root([]).Parse(["--help"]).Invoke(streams);
            return ExitCode.Usage;
        }

        var parsed = Root(arguments).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var complaint in parsed.Errors)
                error.WriteLine($"hostagent: {complaint.Message}");
            error.WriteLine(
                $"Try 'hostagent {(parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ")}--help'.");
            return ExitCode.Usage;
        }

        try
        {
            return (ExitCode)parsed.Invoke(streams);
        }
        catch (ControlException refused)
        {
            error.WriteLine($"hostagent: {refused.Message}");
            return refused.ExitCode;
        }
        catch (LinuxException failed)
        {
            error.WriteLine($"hostagent: {failed.Message}");
            return failed.IsPermission || failed.Error == Errno.NoSuchDevice ? ExitCode.Environment : ExitCode.Failed;
        }
    }

    private static RootCommand Root(IReadOnlyList<string> arguments)
    {
        var run = RunCommand.Create();
        var root = new RootCommand("The host of Multicast Lab: joins groups with source filters, sends and receives numbered datagrams.")
        {
            run,
            MembershipCommand.Join(),
            MembershipCommand.Leave(),
            MembershipCommand.Allow(),
            MembershipCommand.Block(),
            MembershipCommand.Listen(),
            ShowCommand.Create(),
            SendCommand.Create(),
            ReceiveCommand.Create(),
        };
        if (root.MayMean(run, arguments))
        {
            RunCommand.AddOptions(run);
            SettingsHelp.AddTo(root, RunCommand.Describe);
        }

        return root;
    }
}
