using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MulticastLab.Daemon.Settings;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Configuration;

/// <summary>The configuration file as JSON Schema, by which editors complete and check it.</summary>
/// <remarks>A tree of nodes and no records: its names are those of the settings.</remarks>
public static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema's text (draft 7, which the editors' YAML servers know best).</summary>
    public static string Write()
    {
        var top = Properties(RouterGlobalSettings.Table.All);
        top["defaults"] = Reference("What holds for every interface that does not say otherwise.");
        top["interfaces"] = new JsonObject
        {
            ["description"] = "The interfaces to serve, by name.",
            ["type"] = "object",
            ["minProperties"] = 1,
            ["propertyNames"] = new JsonObject { ["pattern"] = InterfaceName.Pattern },
            ["additionalProperties"] = Reference("The settings of this interface."),
        };
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Configuration of the Multicast Lab router",
            ["type"] = "object",
            ["required"] = new JsonArray("interfaces"),
            ["additionalProperties"] = false,
            ["properties"] = top,
            ["definitions"] = new JsonObject
            {
                ["settings"] = new JsonObject
                {
                    ["type"] = new JsonArray("object", "null"),
                    ["additionalProperties"] = false,
                    ["properties"] = Properties(RouterInterfaceSettings.Table.All),
                },
            },
        };
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Properties<TOwner>(IEnumerable<Setting<TOwner>> settings)
        where TOwner : class
    {
        var properties = new JsonObject();
        foreach (var setting in settings)
        {
            var schema = setting.Type.Schema();
            schema["description"] = $"{setting.Summary} {Origin(setting.Section)}Default: {setting.WhenUnset}.";
            properties[setting.Name] = schema;
        }

        return properties;
    }

    private static string Origin(string section) => section.Length == 0 ? "" : $"{section}. ";

    // What stands next to a reference is ignored in draft 7, hence the wrapping.
    private static JsonObject Reference(string description) =>
        new() { ["description"] = description, ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/definitions/settings" }) };
}
