using System.Text.Json;
using MulticastLab.Forwarding;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>The forwarding as JSON: the answers of the commands <c>mroute</c> and <c>vif</c>.</summary>
internal static class ForwardingJson
{
    /// <summary>Entries with their counters, static routes, overrides of reverse paths. Queries the kernel on the way.</summary>
    public static void WriteRoutes(Utf8JsonWriter writer, ForwardingSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("entry");
        foreach (var entry in snapshot.Entries.OrderBy(each => each.Group).ThenBy(each => each.Source))
            WriteEntry(writer, entry, snapshot);
        writer.WriteEndArray();
        writer.WriteStartArray("static-route");
        foreach (var route in snapshot.Routes)
        {
            writer.WriteStartObject();
            writer.WriteString("source", StaticRoute.Text(route.Sources));
            writer.WriteString("group", StaticRoute.Text(route.Groups));
            writer.WriteString("from", route.From);
            WriteOutputs(writer, "to", route.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("reverse-path");
        foreach (var path in snapshot.ReversePaths)
        {
            writer.WriteStartObject();
            writer.WriteString("source", path.Sources.ToString());
            writer.WriteString("interface", path.Interface);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>VIFs with their counters.</summary>
    public static void WriteVifs(Utf8JsonWriter writer, ForwardingSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("vif");
        foreach (var (vif, name) in snapshot.Vifs)
        {
            var counts = snapshot.Kernel.ReadVifCounts(vif).GetValueOrDefault();
            writer.WriteStartObject();
            writer.WriteNumber("vif", vif);
            writer.WriteString("interface", name);
            writer.WriteNumber("packets-in", counts.PacketsIn);
            writer.WriteNumber("packets-out", counts.PacketsOut);
            writer.WriteNumber("bytes-in", counts.BytesIn);
            writer.WriteNumber("bytes-out", counts.BytesOut);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, SnapshotEntry entry, ForwardingSnapshot snapshot)
    {
        var counts = snapshot.Kernel.ReadCounts(entry.Source, entry.Group).GetValueOrDefault();
        writer.WriteStartObject();
        writer.WriteString("source-address", entry.Source.ToString());
        writer.WriteString("group-address", entry.Group.ToString());
        // Null: there is no reverse path to the source, and its packets are dropped.
        writer.WriteString("incoming-interface", snapshot.Vifs.GetValueOrDefault(entry.Path.Incoming));
        WriteOutputs(writer, "outgoing-interface", Outputs(entry.Path.Outgoing, snapshot));
        writer.WriteBoolean("static", entry.IsStatic);
        writer.WriteNumber("packets", counts.Packets);
        writer.WriteNumber("bytes", counts.Bytes);
        writer.WriteNumber("wrong-interface", counts.WrongVif);
        writer.WriteEndObject();
    }

    private static IEnumerable<StaticOutput> Outputs(OutgoingInterfaces outgoing, ForwardingSnapshot snapshot)
    {
        foreach (var (vif, name) in snapshot.Vifs)
        {
            if (outgoing.Contains(vif))
                yield return new StaticOutput(name, outgoing[vif]);
        }
    }

    private static void WriteOutputs(Utf8JsonWriter writer, string name, IEnumerable<StaticOutput> outputs)
    {
        writer.WriteStartArray(name);
        foreach (var output in outputs)
        {
            writer.WriteStartObject();
            writer.WriteString("interface", output.Interface);
            writer.WriteNumber("ttl", output.Threshold);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
