using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MulticastLab.Daemon.Control;

/// <summary>The members of an object, written into one that is open already: those of a request follow its command.</summary>
public static class JsonMembers
{
    /// <summary>Writes the members in the order of their declaration; what is null is left out.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="value">The object.</param>
    /// <param name="type">How the object is written.</param>
    public static void Write<T>(Utf8JsonWriter json, T value, JsonTypeInfo<T> type)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(type);
        foreach (var property in type.Properties)
        {
            if (property.Get!(value) is not { } member)
                continue;
            json.WritePropertyName(property.Name);
            JsonSerializer.Serialize(json, member, type.Options.GetTypeInfo(property.PropertyType));
        }
    }
}
