using System.Text.Json;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The requests to the host agent's control socket, and its answers.</summary>
internal static class HostAgentMessages
{
    internal static void WriteJoin(Utf8JsonWriter writer, Address group, FilterMode mode, IEnumerable<Address> sources)
    {
        writer.WriteString("group", group.ToString());
        writer.WriteString("mode", mode == FilterMode.Include ? "include" : "exclude");
        writer.WriteStartArray("sources");
        foreach (var source in sources)
            writer.WriteStringValue(source.ToString());
        writer.WriteEndArray();
    }

    internal static void WriteLeave(Utf8JsonWriter writer, Address group) => writer.WriteString("group", group.ToString());

    internal static void WriteSend(Utf8JsonWriter writer, Address group, Address? source, TimeSpan every)
    {
        const int Port = 5001;
        const int HopLimit = 8; // enough for several routers, and a loop ends soon
        writer.WriteString("group", group.ToString());
        writer.WriteNumber("port", Port);
        if (source is { } address)
            writer.WriteString("source", address.ToString());
        writer.WriteNumber("interval-us", (long)every.TotalMicroseconds);
        writer.WriteNumber("ttl", HopLimit);
    }

    internal static void WriteStopSending(Utf8JsonWriter writer, string stream) => writer.WriteString("stream", stream);

    internal static string ReadStream(JsonElement result) => result.GetProperty("stream").GetString()!;

    internal static IReadOnlyList<ReceptionState> ReadReceptionStates(JsonElement result) =>
        [.. result.GetProperty("groups").EnumerateArray().Select(ReceptionStateJson.Read)];
}
