using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Scenarios.Pages;

/// <summary>
/// The pages <c>docs/scenarios/&lt;scenario&gt;.md</c>, made from the verified runs, and <c>README.md</c> beside them, their index.
/// </summary>
public static class ScenarioPages
{
    private const string Index = "README.md";

    /// <summary>Compares the page of a scenario with what its run makes of it.</summary>
    /// <param name="result">The run: one that is verified evidence (<see cref="GoldenFiles.IsExact"/>).</param>
    /// <param name="home">The source tree.</param>
    /// <param name="accept">Whether the page of a run that passed is written if it differs.</param>
    /// <returns>The difference, readable; null when there is none, or when it was accepted.</returns>
    /// <exception cref="ArgumentException">Another run would make another page.</exception>
    public static string? Compare(ScenarioResult result, string home, bool accept = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!GoldenFiles.IsExact(result))
            throw new ArgumentException("The run is not the one that is verified.", nameof(result));
        var text = ScenarioPage.Of(result, ScenarioSummary.Read(result.Scenario, home));
        return Compare(Path.Combine(Folder(home), $"{result.Scenario.Name}.md"), text, accept && result.Passed);
    }

    /// <summary>Compares the index with the catalogue; the parameters and the outcome are the same.</summary>
    public static string? CompareIndex(ScenarioCatalog catalog, string home, bool accept = false) =>
        Compare(Path.Combine(Folder(home), Index), ScenarioIndex.Of(catalog), accept);

    /// <summary>The pages that belong to no scenario of the catalogue, by name.</summary>
    public static IEnumerable<string> Orphans(ScenarioCatalog catalog, string home)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Directory.EnumerateFiles(Folder(home))
            .Select(file => Path.GetFileName(file))
            .Where(file => file != Index && catalog.Find(Path.GetFileNameWithoutExtension(file)) is null)
            .Order(StringComparer.Ordinal);
    }

    private static string Folder(string home) => Path.Combine(home, "docs", "scenarios");

    private static string? Compare(string path, string text, bool accept)
    {
        var difference = TextDiff.Of(File.Exists(path) ? FileText.Decode(path, File.ReadAllBytes(path)) : "", text);
        if (difference.Length == 0)
            return null;
        if (!accept)
            return $"{path} is not what the scenario makes of it; {GoldenFiles.AcceptVariable}=1, or --accept, writes it:\n{difference}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return null;
    }
}
