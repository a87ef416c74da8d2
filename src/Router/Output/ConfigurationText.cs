using System.Text.Json;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Output;

/// <summary>The answers to <c>set</c>, <c>reload</c> and <c>clear</c> as text.</summary>
internal static class ConfigurationText
{
    /// <summary>One line per change.</summary>
    public static string Changes(JsonElement answer)
    {
        var changes = answer.GetProperty("changes").EnumerateArray().Select(each => Change(each).ToString()).ToList();
        return changes.Count == 0 ? "nothing changed" : string.Join('\n', changes);
    }

    /// <summary>How many groups are gone.</summary>
    public static string Cleared(JsonElement answer) => $"{answer.GetProperty("cleared").GetInt32()} groups cleared";

    private static ConfigurationChange Change(JsonElement change) =>
        new(
            Text(change, "interface"), Text(change, "setting"), Text(change, "from"), Text(change, "to"),
            !change.TryGetProperty("at-once", out _));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
