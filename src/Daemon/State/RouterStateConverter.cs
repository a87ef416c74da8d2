using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Membership.State;

namespace MulticastLab.Daemon.State;

/// <summary>
/// A state dump within a record that is written as JSON, group by group as <see cref="RouterStateJson"/> does, and read.
/// </summary>
public sealed class RouterStateConverter : JsonConverter<RouterState>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">It is no dump.</exception>
    public override RouterState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        RouterStateJson.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RouterState value, JsonSerializerOptions options) =>
        RouterStateJson.Write(writer, value);
}
