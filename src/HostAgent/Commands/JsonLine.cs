using System.Text;
using System.Text.Json;

namespace MulticastLab.HostAgent.Commands;

/// <summary>JSON as one line of text.</summary>
internal static class JsonLine
{
    /// <summary>What <paramref name="write"/> writes.</summary>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
            write(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
