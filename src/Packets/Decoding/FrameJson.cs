using System.Globalization;
using System.Text.Json;
using MulticastLab.Packets.Captures;

namespace MulticastLab.Packets.Decoding;

/// <summary>Decoded frames as JSON with Wireshark's field names.</summary>
/// <remarks>
/// A frame is an object with one object per layer, as in <c>tshark -T json</c>, but typed and easier to query: decimal numbers are
/// numbers, flags are true and false, everything else is a string as Wireshark shows it; subfields are siblings of their field; what can
/// occur several times (<c>igmp.saddr</c>, <c>igmp.reserved</c>, <c>igmp.record</c>, <c>ip.opt</c>, the layer <c>vlan</c>) is always an
/// array. A malformed frame has <c>error</c> with the name of its <see cref="PacketError"/>; one that the capture has cut short
/// <c>cut-short</c>; one whose decoding ended at something that is not known <c>not-decoded</c> with its number; one whose record in the
/// file is odd <c>notices</c>.
/// Written by hand: the names are those of the fields that a frame has, and a capture has millions of frames.
/// </remarks>
public static class FrameJson
{
    /// <summary>Writes a captured packet as one object, with the layer <c>frame</c> about its capture.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="number">Its number in the capture, from 1.</param>
    public static void Write(Utf8JsonWriter json, CapturedPacket packet, int number) =>
        Write(json, packet, FrameDecoder.Decode(packet), number);

    /// <summary>The same for a packet that has been decoded already.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="frame">What it was decoded to.</param>
    /// <param name="number">Its number in the capture, from 1.</param>
    /// <param name="writeMore">Writes further members of the object; null for none.</param>
    public static void Write(
        Utf8JsonWriter json, CapturedPacket packet, DecodedFrame frame, int number, Action<Utf8JsonWriter>? writeMore = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteStartObject("frame");
        json.WriteNumber("frame.number", number);
        if (packet.HasTimestamp)
            json.WriteString("frame.time_epoch", packet.At.ToString());
        json.WriteNumber("frame.len", packet.OriginalLength);
        json.WriteNumber("frame.cap_len", packet.Data.Length);
        if (packet.Interface != CaptureInterface.Undescribed)
            json.WriteNumber("frame.interface_id", packet.InterfaceId);
        if (packet.InterfaceName is { } name)
            json.WriteString("frame.interface_name", name);
        if (packet.Direction != PacketDirection.Unknown)
            json.WriteNumber("frame.packet_flags_direction", (int)packet.Direction);
        if (packet.Dropped is { } dropped)
            json.WriteNumber("frame.drop_count", dropped);
        WriteTexts(json, "frame.comment", packet.Comments);
        json.WriteEndObject();
        WriteMembers(json, frame);
        WriteTexts(json, "notices", packet.Notices.Select(notice => notice.Text));
        writeMore?.Invoke(json);
        json.WriteEndObject();
    }

    /// <summary>Writes a decoded frame as one object.</summary>
    public static void Write(Utf8JsonWriter json, DecodedFrame frame)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        WriteMembers(json, frame);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, DecodedFrame frame)
    {
        WriteFields(json, frame.Layers);
        if (frame.Error != PacketError.None)
            json.WriteString("error", frame.Error.ToString());
        if (frame.IsCut)
            json.WriteBoolean("cut-short", true);
        if (frame.NotDecoded is { } what)
            json.WriteString("not-decoded", what);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        if (!texts.Any())
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, IReadOnlyList<Field> fields)
    {
        json.WriteStartObject();
        WriteFields(json, fields);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<Field> fields)
    {
        foreach (var field in fields.Where(each => !each.Repeats))
        {
            json.WritePropertyName(field.Name);
            WriteValue(json, field);
            if (field.Kind != FieldKind.Group)
                WriteFields(json, field.Children);
        }

        foreach (var group in fields.Where(each => each.Repeats).GroupBy(each => each.Name))
        {
            json.WriteStartArray(group.Key);
            foreach (var field in group)
                WriteValue(json, field);
            json.WriteEndArray();
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Field field)
    {
        switch (field.Kind)
        {
            case FieldKind.Number:
                json.WriteNumberValue(long.Parse(field.Value, CultureInfo.InvariantCulture));
                break;
            case FieldKind.Flag:
                json.WriteBooleanValue(field.Value == "1");
                break;
            case FieldKind.Text:
                json.WriteStringValue(field.Value);
                break;
            case FieldKind.Group:
                WriteObject(json, field.Children);
                break;
        }
    }
}
