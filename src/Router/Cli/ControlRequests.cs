using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Daemon.Control;

namespace MulticastLab.Router.Cli;

/// <summary>The members of requests to the router.</summary>
internal static class ControlRequests
{
    /// <summary>Of <c>show</c> without the groups.</summary>
    public static void Summary(Utf8JsonWriter writer) =>
        JsonMembers.Write(writer, new ShowRequest("summary"), RequestContext.Default.ShowRequest);

    /// <summary>Of <c>set</c>.</summary>
    public static void Set(Utf8JsonWriter writer, string interfaceName, IEnumerable<string> settings) =>
        JsonMembers.Write(writer, new SetRequest(interfaceName, settings), RequestContext.Default.SetRequest);

    /// <summary>Of <c>clear</c>.</summary>
    public static void Clear(Utf8JsonWriter writer, string? interfaceName, string? group) =>
        JsonMembers.Write(writer, new ClearRequest(interfaceName, group), RequestContext.Default.ClearRequest);

    /// <summary>Of <c>interface</c>.</summary>
    public static void ChangeInterface(Utf8JsonWriter writer, string action, string interfaceName) =>
        JsonMembers.Write(writer, new InterfaceRequest(action, interfaceName), RequestContext.Default.InterfaceRequest);

    /// <summary>Of <c>mroute</c>.</summary>
    public static void ChangeRoutes(Utf8JsonWriter writer, RouteRequest request) =>
        JsonMembers.Write(writer, request, RequestContext.Default.RouteRequest);
}

/// <summary>The members of <c>mroute</c>; what is null is left out.</summary>
/// <param name="Action">add, delete, flush.</param>
/// <param name="Replace">Whether to take the place of a route for the same sources and groups.</param>
/// <param name="From">Where packets are taken.</param>
/// <param name="Group">The group or prefix.</param>
/// <param name="Source">The source or prefix, or <c>*</c>.</param>
/// <param name="To">Where packets go out: <c>eth1</c> or <c>eth1=16</c>.</param>
internal sealed record RouteRequest(
    string Action, bool? Replace = null, string? From = null, string? Group = null, string? Source = null, IEnumerable<string>? To = null);

internal sealed record ShowRequest(string What);

internal sealed record SetRequest(string Interface, IEnumerable<string> Settings);

internal sealed record ClearRequest(string? Interface, string? Group);

internal sealed record InterfaceRequest(string Action, string Interface);

[JsonSerializable(typeof(ShowRequest))]
[JsonSerializable(typeof(SetRequest))]
[JsonSerializable(typeof(ClearRequest))]
[JsonSerializable(typeof(InterfaceRequest))]
[JsonSerializable(typeof(RouteRequest))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
internal sealed partial class RequestContext : JsonSerializerContext;
