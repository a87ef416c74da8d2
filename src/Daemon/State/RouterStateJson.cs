using System.Buffers;
using System.Text;
using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Membership.State;

namespace MulticastLab.Daemon.State;

/// <summary>
/// The state dump: <see cref="RouterState"/> as JSON with the names of RFC 8652 (ietf-igmp-mld) and back. A dump may have a million groups:
/// it is written piece by piece, and read as it comes.
/// </summary>
public static class RouterStateJson
{
    /// <summary>The prefix of leaves that RFC 8652 does not have.</summary>
    internal const string Own = "multicast-lab:";

    /// <summary>Writes the dump as one line, or indented for people.</summary>
    public static string ToText(RouterState state, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, state, indented);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the dump as UTF-8.</summary>
    public static void Write(IBufferWriter<byte> buffer, RouterState state, bool indented = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = indented });
        Write(json, state);
    }

    /// <summary>Writes the dump as a value of a larger text.</summary>
    public static void Write(Utf8JsonWriter json, RouterState state)
    {
        foreach (var _ in Steps(json, state))
        {
        }
    }

    /// <summary>The dump as one line of UTF-8, made piece by piece as it is asked for, so that its length costs no memory.</summary>
    /// <returns>Pieces of about 64 KiB; each is valid until the next one is asked for.</returns>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(RouterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        const int Piece = 64 * 1024;
        var buffer = new ArrayBufferWriter<byte>(Piece + (Piece / 4));
        using var json = new Utf8JsonWriter(buffer);
        foreach (var _ in Steps(json, state))
        {
            if (buffer.WrittenCount + json.BytesPending < Piece)
                continue;
            json.Flush();
            yield return buffer.WrittenMemory;
            buffer.ResetWrittenCount();
        }

        json.Flush();
        yield return buffer.WrittenMemory;
    }

    /// <summary>Reads a dump.</summary>
    /// <exception cref="FormatException">The text is not JSON, or not a dump; the message says where.</exception>
    public static RouterState Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a dump from UTF-8.</summary>
    /// <exception cref="FormatException">The text is not JSON, or not a dump; the message says where.</exception>
    public static RouterState Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return ToState(JsonSerializer.Deserialize(utf8.Span, LeavesContext.Default.DumpLeaves));
        }
        catch (Exception wrong) when (Explain(wrong) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Reads a dump from a stream of UTF-8 to its end. It takes the memory of the state alone, however long the text.</summary>
    /// <exception cref="FormatException">The text is not JSON, or not a dump; the message says where.</exception>
    public static async ValueTask<RouterState> Read(Stream utf8, CancellationToken cancellation = default)
    {
        try
        {
            return ToState(
                await JsonSerializer.DeserializeAsync(utf8, LeavesContext.Default.DumpLeaves, cancellation).ConfigureAwait(false));
        }
        catch (Exception wrong) when (Explain(wrong) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Reads a dump that is a value of a larger text.</summary>
    /// <exception cref="JsonException">It is no dump.</exception>
    internal static RouterState Read(ref Utf8JsonReader reader) =>
        ToState(JsonSerializer.Deserialize(ref reader, LeavesContext.Default.DumpLeaves));

    private static RouterState ToState(DumpLeaves? dump)
    {
        var igmp = (dump ?? throw LeafFault.NoObject()).Igmp ?? throw LeafFault.Missing("ietf-igmp-mld:igmp");
        return new RouterState
        {
            Interfaces = [.. (igmp.Interfaces?.Interface ?? []).Select(ToState)],
            Statistics = igmp.Global?.Statistics.ToState() ?? new StatisticsState(),
        };
    }

    private static InterfaceState ToState(InterfaceLeaves? leaves, int index)
    {
        var place = $".ietf-igmp-mld:igmp.interfaces.interface[{index}]";
        return (leaves ?? throw LeafFault.NoObject(place)).ToState(place);
    }

    private static FormatException? Explain(Exception wrong) => wrong switch
    {
        JsonException json when LeafFault.Of(json) is { } fault => new FormatException($"State dump: ${fault}.", wrong),
        JsonException => new FormatException($"The state dump is not JSON: {wrong.Message}", wrong),
        // The parser lets strings pass that are no UTF-8, or hold half a surrogate pair; it refuses when they are read.
        InvalidOperationException => new FormatException($"The state dump holds a string that is no text: {wrong.Message}", wrong),
        _ => null,
    };

    // Comes back after every group, so that what is written can be taken away.
    private static IEnumerable<bool> Steps(Utf8JsonWriter json, RouterState state)
    {
        json.WriteStartObject();
        json.WriteStartObject("ietf-igmp-mld:igmp");
        json.WriteStartObject("interfaces");
        json.WriteStartArray("interface");
        foreach (var each in state.Interfaces)
        {
            json.WriteStartObject();
            // It stays open for the groups.
            JsonMembers.Write(json, each.ToLeaves(), LeavesContext.Default.InterfaceLeaves);
            json.WriteStartArray("group");
            foreach (var group in each.Groups)
            {
                JsonSerializer.Serialize(json, group.ToLeaves(), LeavesContext.Default.GroupLeaves);
                yield return true;
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WritePropertyName("global");
        var statistics = state.Statistics;
        JsonSerializer.Serialize(
            json,
            new GlobalLeaves
            {
                GroupsCount = state.Interfaces.Sum(each => each.GroupCount),
                Statistics = new StatisticsLeaves
                {
                    Error = Counters(statistics.Error),
                    Received = Counters(statistics.Received),
                    Sent = Counters(statistics.Sent),
                },
            },
            LeavesContext.Default.GlobalLeaves);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static Dictionary<string, long> Counters(IReadOnlyDictionary<string, long> counters) => new(counters);
}
