using System.Text.Json;
using System.Text.Json.Nodes;
using MulticastLab.Membership;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Devices;

/// <summary>
/// Reads the state dump of a device, which may leave out what the device does not know. What is left out is as in a router that has just started:
/// timers by their defaults, no other querier, no counter; times are taken from the leaves in seconds where those in milliseconds are not there.
/// </summary>
internal static class DeviceDump
{
    private const string Own = "multicast-lab:";

    private static readonly string[] Protocols = ["ietf-igmp-mld:igmp", "ietf-igmp-mld:mld"];

    /// <summary>Reads a dump.</summary>
    /// <exception cref="FormatException">It is not one: not JSON, without interfaces, or with leaves that are something else than they should be.</exception>
    internal static RouterState Read(string text)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(text);
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"it is not JSON: {malformed.Message}", malformed);
        }

        if (root is not JsonObject dump || Protocols.FirstOrDefault(dump.ContainsKey) is null)
            throw new FormatException($"it has no \"{Protocols[0]}\"");
        foreach (var protocol in Protocols)
        {
            if (dump[protocol] is JsonObject tree)
                Complete(tree);
        }

        var state = RouterStateJson.Read(dump.ToJsonString());
        // Ascending, as everybody expects who reads a state.
        return state with
        {
            Interfaces = [.. state.Interfaces.Select(each => each with
            {
                Groups = [.. each.Groups.OrderBy(group => group.Group).Select(group => group with { Sources = [.. group.Sources.OrderBy(source => source.Source)] })],
            })],
        };
    }

    private static void Complete(JsonObject tree)
    {
        foreach (var each in Children(tree["interfaces"] as JsonObject, "interface"))
            CompleteInterface(each);
        var global = Object(tree, "global");
        var statistics = Object(global, "statistics");
        foreach (var kind in (ReadOnlySpan<string>)["error", "received", "sent"])
            Object(statistics, kind);
    }

    private static void CompleteInterface(JsonObject state)
    {
        Set(state, "oper-status", "up");
        Set(state, "version", 3);
        var timing = Timing.Default;
        Set(state, "robustness-variable", timing.RobustnessVariable);
        timing = timing with { RobustnessVariable = (int?)Number(state, "robustness-variable") ?? timing.RobustnessVariable };
        timing = timing with { QueryInterval = Time(state, "query-interval", timing.QueryInterval) };
        Time(state, "query-max-response-time", timing.QueryResponseInterval);
        Time(state, "last-member-query-interval", timing.LastMemberQueryInterval);
        Time(state, "unsolicited-report-interval", timing.UnsolicitedReportInterval);
        Time(state, "startup-query-interval", timing.StartupQueryInterval);
        Set(state, Own + "startup-query-count", timing.StartupQueryCount);
        Set(state, Own + "last-member-query-count", timing.LastMemberQueryCount);
        Set(state, Own + "querier-role", "non-querier");
        Set(state, Own + "startup-queries-left", 0);
        foreach (var group in Children(state, "group"))
            CompleteGroup(group);
    }

    private static void CompleteGroup(JsonObject group)
    {
        Time(group, "expire", TimeSpan.Zero);
        Time(group, "up-time", TimeSpan.Zero);
        Set(group, "last-reporter", "0.0.0.0");
        Set(group, Own + "compatibility-mode", 3);
        foreach (var source in Children(group, "source"))
            Time(source, "expire", TimeSpan.Zero);
    }

    private static IEnumerable<JsonObject> Children(JsonObject? parent, string name)
    {
        if (parent is null)
            return [];
        if (parent[name] is null)
            parent[name] = new JsonArray();
        return parent[name] is JsonArray children ? children.OfType<JsonObject>() : [];
    }

    private static JsonObject Object(JsonObject parent, string name)
    {
        if (parent[name] is null)
            parent[name] = new JsonObject();
        return parent[name] as JsonObject ?? [];
    }

    /// <summary>The leaf in milliseconds, made of that in seconds or of the default where it is missing.</summary>
    private static TimeSpan Time(JsonObject parent, string name, TimeSpan standard)
    {
        var leaf = $"{Own}{name}-ms";
        var known = Number(parent, leaf) ?? (Number(parent, name) * 1000);
        if (!parent.ContainsKey(leaf))
            parent[leaf] = known is { } told ? (long)told : (long)standard.TotalMilliseconds;
        return known is { } milliseconds and < 1_000_000_000_000 ? TimeSpan.FromMilliseconds((double)milliseconds) : standard;
    }

    private static decimal? Number(JsonObject parent, string name) =>
        parent[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out decimal number) ? number : null;

    private static void Set(JsonObject parent, string name, JsonNode value)
    {
        if (!parent.ContainsKey(name))
            parent[name] = value;
    }
}
