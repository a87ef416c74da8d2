namespace MulticastLab.Router.Shell;

/// <summary>What may come next in a line.</summary>
/// <param name="Word">The word, or an argument's name in angle brackets.</param>
/// <param name="Help">What it is.</param>
internal readonly record struct NextWord(string Word, string Help);

/// <summary>A line that is not a valid command.</summary>
internal sealed class ShellException(string message) : Exception(message);

/// <summary>
/// The commands: finds the one that a line means, and says what may come next in a line. Words may be abbreviated as long as they are
/// unambiguous.
/// </summary>
internal sealed class CommandSet(IReadOnlyList<ShellCommand> commands)
{
    private readonly List<CommandVariant> variants = [.. commands.SelectMany(each => each.Pattern.Variants(each))];

    /// <summary>The commands.</summary>
    public IReadOnlyList<ShellCommand> Commands => commands;

    /// <summary>Finds the command that these words mean.</summary>
    /// <exception cref="ShellException">There is none, more than one, or a word is missing.</exception>
    public (ShellCommand Command, ShellArguments Arguments) Find(IReadOnlyList<string> words)
    {
        var fitting = Follow(words);
        var whole = fitting.Find(each => each.IsWhole(words.Count))
            ?? throw new ShellException($"Command incomplete: {string.Join(' ', words)} ... ({Expected(fitting, words.Count)})");
        return (whole.Command, new ShellArguments([.. words.Select((word, number) => (whole.At(number)!, word))]));
    }

    /// <summary>What may stand at the end of these words, and whether nothing has to.</summary>
    /// <param name="words">The words before.</param>
    /// <param name="begun">The beginning of the word being written.</param>
    public IReadOnlyList<NextWord> Next(IReadOnlyList<string> words, string begun)
    {
        var fitting = TryFollow(words);
        var next = fitting.Select(each => (each.Command, Place: each.At(words.Count)))
            .Where(each => each.Place is { } place && (begun.Length == 0 || place.Accepts(begun)))
            .Select(each => new NextWord(each.Place!.Word, each.Place.Kind?.Help ?? WordHelp.Of(each.Place.Word, each.Command)))
            .DistinctBy(each => each.Word).OrderBy(each => each.Word, StringComparer.Ordinal).ToList();
        if (begun.Length == 0 && fitting.Find(each => each.IsWhole(words.Count)) is { } whole)
            next.Insert(0, new NextWord("<cr>", whole.Command.Help));
        return next;
    }

    /// <summary>The words that the one being written can become.</summary>
    public IReadOnlyList<string> Complete(IReadOnlyList<string> words, string begun, ILiveValues live) =>
    [
        .. TryFollow(words).Select(each => each.At(words.Count)).OfType<PatternPlace>().DistinctBy(each => each.Word)
            .SelectMany(place => place.Kind?.Values(live, words) ?? [place.Word])
            .Where(each => each.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Distinct().Order(StringComparer.Ordinal),
    ];

    private List<CommandVariant> TryFollow(IReadOnlyList<string> words)
    {
        try
        {
            return Follow(words);
        }
        catch (ShellException)
        {
            return [];
        }
    }

    private List<CommandVariant> Follow(IReadOnlyList<string> words)
    {
        var fitting = variants;
        for (var number = 0; number < words.Count; number++)
        {
            var word = words[number];
            var next = fitting.FindAll(each => each.At(number)?.Accepts(word) ?? false);
            if (next.Count == 0)
                throw new ShellException($"Unknown command: {string.Join(' ', words)} (at '{word}'; {Expected(fitting, number)})");
            // A full word takes precedence over an abbreviated one, and that over an argument.
            if (next.FindAll(each => each.At(number)!.IsExactly(word)) is { Count: > 0 } exact)
                next = exact;
            else if (next.FindAll(each => each.At(number)!.Kind is null) is { Count: > 0 } cutShort)
                next = cutShort;
            var meanings = next.Select(each => each.At(number)!)
                .Where(each => each.Kind is null)
                .Select(each => each.Word)
                .Distinct()
                .ToList();
            if (meanings.Count > 1)
                throw new ShellException(
                    $"Ambiguous command: '{word}' may be {string.Join(" or ", meanings.Order(StringComparer.Ordinal))}");
            fitting = next;
        }

        return fitting;
    }

    private static string Expected(List<CommandVariant> fitting, int number)
    {
        var words = fitting.Select(each => each.At(number)?.Word).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        return words.Count == 0 ? "nothing more is expected" : $"expected: {string.Join(", ", words)}";
    }
}
