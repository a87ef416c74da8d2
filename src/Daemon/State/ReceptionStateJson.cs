using System.Text.Json;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.State;

/// <summary>What a host listens to in a group, as JSON: <c>{"group":…,"filter-mode":"include","sources":[…]}</c>.</summary>
public static class ReceptionStateJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, ReceptionState state) => JsonSerializer.Serialize(
        json,
        new ReceptionLeaves { Group = state.Group, FilterMode = state.Mode, Sources = [.. state.Sources] },
        LeavesContext.Default.ReceptionLeaves);

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is something else; the message says what is wrong.</exception>
    public static ReceptionState Read(JsonElement json)
    {
        try
        {
            var leaves = json.Deserialize(LeavesContext.Default.ReceptionLeaves) ?? throw LeafFault.NoObject();
            return new ReceptionState(
                leaves.Group ?? throw LeafFault.Missing("group"),
                SourceFilter.Of(leaves.FilterMode ?? throw LeafFault.Missing("filter-mode"), leaves.Sources ?? []));
        }
        catch (JsonException wrong) when (LeafFault.Of(wrong) is { } fault)
        {
            throw new FormatException($"Reception state: ${fault}.", wrong);
        }
    }
}

internal sealed class ReceptionLeaves
{
    public Address? Group { get; set; }

    public FilterMode? FilterMode { get; set; }

    public List<Address>? Sources { get; set; }
}
