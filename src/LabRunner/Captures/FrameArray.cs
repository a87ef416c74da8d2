using System.Buffers;
using System.Text;
using System.Text.Json;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.LabRunner.Captures;

/// <summary>A capture as a JSON array, each frame written when it comes; it is closed wherever the capture breaks off.</summary>
internal sealed class FrameArray : IDisposable
{
    private readonly TextWriter output;
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly Utf8JsonWriter json;

    public FrameArray(TextWriter output)
    {
        this.output = output;
        json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true });
        json.WriteStartArray();
    }

    /// <summary>Writes a frame.</summary>
    public void Write(InspectedFrame inspected)
    {
        FrameJson.Write(json, inspected.Packet, inspected.Frame, inspected.Number);
        Flush();
    }

    /// <summary>Ends the array.</summary>
    public void End()
    {
        json.WriteEndArray();
        Flush();
        output.WriteLine();
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private void Flush()
    {
        json.Flush();
        output.Write(Encoding.UTF8.GetString(bytes.WrittenSpan));
        output.Flush();
        bytes.ResetWrittenCount();
    }
}
