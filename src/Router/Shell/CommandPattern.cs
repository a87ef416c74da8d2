namespace MulticastLab.Router.Shell;

/// <summary>One element of a pattern: a literal word, or an argument.</summary>
/// <param name="Word">The word; of an argument its name in angle brackets.</param>
/// <param name="Kind">The argument's kind; null for a word.</param>
internal sealed record PatternPlace(string Word, ArgumentKind? Kind)
{
    /// <summary>Whether it is the word itself.</summary>
    public bool IsExactly(string word) => Kind is null && Word.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a word of which this is the beginning, or an argument that this can be.</summary>
    public bool Accepts(string word) =>
        Kind?.Accepts(word) ?? (word.Length > 0 && Word.StartsWith(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// The form of a command: <c>show [ip] igmp groups [detail] [interface &lt;interface&gt;]</c>. What stands in square brackets may be left
/// out; what stands in braces, at the end, comes once or more.
/// </summary>
internal sealed class CommandPattern
{
    private readonly List<(IReadOnlyList<PatternPlace> Places, int Repeated)> variants;

    /// <summary>Reads a pattern.</summary>
    public CommandPattern(string text)
    {
        Text = text;
        var repetition = text.IndexOf('{', StringComparison.Ordinal);
        var tail = repetition < 0 ? [] : Places(text[(repetition + 1)..text.IndexOf('}', StringComparison.Ordinal)]);
        variants =
        [
            .. Expand(repetition < 0 ? text : text[..repetition])
                .Select(each => ((IReadOnlyList<PatternPlace>)[.. Places(each), .. tail], tail.Count)),
        ];
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>The ways to write the command.</summary>
    public IEnumerable<CommandVariant> Variants(ShellCommand command) =>
        variants.Select(each => new CommandVariant(command, each.Places, each.Repeated));

    // With the first part in brackets, and without it.
    private static IEnumerable<string> Expand(string text)
    {
        var open = text.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
            return [text];
        var close = text.IndexOf(']', open);
        return [.. Expand(text[..open] + text[(open + 1)..close] + text[(close + 1)..]), .. Expand(text[..open] + text[(close + 1)..])];
    }

    private static List<PatternPlace> Places(string text) =>
        [
            .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => new PatternPlace(word, word[0] == '<' ? ArgumentKind.All[word[1..^1]] : null)),
        ];
}

/// <summary>One way to write a command.</summary>
/// <param name="Command">The command.</param>
/// <param name="Places">The places in order.</param>
/// <param name="Repeated">How many places at the end come once or more.</param>
internal sealed record CommandVariant(ShellCommand Command, IReadOnlyList<PatternPlace> Places, int Repeated)
{
    /// <summary>The place of a word by its number; null when the command has ended before it.</summary>
    public PatternPlace? At(int number) =>
        number < Places.Count ? Places[number]
        : Repeated == 0 ? null
        : Places[Places.Count - Repeated + ((number - Places.Count) % Repeated)];

    /// <summary>Whether a command of so many words is whole.</summary>
    public bool IsWhole(int words) =>
        words == Places.Count || (words > Places.Count && Repeated > 0 && (words - Places.Count) % Repeated == 0);
}
