using System.CommandLine;

namespace MulticastLab.Daemon;

/// <summary>Commands that end with an <see cref="ExitCode"/>.</summary>
public static class CommandExtensions
{
    /// <summary>Says what a command does.</summary>
    /// <remarks>Not an overload of <c>SetAction</c>: a lambda would be taken for one without a result, and the exit code be lost.</remarks>
    /// <param name="command">The command.</param>
    /// <param name="action">What it does, and how it has ended.</param>
    public static void Does(this Command command, Func<ParseResult, ExitCode> action) => command.SetAction(parsed => (int)action(parsed));
}
