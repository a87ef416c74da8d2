using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>A process, as it can be found again: the number alone may have passed to another one.</summary>
/// <param name="Id">The process id.</param>
/// <param name="StartTime">When it started, in clock ticks since boot.</param>
public sealed record ProcessRecord(int Id, long StartTime)
{
    internal static ProcessRecord Of(ProcessReference process) => new(process.Id, process.StartTime);

    /// <summary>Whether the process lives.</summary>
    [JsonIgnore]
    public bool IsAlive
    {
        get
        {
            using var found = ProcessReference.Find(Id, StartTime);
            return found is { HasEnded: false };
        }
    }
}

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

    /// <summary>The fabric's PID 1; null while the lab is being made.</summary>
    public ProcessRecord? Fabric { get; init; }

    /// <summary>The nodes' PID 1, by name.</summary>
    public IReadOnlyDictionary<string, ProcessRecord> Nodes { get; init; } = new Dictionary<string, ProcessRecord>();

    /// <summary>The lab's directory.</summary>
    [JsonIgnore]
    public string Directory { get; init; } = "";

    /// <summary>Whether any process of the lab, or the one that is making it, lives.</summary>
    [JsonIgnore]
    public bool IsAlive => (!Detached && Owner.IsAlive) || Holders.Any(each => each.IsAlive);

    /// <summary>Whether somebody still wants it: its owner, or, when it is detached, whoever will take it down.</summary>
    [JsonIgnore]
    internal bool IsWanted => Detached ? Holders.Any(each => each.IsAlive) : Owner.IsAlive;

    [JsonIgnore]
    internal IEnumerable<ProcessRecord> Holders => Fabric is null ? Nodes.Values : Nodes.Values.Append(Fabric);

    /// <summary>The file of the node's log.</summary>
    public string LogFile(string node) => Path.Combine(Directory, "logs", node + ".log");
}

[JsonSerializable(typeof(LabRecord))]
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, UseStringEnumConverter = true, Converters = [typeof(MacAddressConverter)])]
internal sealed partial class LabRecordContext : JsonSerializerContext;

internal sealed class MacAddressConverter : JsonConverter<MacAddress>
{
    public override MacAddress Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MacAddress.TryParse(reader.GetString(), out var mac) ? mac : throw new JsonException("Not a MAC address.");

    public override void Write(Utf8JsonWriter writer, MacAddress value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
