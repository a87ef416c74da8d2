using System.Buffers;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// Reads the part of the shell's language that the labs' startup files are written in: comments, simple commands, quotes, variables,
/// <c>||</c>, a trailing <c>&amp;</c>, and output thrown away. Everything else is an error: it would be silently ignored here
/// and do something in the real world.
/// </summary>
internal sealed class StartupReader(string file, IReadOnlyDictionary<string, string> variables)
{
    private static readonly SearchValues<char> Special = SearchValues.Create("$`\"'\\;&|<>(){}*?!");

    public IReadOnlyList<StartupCommand> Read() => Read(File.ReadLines(file));

    public IReadOnlyList<StartupCommand> Read(IEnumerable<string> lines)
    {
        var commands = new List<StartupCommand>();
        var number = 0;
        foreach (var line in lines)
        {
            if (ReadLine(line, ++number) is { } command)
                commands.Add(command);
        }

        return commands;
    }

    private StartupCommand? ReadLine(string line, int number)
    {
        var words = Split(line, number);
        if (words.Count > 0 && words[^1].Text == "&")
            words.RemoveAt(words.Count - 1);
        return words.Count == 0 ? null : Alternatives(words);
    }

    private static StartupCommand Alternatives(List<StartupWord> words)
    {
        var split = words.FindIndex(word => word.Text == "||");
        if (split < 0)
            return new StartupCommand(Quiet(words), Otherwise: null);
        if (split == 0 || split == words.Count - 1)
            throw words[split].Unknown("'||' without a command on both sides");
        return new StartupCommand(Quiet(words[..split]), Alternatives(words[(split + 1)..]));
    }

    private static List<StartupWord> Quiet(List<StartupWord> words) =>
        words.FindAll(word => word.Text is not (">/dev/null" or "2>/dev/null" or "2>&1"));

    private List<StartupWord> Split(string line, int number)
    {
        var words = new List<StartupWord>();
        var at = 0;
        while (true)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at]))
                at++;
            if (at == line.Length || line[at] == '#')
                return words;
            var start = at;
            while (at < line.Length && !char.IsWhiteSpace(line[at]))
                at++;
            var word = new StartupWord(line[start..at], file, number, start + 1);
            words.AddRange(Expand(word));
        }
    }

    private IEnumerable<StartupWord> Expand(StartupWord word)
    {
        var text = word.Text;
        if (text is "||" or "&" or ">/dev/null" or "2>/dev/null" or "2>&1")
            return [word];
        if (text.StartsWith('$'))
        {
            var name = text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}') ? text[2..^1] : text[1..];
            if (!variables.TryGetValue(name, out var value))
                throw word.Unknown($"the variable '{name}'", Nearest(name));
            // As in the shell, an unquoted value is split into words.
            return value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(each => word with { Text = each });
        }

        var strange = text.AsSpan().IndexOfAny(Special);
        if (strange >= 0)
            throw (word with { Column = word.Column + strange }).Unknown($"'{text[strange]}' in a startup file");
        return [word];
    }

    private string? Nearest(string name) =>
        variables.Keys.FirstOrDefault(each => each.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(each, StringComparison.OrdinalIgnoreCase));
}
