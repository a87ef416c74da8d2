using MulticastLab.Router.Cli;

namespace MulticastLab.Router;

/// <summary>The <c>router</c> executable.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => RouterCommand.Run(arguments);
}
