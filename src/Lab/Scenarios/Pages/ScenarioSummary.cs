using System.Text;
using System.Text.RegularExpressions;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Scenarios.Pages;

/// <summary>What the summary above a scenario's class says of it: read from the source, so that it is written once.</summary>
internal static partial class ScenarioSummary
{
    /// <summary>The source file of a scenario, relative to the source tree.</summary>
    public static string FileOf(ScenarioInfo scenario) => $"src/Lab/Scenarios/Catalog/{scenario.Type.Name}.cs";

    /// <summary>The summary as one line of text.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="home">The source tree.</param>
    /// <exception cref="InvalidFileException">The file is no text.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Read(ScenarioInfo scenario, string home)
    {
        var path = Path.Combine(home, FileOf(scenario));
        var comment = new StringBuilder();
        foreach (var line in FileText.Decode(path, File.ReadAllBytes(path)).Split('\n').Select(each => each.Trim()))
        {
            if (line.StartsWith("[Scenario(", StringComparison.Ordinal))
                break;
            if (line.StartsWith("///", StringComparison.Ordinal))
                comment.Append(line[3..]).Append('\n');
            else
                comment.Clear();
        }

        var summary = Summary().Match(comment.ToString()).Groups["text"].Value;
        return Blanks().Replace(Reference().Replace(summary, "${name}"), " ").Trim();
    }

    [GeneratedRegex("<summary>(?<text>.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex Summary();

    [GeneratedRegex("<(see|paramref) [a-z]+=\"([A-Za-z]+[.])*(?<name>[^\"]+)\"/>")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
