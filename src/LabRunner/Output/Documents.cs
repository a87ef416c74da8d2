using System.Text.Json.Serialization;
using MulticastLab.Daemon.State;
using MulticastLab.LabRunner.Running;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Output;

// What the commands write with --json, with the names that it has there; what is null is there as null.

/// <summary>A scenario, or a topology without one, as <c>list</c> tells it.</summary>
internal sealed record ListedScenario(
    string Name, string Description, bool Runs, string? Topology, IEnumerable<string> RfcSections, IEnumerable<string> Requirements,
    string? Theme);

/// <summary>A test of the conformance suite, as <c>conformance list</c> tells it.</summary>
internal sealed record ListedTest(
    string Name, string Role, string Level, IEnumerable<string> Sections, IEnumerable<string> Requirements, string Purpose);

/// <summary>What <c>up</c> has brought up.</summary>
internal sealed record LabIsUp(
    string Lab, string Scenario, string Engine, IEnumerable<NodeIsUp> Nodes, IReadOnlyDictionary<string, RouterState> Routers);

internal sealed record NodeIsUp(string Name, string Kind, IEnumerable<InterfaceIsUp> Interfaces);

internal sealed record InterfaceIsUp(string Name, string Lan, string Mac, IEnumerable<string> Addresses);

/// <summary>What <c>down</c> has taken down.</summary>
internal sealed record LabIsDown(string Lab, bool Down, double Seconds);

/// <summary>A lab, as <c>status</c> tells it.</summary>
internal sealed record ListedLab(
    string Lab, string Scenario, string Engine, string State, DateTimeOffset Created, bool Detached, IEnumerable<ListedNode> Nodes);

internal sealed record ListedNode(string Name, bool Alive, int? Pid);

/// <summary>What <c>state</c> tells of a host.</summary>
internal sealed record HostDocument(string Node, IEnumerable<HostGroupDocument> Group);

/// <summary>What a host listens to in a group.</summary>
internal sealed record HostGroupDocument(Address GroupAddress, FilterMode FilterMode, IReadOnlyList<Address> Source);

/// <summary>The node that sent a frame, beside the frame's fields.</summary>
internal sealed record FrameOrigin(string Node, string Interface);

/// <summary>What <c>doctor</c> has found.</summary>
internal sealed record DoctorDocument(bool Ready, IEnumerable<CheckDocument> Checks);

internal sealed record CheckDocument(string Name, string Status, string Found, string? Remedy);

/// <summary>What <c>validate</c> says of a topology.</summary>
internal sealed record TopologyDocument(
    bool Valid, string? Name, IEnumerable<string>? Nodes, IEnumerable<string>? Lans, IEnumerable<FileProblem> Errors,
    IEnumerable<FileProblem> Warnings);

/// <summary>What <c>validate</c> says of a device.</summary>
internal sealed record DeviceDocument(
    bool Valid, string? Name, string? Title, string? Role, IEnumerable<string> Missing, IEnumerable<FileProblem> Errors);

/// <summary>How these are written; a terminal writes them in lines or indented (<see cref="Terminal"/>).</summary>
[JsonSerializable(typeof(IEnumerable<ListedScenario>))]
[JsonSerializable(typeof(IEnumerable<ListedTest>))]
[JsonSerializable(typeof(IEnumerable<ListedLab>))]
[JsonSerializable(typeof(IEnumerable<string>))]
[JsonSerializable(typeof(IEnumerable<HostGroupDocument>))]
[JsonSerializable(typeof(LabIsUp))]
[JsonSerializable(typeof(LabIsDown))]
[JsonSerializable(typeof(RouterState))]
[JsonSerializable(typeof(HostDocument))]
[JsonSerializable(typeof(FrameOrigin))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(TopologyDocument))]
[JsonSerializable(typeof(DeviceDocument))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(IEnumerable<RunDocument>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    Converters = [typeof(AddressConverter), typeof(FilterModeConverter), typeof(RouterStateConverter)])]
internal sealed partial class DocumentContext : JsonSerializerContext;
