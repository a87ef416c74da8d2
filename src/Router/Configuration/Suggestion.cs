namespace MulticastLab.Router.Configuration;

/// <summary>Guesses what somebody meant who wrote an unknown word.</summary>
internal static class Suggestion
{
    /// <summary><c>; did you mean query-interval?</c>, or nothing when no known word is near.</summary>
    /// <param name="word">The unknown word.</param>
    /// <param name="known">The known ones.</param>
    /// <param name="where">Where the known ones stand, if that is to be said.</param>
    public static string For(string word, IEnumerable<string> known, string where = "")
    {
        var nearest = known.Select(each => (Word: each, Distance: Distance(word, each))).OrderBy(each => each.Distance).FirstOrDefault();
        return nearest.Word is not null && nearest.Distance <= Math.Max(1, nearest.Word.Length / 3) ? $"; did you mean {nearest.Word}{where}?" : "";
    }

    // Damerau and Levenshtein: letters put in, left out, changed, or two changed about.
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

                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[a.Length, b.Length];
    }
}
