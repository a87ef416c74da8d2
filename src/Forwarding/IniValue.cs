namespace MulticastLab.Forwarding;

/// <summary>The value of a key in an INI file, which may continue on further lines.</summary>
internal sealed class IniValue
{
    private readonly List<(int Offset, int Line, int Column)> parts = [];

    /// <summary>A value of one line.</summary>
    /// <param name="text">The value.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column where it begins, from 1.</param>
    public IniValue(string text, int line, int column)
    {
        Text = text;
        parts.Add((0, line, column));
    }

    /// <summary>The whole value, its lines joined by spaces.</summary>
    public string Text { get; private set; }

    /// <summary>The line where it begins.</summary>
    public int Line => parts[0].Line;

    /// <summary>It continues on a further line.</summary>
    public void GoOn(string text, int line, int column)
    {
        parts.Add((Text.Length + 1, line, column));
        Text = $"{Text} {text}";
    }

    /// <summary>Its comma-separated items, each with its line and column.</summary>
    public IEnumerable<(string Text, int Line, int Column)> Items()
    {
        var start = 0;
        foreach (var item in Text.Split(','))
        {
            var text = item.Trim();
            if (text.Length > 0)
            {
                var at = start + item.IndexOf(text, StringComparison.Ordinal);
                var part = parts.FindLast(each => each.Offset <= at);
                yield return (text, part.Line, part.Column + at - part.Offset);
            }

            start += item.Length + 1;
        }
    }
}
