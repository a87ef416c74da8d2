using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MulticastLab.Packets;

namespace MulticastLab.Membership.State;

/// <summary>
/// The state dump: <see cref="RouterState"/> as JSON with the names of RFC 8652 (ietf-igmp-mld) and back. The RFC's times are whole
/// seconds, rounded; the exact ones stand beside them in milliseconds, rounded up so that what runs does not show as ended.
/// </summary>
public static class RouterStateJson
{
    private const string Own = "multicast-lab:";

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
            Write(json, each);
            json.WriteStartArray("group");
            foreach (var group in each.Groups)
            {
                Write(json, group);
                yield return true;
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("global");
        json.WriteNumber("groups-count", state.Interfaces.Sum(each => each.GroupCount));
        json.WriteStartObject("statistics");
        Write(json, "error", state.Statistics.Error);
        Write(json, "received", state.Statistics.Received);
        Write(json, "sent", state.Statistics.Sent);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
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
            using var document = JsonDocument.Parse(utf8);
            var igmp = new Node(document.RootElement, "$")["ietf-igmp-mld:igmp"];
            var statistics = igmp["global"]["statistics"];
            return new RouterState
            {
                Interfaces = igmp["interfaces"]["interface"].Items(ReadInterface),
                Statistics = new StatisticsState
                {
                    Error = statistics["error"].Counters(),
                    Received = statistics["received"].Counters(),
                    Sent = statistics["sent"].Counters(),
                },
            };
        }
        catch (JsonException exception)
        {
            throw new FormatException($"The state dump is not JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The parser lets strings pass that are no UTF-8, or hold half a surrogate pair; it refuses when they are read.
            throw new FormatException($"The state dump holds a string that is no text: {exception.Message}", exception);
        }
    }

    private static void Write(Utf8JsonWriter json, InterfaceState state)
    {
        var timing = state.Timing;
        json.WriteString("interface-name", state.Name);
        json.WriteString("oper-status", state.Up ? "up" : "down");
        if (state.Address is { } address)
            WriteAddress(json, Own + "address", address);
        if (state.UpTime is { } upTime)
            WriteMilliseconds(json, Own + "up-time-ms", upTime);
        json.WriteNumber("version", state.Version);
        if (state.Querier is { } querier)
            WriteAddress(json, "querier", querier);
        json.WriteNumber("robustness-variable", timing.RobustnessVariable);
        WriteSeconds(json, "query-interval", timing.QueryInterval);
        WriteSeconds(json, "query-max-response-time", timing.QueryResponseInterval);
        WriteSeconds(json, "last-member-query-interval", timing.LastMemberQueryInterval);
        WriteMilliseconds(json, Own + "query-interval-ms", timing.QueryInterval);
        WriteMilliseconds(json, Own + "query-max-response-time-ms", timing.QueryResponseInterval);
        WriteMilliseconds(json, Own + "last-member-query-interval-ms", timing.LastMemberQueryInterval);
        json.WriteNumber(Own + "last-member-query-count", timing.LastMemberQueryCount);
        WriteMilliseconds(json, Own + "startup-query-interval-ms", timing.StartupQueryInterval);
        json.WriteNumber(Own + "startup-query-count", timing.StartupQueryCount);
        WriteMilliseconds(json, Own + "unsolicited-report-interval-ms", timing.UnsolicitedReportInterval);
        json.WriteString(Own + "querier-role", state.IsQuerier ? "querier" : "non-querier");
        if (state.OtherQuerierPresentExpires is { } other)
            WriteMilliseconds(json, Own + "other-querier-present-expires-ms", other);
        if (state.GeneralQueryExpires is { } query)
            WriteMilliseconds(json, Own + "general-query-expires-ms", query);
        json.WriteNumber(Own + "startup-queries-left", state.StartupQueriesLeft);
        if (state.GroupCount > state.Groups.Count)
            json.WriteNumber(Own + "groups-count", state.GroupCount);
    }

    private static void Write(Utf8JsonWriter json, GroupState state)
    {
        json.WriteStartObject();
        WriteAddress(json, "group-address", state.Group);
        json.WriteString("filter-mode", Text(state.Mode));
        WriteSeconds(json, "expire", state.Expires);
        WriteMilliseconds(json, Own + "expire-ms", state.Expires);
        WriteSeconds(json, "up-time", state.UpTime);
        WriteMilliseconds(json, Own + "up-time-ms", state.UpTime);
        WriteAddress(json, "last-reporter", state.LastReporter);
        json.WriteNumber(Own + "compatibility-mode", state.CompatibilityMode);
        if (state.Version1HostPresentExpires is { } version1)
            WriteMilliseconds(json, Own + "version-1-host-present-expires-ms", version1);
        if (state.Version2HostPresentExpires is { } version2)
            WriteMilliseconds(json, Own + "version-2-host-present-expires-ms", version2);
        WriteStatic(json, state.IsStatic);
        Write(json, Own + "host", state.Hosts);
        json.WriteStartArray("source");
        foreach (var each in state.Sources)
        {
            json.WriteStartObject();
            WriteAddress(json, "source-address", each.Source);
            WriteSeconds(json, "expire", each.Expires);
            WriteMilliseconds(json, Own + "expire-ms", each.Expires);
            json.WriteBoolean(Own + "forward", each.Forward);
            WriteStatic(json, each.IsStatic);
            if (each.Hosts.Count > 0)
                json.WriteNumber("host-count", each.Hosts.Count);
            Write(json, "host", each.Hosts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStatic(Utf8JsonWriter json, bool isStatic)
    {
        if (isStatic)
            json.WriteBoolean(Own + "static", true);
    }

    // Only where hosts are tracked: the leaves are optional (RFC 8652, feature explicit-tracking).
    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<HostState> hosts)
    {
        if (hosts.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var each in hosts)
        {
            json.WriteStartObject();
            WriteAddress(json, "host-address", each.Host);
            json.WriteString("host-filter-mode", Text(each.Mode));
            WriteMilliseconds(json, Own + "up-time-ms", each.UpTime);
            WriteMilliseconds(json, Own + "expire-ms", each.Expires);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Text(FilterMode mode) => mode switch { FilterMode.Include => "include", FilterMode.Exclude => "exclude" };

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counters)
    {
        json.WriteStartObject(name);
        foreach (var (leaf, count) in counters)
            json.WriteNumber(leaf, count);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, (uint)Math.Round(time.TotalSeconds, MidpointRounding.AwayFromZero));

    // Without a string for each: a dump may have a million of them.
    private static void WriteAddress(Utf8JsonWriter json, string name, Address address)
    {
        Span<byte> text = stackalloc byte[Address.LongestText];
        json.WriteString(name, text[..address.Format(text)]);
    }

    private static void WriteMilliseconds(Utf8JsonWriter json, string name, TimeSpan time) =>
        json.WriteNumber(name, (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);

    private static InterfaceState ReadInterface(Node node) => new()
    {
        Name = node["interface-name"].Text(),
        Up = node["oper-status"].OneOf("down", "up") == 1,
        Address = node.Optional(Own + "address")?.Address(),
        UpTime = node.Optional(Own + "up-time-ms")?.Milliseconds(),
        Version = node["version"].Number(),
        Querier = node.Optional("querier")?.Address(),
        IsQuerier = node[Own + "querier-role"].OneOf("non-querier", "querier") == 1,
        Timing = ReadTiming(node),
        OtherQuerierPresentExpires = node.Optional(Own + "other-querier-present-expires-ms")?.Milliseconds(),
        GeneralQueryExpires = node.Optional(Own + "general-query-expires-ms")?.Milliseconds(),
        StartupQueriesLeft = node[Own + "startup-queries-left"].Number(),
        Groups = node["group"].Items(ReadGroup),
        GroupCount = node.Optional(Own + "groups-count")?.Number() ?? 0,
    };

    private static Timing ReadTiming(Node node)
    {
        var timing = new Timing
        {
            RobustnessVariable = node["robustness-variable"].Number(),
            QueryInterval = node[Own + "query-interval-ms"].Milliseconds(),
            QueryResponseInterval = node[Own + "query-max-response-time-ms"].Milliseconds(),
            LastMemberQueryInterval = node[Own + "last-member-query-interval-ms"].Milliseconds(),
            UnsolicitedReportInterval = node[Own + "unsolicited-report-interval-ms"].Milliseconds(),
        };
        // These follow the others unless they were set: a value that is the derived one is taken as derived.
        var startupInterval = node[Own + "startup-query-interval-ms"].Milliseconds();
        var startupCount = node[Own + "startup-query-count"].Number();
        var lastMemberCount = node[Own + "last-member-query-count"].Number();
        if (Math.Abs((startupInterval - timing.StartupQueryInterval).TotalMilliseconds) >= 1)
            timing = timing with { StartupQueryInterval = startupInterval };
        if (startupCount != timing.StartupQueryCount)
            timing = timing with { StartupQueryCount = startupCount };
        if (lastMemberCount != timing.LastMemberQueryCount)
            timing = timing with { LastMemberQueryCount = lastMemberCount };
        return timing;
    }

    private static GroupState ReadGroup(Node node) => new()
    {
        Group = node["group-address"].Address(),
        Mode = (FilterMode)node["filter-mode"].OneOf("include", "exclude"),
        Expires = node[Own + "expire-ms"].Milliseconds(),
        UpTime = node[Own + "up-time-ms"].Milliseconds(),
        LastReporter = node["last-reporter"].Address(),
        CompatibilityMode = node[Own + "compatibility-mode"].Number(),
        Version1HostPresentExpires = node.Optional(Own + "version-1-host-present-expires-ms")?.Milliseconds(),
        Version2HostPresentExpires = node.Optional(Own + "version-2-host-present-expires-ms")?.Milliseconds(),
        IsStatic = node.Optional(Own + "static")?.Boolean() ?? false,
        Hosts = node.Optional(Own + "host")?.Items(ReadHost) ?? [],
        Sources = node["source"].Items(static source => new SourceState
        {
            Source = source["source-address"].Address(),
            Expires = source[Own + "expire-ms"].Milliseconds(),
            IsStatic = source.Optional(Own + "static")?.Boolean() ?? false,
            Hosts = source.Optional("host")?.Items(ReadHost) ?? [],
        }),
    };

    private static HostState ReadHost(Node node) => new()
    {
        Host = node["host-address"].Address(),
        Mode = (FilterMode)node["host-filter-mode"].OneOf("include", "exclude"),
        UpTime = node[Own + "up-time-ms"].Milliseconds(),
        Expires = node[Own + "expire-ms"].Milliseconds(),
    };

    /// <summary>A JSON value that knows where it stands, for errors that say it.</summary>
    private readonly struct Node(JsonElement element, string path)
    {
        public Node this[string name] => Optional(name) ?? throw Wrong($"has no \"{name}\"");

        public Node? Optional(string name)
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw Wrong("is not an object");
            return element.TryGetProperty(name, out var value) ? new Node(value, $"{path}.{name}") : null;
        }

        public List<T> Items<T>(Func<Node, T> read)
        {
            if (element.ValueKind != JsonValueKind.Array)
                throw Wrong("is not an array");
            var items = new List<T>(element.GetArrayLength());
            foreach (var each in element.EnumerateArray())
                items.Add(read(new Node(each, $"{path}[{items.Count}]")));
            return items;
        }

        public Dictionary<string, long> Counters()
        {
            if (element.ValueKind != JsonValueKind.Object)
                throw Wrong("is not an object");
            var counters = new Dictionary<string, long>();
            foreach (var each in element.EnumerateObject())
                counters[each.Name] = new Node(each.Value, $"{path}.{each.Name}").Long();
            return counters;
        }

        public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong("is not a string");

        public Address Address()
        {
            var text = Text();
            return Packets.Address.TryParse(text, out var address) ? address : throw Wrong($"is not an IP address: \"{text}\"");
        }

        public int OneOf(params string[] words)
        {
            var text = Text();
            var index = Array.IndexOf(words, text);
            return index >= 0 ? index : throw Wrong($"is none of {string.Join(", ", words)}: \"{text}\"");
        }

        public bool Boolean() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong("is neither true nor false");

        public int Number() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= 0
            ? number
            : throw Wrong("is not a whole number from 0");

        public TimeSpan Milliseconds()
        {
            var milliseconds = Long();
            return milliseconds <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond
                ? new TimeSpan(milliseconds * TimeSpan.TicksPerMillisecond)
                : throw Wrong("is too long a time");
        }

        private long Long() => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number) && number >= 0
            ? number
            : throw Wrong("is not a whole number from 0");

        private FormatException Wrong(string what) => new(string.Create(CultureInfo.InvariantCulture, $"State dump: {path} {what}."));
    }
}
