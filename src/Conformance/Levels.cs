namespace MulticastLab.Conformance;

/// <summary>The levels of requirements in reports and on the command line.</summary>
public static class Levels
{
    /// <summary>The levels, the strictest first: <c>must</c>, <c>implied</c>, <c>should</c>, <c>may</c>.</summary>
    public static readonly IReadOnlyList<string> All = ["must", "implied", "should", "may"];

    /// <summary>The strictest of some levels of the catalogue.</summary>
    internal static string Strictest(IEnumerable<string> levels)
    {
        var names = levels.Select(Name).ToHashSet();
        return All.First(names.Contains);
    }

    /// <summary>A level of the catalogue as it stands in reports.</summary>
    internal static string Name(string level) => level.ToLowerInvariant();

    /// <summary>Whether a device that does not fulfil a requirement of this level does not conform.</summary>
    internal static bool IsBinding(string level) => Name(level) is "must" or "implied";
}
