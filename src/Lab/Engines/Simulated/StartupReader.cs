using System.Buffers;
using System.Text;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// Reads the part of the shell's language that the labs' startup files are written in: comments, simple commands, quotes, variables,
/// <c>||</c>, a trailing <c>&amp;</c>, and output thrown away. Everything else is an error: it would be silently ignored here
/// and do something in the real world.
/// </summary>
internal sealed class StartupReader(string file, IReadOnlyDictionary<string, string> variables)
{
    private static readonly SearchValues<char> Special = SearchValues.Create("$`\"'\\;&|<>(){}*?!");
    private static readonly string[] Silencers = [">/dev/null", "2>/dev/null", "2>&1"];
    private static readonly string[] Operators = ["||", "&", .. Silencers];

    public IReadOnlyList<StartupCommand> Read() => Read(FileText.ScriptLines(file, File.ReadAllBytes(file)));

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
        if (words.Count > 0 && words[^1].Is("&"))
            words.RemoveAt(words.Count - 1);
        return words.Count == 0 ? null : Alternatives(words);
    }

    private static StartupCommand Alternatives(List<StartupWord> words)
    {
        var split = words.FindIndex(word => word.Is("||"));
        if (split < 0)
            return new StartupCommand(Quiet(words), Otherwise: null);
        if (split == 0 || split == words.Count - 1)
            throw words[split].Unknown("'||' without a command on both sides");
        return new StartupCommand(Quiet(words[..split]), Alternatives(words[(split + 1)..]));
    }

    private static List<StartupWord> Quiet(List<StartupWord> words) =>
        words.FindAll(word => !Silencers.Any(word.Is));

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
            var start = new StartupWord(line[at..], file, number, at + 1);
            var unquoted = line[at..].TakeWhile(letter => !char.IsWhiteSpace(letter)).Count();
            var plain = start with { Text = line.Substring(at, unquoted) };
            if (Array.TrueForAll(Operators, each => plain.Text != each) && plain.Text.AsSpan().IndexOfAny('\'', '"') >= 0)
            {
                words.Add(ReadQuoted(start, out var length));
                at += length;
                continue;
            }

            at += unquoted;
            words.AddRange(Expand(plain));
        }
    }

    // A word with quotes: in single ones nothing is special, in double ones a variable is, and its value stays one word.
    private StartupWord ReadQuoted(StartupWord rest, out int length)
    {
        var text = new StringBuilder();
        var line = rest.Text;
        for (length = 0; length < line.Length && !char.IsWhiteSpace(line[length]); length++)
        {
            var quote = rest with { Column = rest.Column + length };
            if (line[length] is not ('\'' or '"'))
            {
                RefuseSpecial(quote with { Text = line.Substring(length, 1) });
                text.Append(line[length]);
                continue;
            }

            var end = line.IndexOf(line[length], length + 1);
            if (end < 0)
                throw quote.Unknown("a quote that does not end in its line");
            var inner = quote with { Text = line[(length + 1)..end], Column = quote.Column + 1 };
            text.Append(line[length] == '\'' ? inner.Text : InDoubleQuotes(inner));
            length = end;
        }

        return rest with { Text = text.ToString(), IsQuoted = true };
    }

    private string InDoubleQuotes(StartupWord inner)
    {
        if (inner.Text.StartsWith('$'))
            return Value(inner);
        var strange = inner.Text.AsSpan().IndexOfAny("$`\\");
        if (strange >= 0)
            throw (inner with { Column = inner.Column + strange }).Unknown($"'{inner.Text[strange]}' in double quotes");
        return inner.Text;
    }

    private IEnumerable<StartupWord> Expand(StartupWord word)
    {
        if (Operators.Contains(word.Text))
            return [word];
        // As in the shell, an unquoted value is split into words.
        if (word.Text.StartsWith('$'))
            return Value(word).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(each => word with { Text = each });
        RefuseSpecial(word);
        return [word];
    }

    private string Value(StartupWord word)
    {
        var text = word.Text;
        var name = text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}') ? text[2..^1] : text[1..];
        return variables.TryGetValue(name, out var value) ? value : throw word.Unknown($"the variable '{name}'", Nearest(name));
    }

    private static void RefuseSpecial(StartupWord word)
    {
        var strange = word.Text.AsSpan().IndexOfAny(Special);
        if (strange >= 0)
            throw (word with { Column = word.Column + strange }).Unknown($"'{word.Text[strange]}' in a startup file");
    }

    private string? Nearest(string name) => variables.Keys.FirstOrDefault(each =>
        each.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(each, StringComparison.OrdinalIgnoreCase));
}
