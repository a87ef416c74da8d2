namespace MulticastLab.Router.Shell;

/// <summary>A command of the shell.</summary>
internal sealed class ShellCommand
{
    /// <summary>A command.</summary>
    /// <param name="pattern">Its form (<see cref="CommandPattern"/>).</param>
    /// <param name="help">What it does, in one line.</param>
    /// <param name="run">Does it.</param>
    public ShellCommand(string pattern, string help, Action<ShellSession, ShellArguments> run)
    {
        Pattern = new CommandPattern(pattern);
        Help = help;
        Run = run;
    }

    /// <summary>Its form.</summary>
    public CommandPattern Pattern { get; }

    /// <summary>What it does, in one line.</summary>
    public string Help { get; }

    /// <summary>Does it.</summary>
    public Action<ShellSession, ShellArguments> Run { get; }
}

/// <summary>What was written at the places of a command's pattern.</summary>
/// <param name="places">The places and the words there.</param>
internal sealed class ShellArguments(IReadOnlyList<(PatternPlace Place, string Word)> places)
{
    /// <summary>The first argument of a kind; null when there is none.</summary>
    public string? this[string kind] => All(kind).FirstOrDefault();

    /// <summary>All arguments of a kind.</summary>
    public IEnumerable<string> All(params string[] kinds) =>
        places.Where(each => each.Place.Kind is { } kind && kinds.Contains(kind.Name)).Select(each => each.Word);

    /// <summary>Whether the word is there.</summary>
    public bool Has(string word) => places.Any(each => each.Place.IsExactly(word));
}
