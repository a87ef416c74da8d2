namespace MulticastLab.Lab.Topologies;

/// <summary>Finds the name that a mistyped one was probably meant to be.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the fewest typing errors from <paramref name="typed"/>, quoted; null when none comes near.</summary>
    public static string? To(string typed, IEnumerable<string> candidates)
    {
        // One error in a short name, one in three letters of a long one: beyond that a suggestion is noise.
        var limit = Math.Max(1, typed.Length / 3);
        var best = candidates
            .Select(each => (Name: each, Distance: Distance(typed.ToLowerInvariant(), each.ToLowerInvariant())))
            .Where(each => each.Distance <= limit)
            .OrderBy(each => each.Distance)
            .Select(each => each.Name)
            .FirstOrDefault();
        return best is null ? null : $"'{best}'";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
