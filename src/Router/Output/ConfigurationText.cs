using System.Text.Json;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Output;

/// <summary>The answers to <c>set</c>, <c>reload</c> and <c>clear</c> as text.</summary>
internal static class ConfigurationText
{
    /// <summary>One line per change.</summary>
    public static string Changes(JsonElement answer)
    {
        var changes = answer.Deserialize(ConfigurationContext.Default.ChangesAnswer)!.Changes.Select(each => each.ToChange()).ToList();
        return changes.Count == 0 ? "nothing changed" : string.Join('\n', changes);
    }

    /// <summary>How many groups are gone.</summary>
    public static string Cleared(JsonElement answer) =>
        $"{answer.Deserialize(ConfigurationContext.Default.ClearedAnswer)!.Cleared} groups cleared";
}
