using MulticastLab.Router.Cli;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router;

/// <summary>The <c>router</c> executable.</summary>
internal static class Program
{
    private static int Main(string[] arguments) =>
        // Before anything is compiled or opened: what has to be given up is given up by re-executing the program.
        (int)(arguments is ["run", ..] && DaemonPrivileges.Reduce(arguments) is { } failure ? failure : RouterCommand.Run(arguments));
}
