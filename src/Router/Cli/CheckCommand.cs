using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Configuration;

namespace MulticastLab.Router.Cli;

/// <summary><c>router check FILE</c>: says whether a configuration file is valid, and if not, everything that is wrong with it.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string> File = new("file") { Description = "The configuration file", HelpName = "FILE" };

    /// <summary>The command.</summary>
    public static Command Build()
    {
        var command = new Command("check", "Check a configuration file.") { File };
        command.Does(Run);
        return command;
    }

    private static ExitCode Run(ParseResult arguments)
    {
        var file = arguments.GetRequiredValue(File);
        if (ConfigurationOption.Read(() => ConfigurationReader.ReadFile(file)) is not { } options)
            return ExitCode.Invalid;
        Console.Out.WriteLine($"{file}: valid, {options.Interfaces.Count} {(options.Interfaces.Count == 1 ? "interface" : "interfaces")}");
        return ExitCode.Ok;
    }
}
