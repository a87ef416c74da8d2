using System.Text.Json;

namespace MulticastLab.Daemon.State;

/// <summary>What is wrong with a leaf, in words that follow its place: <c>.group[0].filter-mode is not a string</c>.</summary>
internal static class LeafFault
{
    public static JsonException Missing(string leaf, string place = "") => new($"{place} has no \"{leaf}\"");

    public static JsonException NoObject(string place = "") => new($"{place} is not an object");

    /// <summary>The place below the value that was read, and what is wrong there; null when the text is not JSON at all.</summary>
    public static string? Of(JsonException wrong)
    {
        var place = wrong.Path is { Length: > 0 } path ? path[1..] : "";
        if (wrong.InnerException is InvalidOperationException)
            return $"{place} is no text";
        if (wrong.Message is [' ' or '.' or '[', ..])
            return place + wrong.Message;
        // The serializer's own words name types of this program.
        if (
            wrong.InnerException is not null
            || !wrong.Message.StartsWith("The JSON value could not be converted to", StringComparison.Ordinal))
            return null;
        var kind = wrong.Message.Contains("Boolean", StringComparison.Ordinal) ? "neither true nor false"
            : wrong.Message.Contains("List`1", StringComparison.Ordinal) ? "not an array"
            : wrong.Message.Contains("System.String.", StringComparison.Ordinal) ? "not a string"
            : "not an object";
        return $"{place} is {kind}";
    }
}
