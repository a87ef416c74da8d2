using System.Globalization;
using MulticastLab.Forwarding;
using MulticastLab.Router.Forwarding;

namespace MulticastLab.Router.Output;

/// <summary>The answers of the commands <c>mroute</c> and <c>vif</c> as tables for people.</summary>
internal static class ForwardingTables
{
    /// <summary>One line per entry; below, one per static route and per override of a reverse path.</summary>
    public static string Routes(RoutesAnswer answer)
    {
        var entries = new TextTable("Source", "Group", "From", "To", "Packets", "Wrong If", "Static");
        foreach (var entry in answer.Entry)
        {
            entries.Add(
                entry.SourceAddress.ToString(), entry.GroupAddress.ToString(), entry.IncomingInterface ?? "-",
                Outputs(entry.OutgoingInterface), Text(entry.Packets), Text(entry.WrongInterface), entry.Static ? "Y" : "N");
        }

        var text = entries.ToString();
        if (answer.StaticRoute.Any())
        {
            var routes = new TextTable("Static source", "Group", "From", "To");
            foreach (var route in answer.StaticRoute)
                routes.Add(route.Source, route.Group, route.From, Outputs(route.To));
            text += $"\n\n{routes}";
        }

        if (answer.ReversePath.Any())
        {
            var paths = new TextTable("Reverse path of", "From");
            foreach (var path in answer.ReversePath)
                paths.Add(path.Source, path.Interface);
            text += $"\n\n{paths}";
        }

        return text;
    }

    /// <summary>One line per VIF.</summary>
    public static string Vifs(VifsAnswer answer)
    {
        var table = new TextTable("VIF", "Interface", "Packets In", "Packets Out", "Bytes In", "Bytes Out");
        foreach (var vif in answer.Vif)
            table.Add(
                Text(vif.Vif), vif.Interface, Text(vif.PacketsIn), Text(vif.PacketsOut), Text(vif.BytesIn), Text(vif.BytesOut));
        return table.ToString();
    }

    private static string Outputs(IEnumerable<OutputAnswer> outputs)
    {
        var texts = outputs.Select(each => new StaticOutput(each.Interface, each.Ttl).ToString()).ToArray();
        return texts.Length == 0 ? "-" : string.Join(' ', texts);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
