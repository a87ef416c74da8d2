namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The words after a command, one after the other; <c>--name=value</c> is two.</summary>
internal sealed class StartupOptions
{
    private readonly List<StartupWord> words;
    private int at = -1;

    public StartupOptions(IReadOnlyList<StartupWord> command) => words = [.. command.Skip(2).SelectMany(Split)];

    public StartupWord? Next() => ++at < words.Count ? words[at] : null;

    public StartupWord Value() => at + 1 < words.Count ? words[++at] : throw words[at].Unknown($"'{words[at].Text}' without a value");

    private static IEnumerable<StartupWord> Split(StartupWord word)
    {
        var equals = word.Text.StartsWith("--", StringComparison.Ordinal) ? word.Text.IndexOf('=', StringComparison.Ordinal) : -1;
        if (equals < 0)
            return [word];
        return
        [word with { Text = word.Text[..equals] }, word with { Text = word.Text[(equals + 1)..], Column = word.Column + equals + 1 }];
    }
}
