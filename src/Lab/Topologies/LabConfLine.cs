using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>
/// One assignment of <c>lab.conf</c>, split but not yet understood: <c>node[argument]=value</c>, or <c>LAB_NAME=value</c>
/// with no argument. Columns count from 1.
/// </summary>
internal sealed record LabConfLine(
    int Line, string Name, int NameColumn, string? Argument, int ArgumentColumn, string Value, int ValueColumn)
{
    /// <summary>Splits one line; null for a blank line, a comment, and a line that is wrong, which is reported.</summary>
    public static LabConfLine? Read(string text, int line, FileProblems problems)
    {
        var start = 0;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
            start++;
        if (start == text.Length || text[start] == '#')
            return null;

        var at = WordEnd(text, start);
        var name = text[start..at];
        if (name.Length == 0)
            return Wrong(at, $"a line begins with a node's name or LAB_…, not with '{text[at]}'");

        string? argument = null;
        var argumentAt = at;
        if (at < text.Length && text[at] == '[')
        {
            argumentAt = at + 1;
            at = WordEnd(text, argumentAt);
            argument = text[argumentAt..at];
            if (argument.Length == 0)
                return Wrong(at, "an interface number or an option name is missing in the brackets", $"'{name}[0]'");
            if (at == text.Length || text[at] != ']')
                return Wrong(at, "']' is missing after the interface number or option name", $"'{name}[{argument}]='");
            at++;
        }
        else if (!name.StartsWith("LAB_", StringComparison.Ordinal))
        {
            return Wrong(at, $"'{name}' is followed by neither '[' nor, as LAB_NAME and its like are, by '='", $"'{name}[0]='");
        }

        if (at == text.Length || text[at] != '=')
        {
            var spaced = text[at..].TrimStart().StartsWith('=');
            return Wrong(at, spaced ? "no blanks are allowed before '='" : "'=' is missing", $"'{text[start..at]}='");
        }

        return ReadValue(at + 1);

        LabConfLine? ReadValue(int valueAt)
        {
            var isInterface = argument?.All(char.IsAsciiDigit) == true;
            var first = valueAt;
            while (first < text.Length && char.IsWhiteSpace(text[first]))
                first++;
            if (argument is null)
                return ReadMeta(first);
            if (valueAt == text.Length)
                return Wrong(valueAt, "the value is missing");
            // Kathará takes blanks before the value of an option, as long as no quote follows.
            if (first > valueAt && (isInterface || first == text.Length || text[first] is '"' or '\'' or '#'))
                return Wrong(valueAt, "no blanks are allowed after '='");

            valueAt = first;
            int end;
            var quote = text[valueAt];
            if (quote is '"' or '\'')
            {
                end = text.IndexOf(quote, valueAt + 1);
                if (end < 0)
                    return Wrong(valueAt, $"the quote {quote} is not closed");
                if (!IsBlankOrComment(text.AsSpan(end + 1)))
                    return Wrong(end + 1, "only a comment, after a blank, may follow the closing quote");
                valueAt++;
            }
            else
            {
                end = valueAt;
                while (end < text.Length && !IsBlankOrComment(text.AsSpan(end)))
                    end++;
            }

            while (!isInterface && end > valueAt && char.IsWhiteSpace(text[end - 1]))
                end--;
            while (!isInterface && valueAt < end && char.IsWhiteSpace(text[valueAt]))
                valueAt++;
            var value = text[valueAt..end];
            if (value.Length == 0)
                return Wrong(valueAt, "the value is empty");
            var stray = value.AsSpan().IndexOfAny('"', '\'');
            if (stray >= 0)
                return Wrong(valueAt + stray, "a value cannot hold a quote");
            return new LabConfLine(line, name, start + 1, argument, argumentAt + 1, value, valueAt + 1);
        }

        // A meta line is for people: Kathará takes it with no value, and with quotes wherever they stand, which it leaves out.
        LabConfLine ReadMeta(int valueAt)
        {
            var rest = text.AsSpan(valueAt);
            var quote = rest.IsEmpty || rest[0] is not ('"' or '\'') ? -1 : rest[1..].IndexOf(rest[0]) + 1;
            string value;
            if (quote > 0 && IsBlankOrComment(rest[(quote + 1)..]))
            {
                value = rest[1..quote].ToString();
                valueAt++;
            }
            else if (quote >= 0)
            {
                problems.Warn(line, valueAt + 1, $"the quote {rest[0]} is not closed at the end of the value: all quotes are left out");
                value = rest.ToString().Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);
            }
            else
            {
                var end = 0;
                while (end < rest.Length && !IsBlankOrComment(rest[end..]))
                    end++;
                value = rest[..end].ToString();
            }

            return new LabConfLine(line, name, start + 1, null, argumentAt + 1, value, valueAt + 1);
        }

        LabConfLine? Wrong(int index, string message, string? suggestion = null)
        {
            problems.Add(line, index + 1, message, suggestion);
            return null;
        }
    }

    /// <summary>A comment begins at a '#' after a blank: <c>A#1</c> is a value.</summary>
    private static bool IsBlankOrComment(ReadOnlySpan<char> rest)
    {
        var text = rest.TrimStart();
        return text.IsEmpty || (text[0] == '#' && text.Length < rest.Length);
    }

    private static int WordEnd(string text, int from)
    {
        while (from < text.Length && (char.IsLetterOrDigit(text[from]) || text[from] is '_' or '-' or '.'))
            from++;
        return from;
    }
}
