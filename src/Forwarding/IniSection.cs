using MulticastLab.Packets.Text;

namespace MulticastLab.Forwarding;

/// <summary>
/// A section of an INI file as Python's <c>configparser</c> reads it: keys in any case, <c>=</c> or <c>:</c>, whole-line comments, indented
/// continuation lines.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="line">The line where it begins, from 1.</param>
internal sealed class IniSection(string name, int line)
{
    private readonly Dictionary<string, IniValue> values = [];

    public string Name => name;

    public int Line => line;

    /// <summary>Reads a file; what is wrong is noted.</summary>
    public static IReadOnlyList<IniSection> Read(string text, FileProblems problems)
    {
        var sections = new List<IniSection>();
        string? key = null;
        var number = 0;
        var line = "";
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            line = raw;
            var content = raw.Trim();
            if (content.Length == 0 || content[0] is '#' or ';')
                continue;
            var section = sections.Count > 0 ? sections[^1] : null;
            if (char.IsWhiteSpace(raw[0]) && key is not null)
                section!.values[key].GoOn(content, number, ColumnOf(content));
            else if (content is ['[', .. var title, ']'])
                Begin(title);
            else if (section is null)
                problems.Add(number, 1, "a section such as [phyints] must come first");
            else if (content.IndexOfAny(['=', ':']) is var at and > 0)
                Set(section, content[..at].TrimEnd().ToLowerInvariant(), content[(at + 1)..].TrimStart());
            else
                problems.Add(number, 1, $"'{content}' is neither [section] nor key = value");
        }

        return sections;

        // The column where a trailing text begins.
        int ColumnOf(string end) => line.TrimEnd().Length - end.Length + 1;

        void Begin(string title)
        {
            key = null;
            if (sections.Find(each => each.Name == title) is { } same)
                problems.Add(number, 1, $"section [{title}] is here twice, first in line {same.Line}");
            sections.Add(new IniSection(title, number));
        }

        void Set(IniSection section, string name, string value)
        {
            key = name;
            if (!section.values.TryAdd(name, new IniValue(value, number, ColumnOf(value))))
                problems.Add(number, 1, $"'{name}' is here twice, first in line {section.values[name].Line}");
        }
    }

    /// <summary>The value of a key; null when it is not there.</summary>
    public string? Find(string key) => values.TryGetValue(key, out var found) ? found.Text : null;

    /// <summary>The line of a key, or of the section.</summary>
    public int LineOf(string key) => values.TryGetValue(key, out var found) ? found.Line : line;

    /// <summary>The value of a key that must be there.</summary>
    public string Require(string key, FileProblems problems)
    {
        if (Find(key) is { Length: > 0 } value)
            return value;
        problems.Add(LineOf(key), 1, $"[{name}]: '{key}' is missing");
        return "";
    }

    /// <summary>The comma-separated values of a key that must be there, each with its line and column.</summary>
    public IReadOnlyList<(string Text, int Line, int Column)> List(string key, FileProblems problems)
    {
        Require(key, problems);
        return values.TryGetValue(key, out var found) ? [.. found.Items()] : [];
    }

    /// <summary>Notes keys other than these.</summary>
    public void RefuseOthers(IReadOnlyList<string> known, FileProblems problems)
    {
        foreach (var (key, value) in values.Where(each => !known.Contains(each.Key)))
            problems.Add(value.Line, 1, $"[{name}] has no '{key}'{Spelling.DidYouMean(key, known)}");
    }
}
