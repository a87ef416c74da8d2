using CommandLine = MulticastLab.HostAgent.CommandLine;

namespace MulticastLab.Tests.HostAgent;

/// <summary>Runs hostagent's command line in this process.</summary>
internal static class CommandLineRun
{
    /// <summary>The exit code and what was printed.</summary>
    public static (int Exit, string Output, string Error) Of(params IEnumerable<string> arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = (int)CommandLine.Run([.. arguments], output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
