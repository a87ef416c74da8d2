using System.CommandLine;
using System.CommandLine.Invocation;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Settings;

namespace MulticastLab.Router.Cli;

/// <summary>The command line <c>router run|check|show|events|config|set|reload|clear|mroute|shell</c>.</summary>
internal static class RouterCommand
{
    /// <summary>Parses and runs.</summary>
    /// <returns>The exit code.</returns>
    public static ExitCode Run(string[] arguments)
    {
        var result = Build(arguments).Parse(arguments);
        if (result.Action is not ParseErrorAction)
            return (ExitCode)result.Invoke();
        foreach (var error in result.Errors)
            Console.Error.WriteLine($"router: {error.Message}");
        Console.Error.WriteLine("router: try 'router --help'");
        return ExitCode.Usage;
    }

    /// <summary>The commands.</summary>
    /// <param name="arguments">The command line; <c>run</c> has its options only when it may mean that.</param>
    public static RootCommand Build(params IReadOnlyList<string> arguments)
    {
        var run = RunCommand.Build();
        var root = new RootCommand("An IGMPv3 router (RFC 9776): querier election, group membership, kernel forwarding.")
        {
            run,
            CheckCommand.Build(),
            ShowCommand.Build(),
            EventsCommand.Build(),
            ConfigurationCommand.BuildConfig(),
            ConfigurationCommand.BuildSet(),
            ConfigurationCommand.BuildReload(),
            ConfigurationCommand.BuildClear(),
            MulticastRouteCommand.Build(),
            ShellCommandLine.Build(),
        };
        if (root.MayMean(run, arguments))
        {
            RunCommand.AddOptions(run);
            SettingsHelp.AddTo(root, RunCommand.Describe);
        }

        return root;
    }

    /// <summary>The option <c>--control</c> of every command.</summary>
    public static Option<string?> ControlOption() => new("--control")
    {
        Description = "The control socket's path (default: /run/multicast-lab/router.sock, or a folder of the user's own)",
        HelpName = "PATH",
    };
}
