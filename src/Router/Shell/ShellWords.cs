using System.Text;

namespace MulticastLab.Router.Shell;

/// <summary>
/// A line as words. Quotes and brackets hold a word together: <c>set eth0 group-policy [permit 239.1.0.0/16, deny 239.0.0.0/8]</c> has
/// four.
/// </summary>
internal static class ShellWords
{
    /// <summary>Splits a line.</summary>
    /// <returns>The words; after a space at the end an empty one, for that is the word being written.</returns>
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (depth, quote, begun) = (0, '\0', false);
        foreach (var letter in line)
        {
            if (quote == letter)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter is '"' or '\'')
            {
                (quote, begun) = (letter, true);
            }
            else if (quote == '\0' && depth == 0 && letter is ' ' or '\t')
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
            else
            {
                depth += quote != '\0' ? 0 : letter is '[' or '{' ? 1 : letter is ']' or '}' ? -1 : 0;
                word.Append(letter);
                begun = true;
            }
        }

        words.Add(word.ToString());
        return words;
    }

    /// <summary>Splits a line that is whole.</summary>
    public static List<string> SplitWhole(string line)
    {
        var words = Split(line);
        if (words[^1].Length == 0)
            words.RemoveAt(words.Count - 1);
        return words;
    }
}
