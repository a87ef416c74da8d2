using System.CommandLine;

namespace MulticastLab.Daemon;

/// <summary>What the commands of both programs have in common.</summary>
public static class CommandExtensions
{
    /// <summary>Says what a command does.</summary>
    /// <remarks>Not an overload of <c>SetAction</c>: a lambda would be taken for one without a result, and the exit code would be
    /// lost.</remarks>
    /// <param name="command">The command.</param>
    /// <param name="action">What it does; its result is the exit code.</param>
    public static void Does(this Command command, Func<ParseResult, ExitCode> action) => command.SetAction(parsed => (int)action(parsed));

    /// <summary>Whether a command line may mean a command, so that it has to have its options: it names no other one.</summary>
    /// <remarks>
    /// A command with fifty options takes a while to build, and those who ask for another command should not have to wait for it.
    /// </remarks>
    /// <param name="root">The program's command.</param>
    /// <param name="command">One of its commands.</param>
    /// <param name="arguments">The command line, without the program's name.</param>
    public static bool MayMean(this RootCommand root, Command command, IReadOnlyList<string> arguments) =>
        arguments is not [var first, ..] || root.Subcommands.All(each => each == command || each.Name != first);
}
