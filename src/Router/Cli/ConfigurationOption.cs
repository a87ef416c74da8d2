using System.CommandLine;
using System.CommandLine.Parsing;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Packets.Text;

namespace MulticastLab.Router.Cli;

/// <summary>
/// The option <c>--config</c> of <c>router run</c>. What the file can set is set by the file alone: it can only be combined with the
/// control socket's path, so that nothing in the file is overridden unnoticed, and a reload means exactly what the file says.
/// </summary>
internal static class ConfigurationOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Option { get; } = new("--config")
    {
        Description = "A configuration file (docs/router-configuration.md) in place of the other options",
        HelpName = "FILE",
    };

    /// <summary>Refuses other options together with a file, and a command line with neither interfaces nor a file.</summary>
    /// <param name="command">The command line.</param>
    /// <param name="isInterfaceGiven">Whether an interface is named.</param>
    /// <param name="beside">The options that may be combined with a file.</param>
    public static void Check(CommandResult command, bool isInterfaceGiven, params Option[] beside)
    {
        if (command.GetValue(Option) is null)
        {
            if (!isInterfaceGiven)
                command.AddError("an --interface is needed, or a --config");
            return;
        }

        foreach (
            var other in command
                .Children.OfType<OptionResult>()
                .Where(each => !each.Implicit && each.Option != Option && !beside.Contains(each.Option)))
            command.AddError($"{other.Option.Name} cannot be combined with --config: write it into the file");
    }

    /// <summary>Reads files; what is wrong with them goes to stderr.</summary>
    /// <returns>What they say; null when they are wrong.</returns>
    public static RouterOptions? Read(Func<RouterOptions> read)
    {
        try
        {
            return read();
        }
        catch (InvalidFileException invalid)
        {
            Console.Error.WriteLine(invalid.Message);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"router: {unreadable.Message}");
        }

        return null;
    }
}
