using System.Globalization;
using MulticastLab.Router.Forwarding;

namespace MulticastLab.Router.Output;

/// <summary>The answer of the command <c>mroute</c> in the columns of FRR's <c>show ip mroute</c>.</summary>
internal static class MulticastRouteTable
{
    private static readonly string[] NoHead = ["", "", "", "", ""];

    /// <summary>One line per outgoing interface of an entry; then one per static route.</summary>
    public static string Write(RoutesAnswer answer)
    {
        var table = new TextTable("Source", "Group", "Flags", "Proto", "Input", "Output", "TTL", "Packets");
        foreach (var entry in answer.Entry)
        {
            var outputs = Outputs(entry.OutgoingInterface);
            var head = new[]
            {
                entry.SourceAddress.ToString(),
                entry.GroupAddress.ToString(),
                outputs is [("none", _)] ? "P"
                : entry.Static ? "S"
                : "-",
                entry.Static ? "STATIC" : "IGMP",
                entry.IncomingInterface ?? "<iif?>",
            };
            foreach (var (number, (name, ttl)) in outputs.Index())
                table.Add([.. number == 0 ? head : NoHead, name, ttl, number == 0 ? Text(entry.Packets) : ""]);
        }

        foreach (var route in answer.StaticRoute)
        {
            var head = new[] { route.Source, route.Group, "S", "STATIC", route.From };
            foreach (var (number, (name, ttl)) in Outputs(route.To).Index())
                table.Add([.. number == 0 ? head : NoHead, name, ttl, ""]);
        }

        return $"Flags: S - static, P - pruned (dropped: nobody wants it)\n{table}";
    }

    private static List<(string Interface, string Ttl)> Outputs(IEnumerable<OutputAnswer> outputs)
    {
        var texts = outputs.Select(each => (each.Interface, Text(each.Ttl))).ToList();
        return texts.Count == 0 ? [("none", "0")] : texts;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
