using System.Text.Json;
using MulticastLab.Lab.Engines;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.LabRunner.Running;

/// <summary>A frame of a running lab, decoded.</summary>
internal sealed class WatchedFrame(LabFrame frame, Instant start)
{
    private readonly DecodedFrame decoded = FrameDecoder.Decode(frame.Bytes.Span);

    /// <summary>Whether it is an IGMP message.</summary>
    public bool IsIgmp => decoded.Layers.Any(layer => layer.Name == "igmp");

    /// <summary>In one line of markup.</summary>
    public string ToMarkup() => MessageLine.Of(frame.Number, frame.At - start, frame.Lan, frame.Node, decoded);

    /// <summary>With Wireshark's field names, and the node that sent it.</summary>
    public void WriteTo(Utf8JsonWriter json) => FrameJson.Write(
        json, new CapturedPacket(new CaptureInterface(0, LinkType.Ethernet, frame.Lan, null), frame.At, frame.Bytes), decoded, frame.Number,
        writer =>
        {
            writer.WritePropertyName("multicast-lab");
            JsonSerializer.Serialize(writer, new FrameOrigin(frame.Node, frame.Interface), DocumentContext.Default.FrameOrigin);
        });
}
