namespace MulticastLab.Robustness;

/// <summary>Shortens a failing sequence of events: delta debugging by halves, quarters and so on down to single events.</summary>
internal static class Shrinker
{
    /// <summary>The shortest part of the list that was found to fail still.</summary>
    /// <param name="events">A list that fails.</param>
    /// <param name="fails">Whether a list fails; it must always say the same of the same list.</param>
    /// <param name="mostRuns">After so many attempts the best one so far is taken.</param>
    public static List<T> Shortest<T>(IReadOnlyList<T> events, Func<IReadOnlyList<T>, bool> fails, int mostRuns = 2_000)
    {
        var best = events.ToList();
        var runs = 0;
        for (var size = Math.Max(best.Count / 2, 1); ; size = Math.Max(size / 2, 1))
        {
            var shorter = false;
            // From the end, as what comes after the failure is of no use.
            for (var at = best.Count - size; at > -size && runs < mostRuns; at -= size)
            {
                var from = Math.Max(at, 0);
                var without = best.Where((_, index) => index < from || index >= at + size).ToList();
                runs++;
                if (without.Count == best.Count || !fails(without))
                    continue;
                best = without;
                shorter = true;
            }

            if (runs >= mostRuns || (size == 1 && !shorter))
                return best;
        }
    }
}
