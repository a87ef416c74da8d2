using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.State;

/// <summary>
/// What a host listens to, as JSON: a group as <c>{"group":…,"filter-mode":"include","sources":[…]}</c>, and all of an interface.
/// </summary>
public static class ReceptionStateJson
{
    /// <summary>Writes a group's state.</summary>
    public static void Write(Utf8JsonWriter json, ReceptionState state) =>
        JsonSerializer.Serialize(json, ReceptionLeaves.Of(state), LeavesContext.Default.ReceptionLeaves);

    /// <summary>Writes an interface's state.</summary>
    public static void Write(Utf8JsonWriter json, StackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var leaves = new StackLeaves
        {
            Stack = state.Stack,
            Interface = state.Interface,
            CompatibilityMode = state.CompatibilityMode,
            CompatibilityModeExpires = state.CompatibilityModeExpires,
            Groups = state.Groups.Select(ReceptionLeaves.Of),
            Sockets = state.Sockets.Count == 0 ? null : state.Sockets.Select(ReceptionLeaves.Of),
            Differences = state.Differences,
        };
        JsonSerializer.Serialize(json, leaves, LeavesContext.Default.StackLeaves);
    }

    /// <summary>Reads a group's state.</summary>
    /// <exception cref="FormatException">It is something else; the message says what is wrong.</exception>
    public static ReceptionState ReadGroup(JsonElement json) => Explained(
        "Reception state", () => (json.Deserialize(LeavesContext.Default.ReceptionLeaves) ?? throw LeafFault.NoObject()).ToState());

    /// <summary>Reads an interface's state.</summary>
    /// <exception cref="FormatException">It is something else; the message says what is wrong.</exception>
    public static StackState Read(JsonElement json) => Explained("Stack state", () =>
    {
        var leaves = json.Deserialize(LeavesContext.Default.StackLeaves) ?? throw LeafFault.NoObject();
        return new StackState(
            leaves.Stack ?? throw LeafFault.Missing("stack"),
            leaves.Interface ?? throw LeafFault.Missing("interface"),
            leaves.CompatibilityMode ?? throw LeafFault.Missing("compatibility-mode"),
            leaves.CompatibilityModeExpires,
            [.. (leaves.Groups ?? throw LeafFault.Missing("groups")).Select(ToState)],
            [.. (leaves.Sockets ?? []).Select(ToSocketState)],
            [.. leaves.Differences ?? []]);
    });

    private static ReceptionState ToState(ReceptionLeaves? leaves, int index)
    {
        var place = $".groups[{index}]";
        return (leaves ?? throw LeafFault.NoObject(place)).ToState(place);
    }

    private static SocketState ToSocketState(ReceptionLeaves? leaves, int index)
    {
        var place = $".sockets[{index}]";
        var state = (leaves ?? throw LeafFault.NoObject(place)).ToState(place);
        return new SocketState(leaves.Socket ?? throw LeafFault.Missing("socket", place), state.Group, state.Filter);
    }

    private static T Explained<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException wrong) when (LeafFault.Of(wrong) is { } fault)
        {
            throw new FormatException($"{what}: ${fault}.", wrong);
        }
    }
}

internal sealed class StackLeaves
{
    public string? Stack { get; set; }

    public string? Interface { get; set; }

    public int? CompatibilityMode { get; set; }

    [JsonPropertyName("compatibility-mode-expires-ms")]
    public long? CompatibilityModeExpires { get; set; }

    /// <summary>Made one by one while they are written.</summary>
    public IEnumerable<ReceptionLeaves?>? Groups { get; set; }

    public IEnumerable<ReceptionLeaves?>? Sockets { get; set; }

    public IEnumerable<string>? Differences { get; set; }
}

internal sealed class ReceptionLeaves
{
    public string? Socket { get; set; }

    public Address? Group { get; set; }

    public FilterMode? FilterMode { get; set; }

    public IReadOnlyList<Address>? Sources { get; set; }

    public static ReceptionLeaves Of(ReceptionState state) =>
        new() { Group = state.Group, FilterMode = state.Mode, Sources = state.Sources };

    public static ReceptionLeaves Of(SocketState state) =>
        new() { Socket = state.Socket, Group = state.Group, FilterMode = state.Filter.Mode, Sources = state.Filter.Sources };

    public ReceptionState ToState(string place = "") => new(
        Group ?? throw LeafFault.Missing("group", place),
        SourceFilter.Of(FilterMode ?? throw LeafFault.Missing("filter-mode", place), Sources ?? []));
}
