using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Membership.State;

namespace MulticastLab.Daemon.State;

/// <summary>
/// A state dump within a record that is written as JSON; it is written group by group, as <see cref="RouterStateJson"/> does.
/// </summary>
public sealed class RouterStateConverter : JsonConverter<RouterState>
{
    /// <summary>Nobody reads such a record yet; a dump alone is read by <see cref="RouterStateJson"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override RouterState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RouterState value, JsonSerializerOptions options) =>
        RouterStateJson.Write(writer, value);
}
