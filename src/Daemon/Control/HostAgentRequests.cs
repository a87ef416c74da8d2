using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Daemon.State;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Control;

/// <summary>The members of requests to the host agent, which its own command line and the lab make.</summary>
public static class HostAgentRequests
{
    /// <summary>
    /// Of <c>join</c> and <c>listen</c>; INCLUDE without sources leaves. Without a socket's name the default one is meant.
    /// </summary>
    public static void Join(Utf8JsonWriter writer, Address group, SourceFilter filter, string? socket = null)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Write(writer, new FilterRequest(group, filter.Mode, filter.Sources, socket));
    }

    /// <summary>Of <c>leave</c>.</summary>
    public static void Leave(Utf8JsonWriter writer, Address group, string? socket = null) =>
        Write(writer, new FilterRequest(group, Socket: socket));

    /// <summary>Of <c>allow</c> and <c>block</c>.</summary>
    public static void Change(Utf8JsonWriter writer, Address group, IEnumerable<Address> sources, string? socket = null) =>
        Write(writer, new FilterRequest(group, Sources: sources, Socket: socket));

    /// <summary>Of <c>receive</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="group">The group.</param>
    /// <param name="port">The UDP port.</param>
    /// <param name="filter">Which sources.</param>
    /// <param name="count">After how many datagrams it ends; null for no end.</param>
    /// <param name="each">Whether each datagram is to be told.</param>
    public static void Receive(Utf8JsonWriter writer, Address group, ushort port, SourceFilter filter, ulong? count, bool each)
    {
        ArgumentNullException.ThrowIfNull(filter);
        JsonMembers.Write(
            writer, new ReceiveRequest(group, port, filter.Mode, filter.Sources, count, each), HostAgentContext.Default.ReceiveRequest);
    }

    /// <summary>Of <c>stop-receiving</c>.</summary>
    public static void StopReceiving(Utf8JsonWriter writer, long receiver) =>
        JsonMembers.Write(writer, new ReceiverAnswer(receiver), HostAgentContext.Default.ReceiverAnswer);

    /// <summary>Of <c>send</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="group">The destination.</param>
    /// <param name="port">The UDP port.</param>
    /// <param name="source">The source; null for the interface's own address.</param>
    /// <param name="interval">The time between datagrams.</param>
    /// <param name="timeToLive">The time to live.</param>
    public static void Send(Utf8JsonWriter writer, Address group, ushort port, Address? source, TimeSpan interval, byte timeToLive) =>
        JsonMembers.Write(
            writer, new SendRequest(group, port, source, (long)interval.TotalMicroseconds, timeToLive),
            HostAgentContext.Default.SendRequest);

    /// <summary>Of <c>stop-sending</c>.</summary>
    public static void StopSending(Utf8JsonWriter writer, string stream) =>
        JsonMembers.Write(writer, new StreamAnswer(stream), HostAgentContext.Default.StreamAnswer);

    private static void Write(Utf8JsonWriter writer, FilterRequest request) =>
        JsonMembers.Write(writer, request, HostAgentContext.Default.FilterRequest);
}

/// <summary>The answer of the host agent's <c>send</c> and <c>stop-sending</c>.</summary>
/// <param name="Stream">The stream's identifier.</param>
/// <param name="Sent">How many datagrams the kernel took; null while it goes on.</param>
/// <param name="Unsent">How many it could not take; null while it goes on.</param>
public sealed record StreamAnswer(string Stream, ulong? Sent = null, ulong? Unsent = null)
{
    /// <summary>Writes it.</summary>
    public void WriteTo(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, HostAgentContext.Default.StreamAnswer);

    /// <summary>Reads it.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static StreamAnswer Read(JsonElement result) =>
        result.Deserialize(HostAgentContext.Default.StreamAnswer) ?? throw new JsonException("The answer is null.");
}

/// <summary>The first line of the host agent's <c>receive</c>.</summary>
/// <param name="Receiver">The receiver's number.</param>
public sealed record ReceiverAnswer(long Receiver)
{
    /// <summary>Writes it.</summary>
    public void WriteTo(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, this, HostAgentContext.Default.ReceiverAnswer);
}

internal sealed record FilterRequest(
    Address Group, FilterMode? Mode = null, IEnumerable<Address>? Sources = null, string? Socket = null);

internal sealed record ReceiveRequest(
    Address Group, ushort Port, FilterMode Mode, IEnumerable<Address> Sources, ulong? Count, bool Each);

internal sealed record SendRequest(Address Group, ushort Port, Address? Source, long IntervalUs, byte Ttl);

[JsonSerializable(typeof(FilterRequest))]
[JsonSerializable(typeof(ReceiveRequest))]
[JsonSerializable(typeof(SendRequest))]
[JsonSerializable(typeof(StreamAnswer))]
[JsonSerializable(typeof(ReceiverAnswer))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(AddressConverter), typeof(FilterModeConverter)])]
internal sealed partial class HostAgentContext : JsonSerializerContext;
