using System.Text.Json;

namespace MulticastLab.Router.Cli;

/// <summary>The members of requests to the router.</summary>
internal static class ControlRequests
{
    /// <summary>Of <c>set</c>.</summary>
    public static void Set(Utf8JsonWriter writer, string interfaceName, IEnumerable<string> settings)
    {
        writer.WriteString("interface", interfaceName);
        writer.WriteStartArray("settings");
        foreach (var word in settings)
            writer.WriteStringValue(word);
        writer.WriteEndArray();
    }

    /// <summary>Of <c>clear</c>.</summary>
    public static void Clear(Utf8JsonWriter writer, string? interfaceName, string? group)
    {
        if (interfaceName is not null)
            writer.WriteString("interface", interfaceName);
        if (group is not null)
            writer.WriteString("group", group);
    }
}
