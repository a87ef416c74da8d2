using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MulticastLab.Daemon.State;
using MulticastLab.Forwarding;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

// The answers of the commands about forwarding, with the names that they have in JSON. A list is made while it is written, so that of a
// long one a single element is in memory at a time; its counters are asked of the kernel as it goes.

/// <summary>The answer of <c>mroute</c>: what is forwarded, and what was configured of it.</summary>
/// <param name="Entry">The entries with their counters, by group and source.</param>
/// <param name="StaticRoute">The static routes.</param>
/// <param name="ReversePath">The overrides of reverse paths.</param>
internal sealed record RoutesAnswer(
    IEnumerable<EntryAnswer> Entry, IEnumerable<RouteAnswer> StaticRoute, IEnumerable<ReversePathAnswer> ReversePath)
{
    /// <summary>What a snapshot says.</summary>
    public static RoutesAnswer Of(ForwardingSnapshot snapshot) => new(
        snapshot.Entries.OrderBy(each => each.Group).ThenBy(each => each.Source).Select(each => EntryAnswer.Of(each, snapshot)),
        snapshot.Routes.Select(RouteAnswer.Of),
        snapshot.ReversePaths.Select(each => new ReversePathAnswer(each.Sources.ToString(), each.Interface)));
}

/// <summary>An entry.</summary>
/// <param name="SourceAddress">The source.</param>
/// <param name="GroupAddress">The group.</param>
/// <param name="IncomingInterface">Where its packets are taken; null when there is no reverse path to the source, and they are
/// dropped.</param>
/// <param name="OutgoingInterface">Where they go out.</param>
/// <param name="Static">Whether it goes by a static route.</param>
/// <param name="Packets">How many packets were forwarded.</param>
/// <param name="Bytes">How many bytes these had.</param>
/// <param name="WrongInterface">How many packets came in elsewhere.</param>
internal sealed record EntryAnswer(
    Address SourceAddress, Address GroupAddress, string? IncomingInterface, IEnumerable<OutputAnswer> OutgoingInterface, bool Static,
    long Packets, long Bytes, long WrongInterface)
{
    /// <summary>An entry with its counters, which the kernel is asked for.</summary>
    public static EntryAnswer Of(SnapshotEntry entry, ForwardingSnapshot snapshot)
    {
        var counts = snapshot.Kernel.ReadCounts(entry.Source, entry.Group).GetValueOrDefault();
        var outgoing = entry.Path.Outgoing;
        return new EntryAnswer(
            entry.Source, entry.Group, snapshot.Vifs.GetValueOrDefault(entry.Path.Incoming),
            snapshot.Vifs.Where(vif => outgoing.Contains(vif.Key)).Select(vif => new OutputAnswer(vif.Value, outgoing[vif.Key])),
            entry.IsStatic, counts.Packets, counts.Bytes, counts.WrongVif);
    }
}

/// <summary>Where packets go out.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Ttl">Above which their TTL must be.</param>
internal sealed record OutputAnswer(string Interface, byte Ttl);

/// <summary>A static route.</summary>
/// <param name="Source">The sources: a prefix, or <c>*</c>.</param>
/// <param name="Group">The groups: a prefix.</param>
/// <param name="From">Where packets are taken.</param>
/// <param name="To">Where they go out.</param>
internal sealed record RouteAnswer(string Source, string Group, string From, IEnumerable<OutputAnswer> To)
{
    /// <summary>A route.</summary>
    public static RouteAnswer Of(StaticRoute route) => new(
        StaticRoute.Text(route.Sources), StaticRoute.Text(route.Groups), route.From,
        route.To.Select(each => new OutputAnswer(each.Interface, each.Threshold)));
}

/// <summary>An override of reverse paths.</summary>
/// <param name="Source">The sources: a prefix.</param>
/// <param name="Interface">Where their packets are taken.</param>
internal sealed record ReversePathAnswer(string Source, string Interface);

/// <summary>The answer of <c>vif</c>.</summary>
/// <param name="Vif">The VIFs with their counters.</param>
internal sealed record VifsAnswer(IEnumerable<VifAnswer> Vif)
{
    /// <summary>What a snapshot says.</summary>
    public static VifsAnswer Of(ForwardingSnapshot snapshot) => new(snapshot.Vifs.Select(each =>
    {
        var counts = snapshot.Kernel.ReadVifCounts(each.Key).GetValueOrDefault();
        return new VifAnswer(each.Key, each.Value, counts.PacketsIn, counts.PacketsOut, counts.BytesIn, counts.BytesOut);
    }));
}

/// <summary>A VIF.</summary>
/// <param name="Vif">Its number.</param>
/// <param name="Interface">The interface.</param>
/// <param name="PacketsIn">Packets taken from it and forwarded.</param>
/// <param name="PacketsOut">Packets forwarded out of it.</param>
/// <param name="BytesIn">Bytes of the former.</param>
/// <param name="BytesOut">Bytes of the latter.</param>
internal sealed record VifAnswer(int Vif, string Interface, long PacketsIn, long PacketsOut, long BytesIn, long BytesOut);

/// <summary>The answer of <c>mroute</c> with the action <c>flush</c>.</summary>
/// <param name="Flushed">How many entries are gone.</param>
internal sealed record FlushAnswer(int Flushed);

/// <summary>How these answers are written and read.</summary>
[JsonSerializable(typeof(RoutesAnswer))]
[JsonSerializable(typeof(VifsAnswer))]
[JsonSerializable(typeof(FlushAnswer))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, RespectRequiredConstructorParameters = true,
    Converters = [typeof(AddressConverter)])]
internal sealed partial class ForwardingContext : JsonSerializerContext
{
    /// <summary>Reads the answer of <c>mroute</c> as it comes.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ValueTask<RoutesAnswer> ReadRoutes(Stream answer, CancellationToken cancellation) =>
        Read(answer, Default.RoutesAnswer, cancellation);

    /// <summary>Reads the answer of <c>vif</c> as it comes.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ValueTask<VifsAnswer> ReadVifs(Stream answer, CancellationToken cancellation) =>
        Read(answer, Default.VifsAnswer, cancellation);

    private static async ValueTask<T> Read<T>(Stream answer, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class =>
        await JsonSerializer.DeserializeAsync(answer, type, cancellation).ConfigureAwait(false)
            ?? throw new JsonException("The answer is null.");
}
