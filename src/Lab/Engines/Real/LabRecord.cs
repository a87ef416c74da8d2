using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>What the registry knows of a lab: <c>state.json</c> in the lab's directory.</summary>
public sealed record LabRecord
{
    /// <summary>The lab's id.</summary>
    public required string Id { get; init; }

    /// <summary>The engine's name.</summary>
    public required string Engine { get; init; }

    /// <summary>What was wired.</summary>
    public required Topology Topology { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The process that has made it.</summary>
    public required ProcessRecord Owner { get; init; }

    /// <summary>Whether the lab outlives its owner.</summary>
    public bool Detached { get; init; }

    /// <summary>The environment that the nodes' startup files get, by node.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Environment { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>
    /// The handle of what holds the fabric (see <see cref="NodeHolder.Handle"/>), opaque to everybody but the engine; null while the lab is
    /// being made.
    /// </summary>
    public string? Fabric { get; init; }

    /// <summary>The handles of what holds the nodes, by name.</summary>
    public IReadOnlyDictionary<string, string> Nodes { get; init; } = new Dictionary<string, string>();

    /// <summary>The lab's directory.</summary>
    [JsonIgnore]
    public string Directory { get; init; } = "";

    /// <summary>Whether any process of the lab, or the one that is making it, is alive.</summary>
    [JsonIgnore]
    public bool IsAlive => (!Detached && Owner.IsAlive) || IsHeld;

    /// <summary>Whether it is still in use: by its owner or, when it is detached, until it is taken down.</summary>
    [JsonIgnore]
    internal bool IsWanted => Detached ? IsHeld : Owner.IsAlive;

    /// <summary>What holds its nodes; null when this program does not have its engine.</summary>
    [JsonIgnore]
    internal INodeHolding? Holding { get; init; }

    [JsonIgnore]
    internal IEnumerable<string> Handles => Fabric is null ? Nodes.Values : Nodes.Values.Append(Fabric);

    // Nothing can be found out about an unknown engine; its lab is rather taken for alive than for dead.
    private bool IsHeld => Holding is null || Handles.Any(IsAliveBy);

    /// <summary>Puts this process where it can reach the lab. May re-execute the program and not return.</summary>
    public void Enter() => Holding?.Enter(this);

    /// <summary>The process id of a node's PID 1, as this process sees it; null when the node is not running.</summary>
    public int? ProcessIdOf(string node)
    {
        using var found = FindNode(node);
        return found is { HasEnded: false } ? found.Id : null;
    }

    /// <summary>Takes hold of a node's PID 1; null when it is not running.</summary>
    internal ProcessReference? FindNode(string node) => Nodes.TryGetValue(node, out var handle) ? Holding?.Find(handle) : null;

    /// <summary>The file of the node's log.</summary>
    public string LogFile(string node) => Path.Combine(Directory, "logs", node + ".log");

    private bool IsAliveBy(string handle)
    {
        using var found = Holding?.Find(handle);
        return found is { HasEnded: false };
    }
}

[JsonSerializable(typeof(LabRecord))]
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, UseStringEnumConverter = true,
    Converters = [typeof(MacAddressConverter)])]
internal sealed partial class LabRecordContext : JsonSerializerContext;

internal sealed class MacAddressConverter : JsonConverter<MacAddress>
{
    public override MacAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MacAddress.TryParse(reader.GetString(), out var mac) ? mac : throw new JsonException("Not a MAC address.");

    public override void Write(Utf8JsonWriter writer, MacAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
