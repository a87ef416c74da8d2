using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Labs;

/// <summary>What SCENARIO on the command line means: the name of a folder in <c>topologies/</c>, or the path of a folder.</summary>
internal static class ScenarioFolder
{
    /// <summary>The argument, with the known names as completions.</summary>
    public static Argument<string> Argument(
        string description = "A name that 'labrunner list' shows, or the path of a folder with a lab.conf")
    {
        var argument = new Argument<string>("scenario") { Description = description, HelpName = "scenario" };
        argument.CompletionSources.Add(_ => Names());
        return argument;
    }

    /// <summary>The same, any number of them.</summary>
    public static Argument<string[]> Arguments()
    {
        var arguments = new Argument<string[]>("scenario")
        {
            Description = "Names that 'labrunner list' shows, or paths of folders with a lab.conf",
            HelpName = "scenario",
            Arity = ArgumentArity.ZeroOrMore,
        };
        arguments.CompletionSources.Add(_ => Names());
        return arguments;
    }

    /// <summary>The names in <c>topologies/</c>, in order.</summary>
    public static IReadOnlyList<string> Names() =>
        Home.Find() is { } home && Path.Combine(home, "topologies") is var topologies && Directory.Exists(topologies)
            ?
            [
                .. Directory
                    .GetDirectories(topologies)
                    .Where(HasLab)
                    .Select(folder => Path.GetFileName(folder))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The folder that is meant.</summary>
    /// <exception cref="CommandException">There is no such scenario: a usage error that lists those that are.</exception>
    public static string Locate(string scenario)
    {
        // A name wins over a folder of the same name in the present one: what README says works everywhere.
        if (!scenario.Contains('/', StringComparison.Ordinal))
        {
            if (Names().Contains(scenario))
                return Path.Combine(Home.Find()!, "topologies", scenario);
            if (!Directory.Exists(scenario))
            {
                throw new CommandException(ExitCode.Usage, $"there is no scenario '{scenario}'",
                    Names() is { Count: > 0 } names ? $"there are: {string.Join(", ", names)}; a path to a folder works too" : null);
            }
        }

        return Path.TrimEndingDirectorySeparator(scenario);
    }

    /// <summary>The path as it is, or the folder of the scenario of that name where no such path is there.</summary>
    public static string OrPath(string path) =>
        !Directory.Exists(path) && Names().Contains(path) ? Locate(path) : path;

    /// <summary>The topology that is meant.</summary>
    /// <exception cref="InvalidFileException">Something is wrong with its files.</exception>
    public static Topology Read(string scenario) => TopologyReader.Read(Locate(scenario));

    private static bool HasLab(string folder) => File.Exists(Path.Combine(folder, "lab.conf"));
}
