using System.Text.Json;
using MulticastLab.HostAgent.Traffic;
using MulticastLab.Linux.Multicast;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.HostAgent.Agent;

/// <summary>Reads the members of a control request, each error naming the member.</summary>
/// <param name="json">The request: an object.</param>
internal readonly struct Request(JsonElement json)
{
    /// <summary><c>group</c>, which must be there.</summary>
    public Address Group => ListenRules.Group(Text("group") ?? throw AgentException.Usage("\"group\" is missing"));

    /// <summary><c>sources</c>; empty when it is not there.</summary>
    public IReadOnlyList<Address> Sources
    {
        get
        {
            if (!TryGet("sources", out var value))
                return [];
            if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
                throw AgentException.Usage("\"sources\" is not a list of strings");
            return [.. value.EnumerateArray().Select(each => ListenRules.Source(each.GetString()!))];
        }
    }

    /// <summary><c>mode</c> and <c>sources</c>; without a mode EXCLUDE.</summary>
    public SourceFilter Filter => SourceFilter.Of(
        Text("mode") switch
        {
            "include" => SourceFilterMode.Include,
            "exclude" or null => SourceFilterMode.Exclude,
            var other => throw AgentException.Usage($"\"mode\" is include or exclude, not '{other}'"),
        },
        Sources);

    /// <summary><c>port</c>; 5001 when it is not there.</summary>
    public ushort Port => (ushort)(Number("port", 1, ushort.MaxValue) ?? StreamDatagram.DefaultPort);

    /// <summary><c>count</c>; null for no end.</summary>
    public ulong? Count => (ulong?)Number("count", 1, long.MaxValue);

    /// <summary><c>stream</c>: the identifier of a stream, which must be there.</summary>
    public string Stream => Text("stream") ?? throw AgentException.Usage("\"stream\" is missing");

    /// <summary><c>receiver</c>: the number of a receiver, which must be there.</summary>
    public long Receiver => Number("receiver", 1, long.MaxValue) ?? throw AgentException.Usage("\"receiver\" is missing");

    /// <summary><c>each</c>: whether every datagram is to be told.</summary>
    public bool Each => TryGet("each", out var value) && (value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean()
        : throw AgentException.Usage("\"each\" is true or false"));

    /// <summary>The members of <c>send</c>.</summary>
    public StreamRequest ToStream() => new()
    {
        Group = Group,
        Port = Port,
        Source = Text("source") is { } source ? ListenRules.Source(source) : null,
        Interval = Number("interval-us", 1, 3_600_000_000) is { } microseconds ? TimeSpan.FromMicroseconds(microseconds) : StreamRequest.DefaultInterval,
        Count = Count,
        TimeToLive = (byte)(Number("ttl", 0, 255) ?? 8),
    };

    private string? Text(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw AgentException.Usage($"\"{name}\" is not a string");
    }

    private long? Number(string name, long least, long most)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw AgentException.Usage($"\"{name}\" is a whole number from {least} to {most}");
    }

    private bool TryGet(string name, out JsonElement value) => json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
}
