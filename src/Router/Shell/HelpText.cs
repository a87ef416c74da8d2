using MulticastLab.Router.Output;

namespace MulticastLab.Router.Shell;

/// <summary>Help as text.</summary>
internal static class HelpText
{
    /// <summary>All commands with what they do.</summary>
    public static string All(CommandSet set) => Lines(set.Commands)
        + "\n\nWords may be abbreviated: sh ig gr. Tab completes, ? shows what may come next, Ctrl-R searches earlier lines.";

    /// <summary>The commands that begin with these words.</summary>
    /// <exception cref="ShellException">There are none.</exception>
    public static string Of(CommandSet set, IReadOnlyList<string> words)
    {
        var fitting = set
            .Commands.Where(command =>
                command
                    .Pattern.Variants(command)
                    .Any(variant =>
                        words.Count <= variant.Places.Count && words.Index().All(each => variant.At(each.Index)!.Accepts(each.Item))))
            .ToList();
        return fitting.Count > 0
            ? Lines(fitting)
            : throw new ShellException($"Unknown command: {string.Join(' ', words)}; 'help' lists all of them");
    }

    /// <summary>What may come next, as <c>?</c> shows it.</summary>
    public static string Next(IReadOnlyList<NextWord> next)
    {
        var table = new TextTable("", "");
        foreach (var (word, help) in next)
            table.Add($"  {word}", help);
        return string.Join('\n', table.ToString().Split('\n').Skip(1));
    }

    /// <summary>All commands as a table of the documentation.</summary>
    public static string Markdown(CommandSet set) =>
        "| command | what it does |\n|---|---|\n"
        + string.Concat(set.Commands.Select(each => $"| `{each.Pattern.Text}` | {each.Help} |\n"));

    private static string Lines(IEnumerable<ShellCommand> commands)
    {
        var table = new TextTable("", "");
        foreach (var command in commands)
            table.Add(command.Pattern.Text, command.Help);
        return string.Join('\n', table.ToString().Split('\n').Skip(1));
    }
}
