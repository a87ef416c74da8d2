namespace MulticastLab.Packets.Text;

/// <summary>Guesses what was meant by an unknown word.</summary>
public static class Spelling
{
    /// <summary>The known word nearest to the unknown one by typing errors, ignoring case; null when none comes near.</summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="known">The known ones.</param>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(word);
        var typed = word.ToLowerInvariant();
        // One error in a short word, one in three letters of a long one: beyond that a suggestion is noise.
        return known.Select(each => (Word: each, Distance: Distance(typed, each.ToLowerInvariant())))
            .Where(each => each.Distance <= Math.Max(1, Math.Max(typed.Length, each.Word.Length) / 3))
            .OrderBy(each => each.Distance).FirstOrDefault().Word;
    }

    /// <summary>The same in quotes: <c>'query-interval'</c>.</summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="known">The known ones.</param>
    public static string? NearestQuoted(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } nearest ? $"'{nearest}'" : null;

    /// <summary><c>; did you mean query-interval?</c>, or nothing when no known word comes near.</summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="known">The known ones.</param>
    /// <param name="where">Where the known ones stand, if that is to be said.</param>
    public static string DidYouMean(string word, IEnumerable<string> known, string where = "") =>
        Nearest(word, known) is { } nearest ? $"; did you mean {nearest}{where}?" : "";

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var replaced = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
