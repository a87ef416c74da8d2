using System.Text.Json;

namespace MulticastLab.Router.Output;

/// <summary>The answer of the command <c>mroute</c> in the columns of FRR's <c>show ip mroute</c>.</summary>
internal static class MulticastRouteTable
{
    private static readonly string[] NoHead = ["", "", "", "", ""];

    /// <summary>One line per outgoing interface of an entry; then one per static route.</summary>
    public static string Write(JsonElement answer)
    {
        var table = new TextTable("Source", "Group", "Flags", "Proto", "Input", "Output", "TTL", "Packets");
        foreach (var entry in answer.GetProperty("entry").EnumerateArray())
        {
            var isStatic = entry.GetProperty("static").GetBoolean();
            var outputs = Outputs(entry.GetProperty("outgoing-interface"));
            var head = new[]
            {
                Text(entry, "source-address"),
                Text(entry, "group-address"),
                outputs is [("none", _)] ? "P"
                : isStatic ? "S"
                : "-",
                isStatic ? "STATIC" : "IGMP",
                Text(entry, "incoming-interface"),
            };
            foreach (var (number, (name, ttl)) in outputs.Index())
                table.Add([.. number == 0 ? head : NoHead, name, ttl, number == 0 ? Text(entry, "packets") : ""]);
        }

        foreach (var route in answer.GetProperty("static-route").EnumerateArray())
        {
            var head = new[] { Text(route, "source"), Text(route, "group"), "S", "STATIC", Text(route, "from") };
            foreach (var (number, (name, ttl)) in Outputs(route.GetProperty("to")).Index())
                table.Add([.. number == 0 ? head : NoHead, name, ttl, ""]);
        }

        return $"Flags: S - static, P - pruned (dropped: nobody wants it)\n{table}";
    }

    private static List<(string Interface, string Ttl)> Outputs(JsonElement outputs) => outputs.GetArrayLength() == 0
        ? [("none", "0")]
        : [.. outputs.EnumerateArray().Select(each => (Text(each, "interface"), Text(each, "ttl")))];

    private static string Text(JsonElement owner, string name)
    {
        var value = owner.GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? "<iif?>" : value.ToString();
    }
}
