using System.Text.Json;

namespace MulticastLab.Router.Output;

/// <summary>The answers of the commands <c>mroute</c> and <c>vif</c> as tables for people.</summary>
internal static class ForwardingTables
{
    /// <summary>One line per entry; below, one per static route and per override of a reverse path.</summary>
    public static string Routes(JsonElement answer)
    {
        var entries = new TextTable("Source", "Group", "From", "To", "Packets", "Wrong If", "Static");
        foreach (var entry in answer.GetProperty("entry").EnumerateArray())
        {
            entries.Add(
                Text(entry, "source-address"), Text(entry, "group-address"), Text(entry, "incoming-interface"),
                Outputs(entry.GetProperty("outgoing-interface")), Text(entry, "packets"), Text(entry, "wrong-interface"),
                entry.GetProperty("static").GetBoolean() ? "Y" : "N");
        }

        var text = entries.ToString();
        if (answer.GetProperty("static-route").GetArrayLength() > 0)
        {
            var routes = new TextTable("Static source", "Group", "From", "To");
            foreach (var route in answer.GetProperty("static-route").EnumerateArray())
                routes.Add(Text(route, "source"), Text(route, "group"), Text(route, "from"), Outputs(route.GetProperty("to")));
            text += $"\n\n{routes}";
        }

        if (answer.GetProperty("reverse-path").GetArrayLength() > 0)
        {
            var paths = new TextTable("Reverse path of", "From");
            foreach (var path in answer.GetProperty("reverse-path").EnumerateArray())
                paths.Add(Text(path, "source"), Text(path, "interface"));
            text += $"\n\n{paths}";
        }

        return text;
    }

    /// <summary>One line per VIF.</summary>
    public static string Vifs(JsonElement answer)
    {
        var table = new TextTable("VIF", "Interface", "Packets In", "Packets Out", "Bytes In", "Bytes Out");
        foreach (var vif in answer.GetProperty("vif").EnumerateArray())
            table.Add(
                Text(vif, "vif"), Text(vif, "interface"), Text(vif, "packets-in"), Text(vif, "packets-out"), Text(vif, "bytes-in"),
                Text(vif, "bytes-out"));
        return table.ToString();
    }

    private static string Outputs(JsonElement outputs)
    {
        var texts = outputs
            .EnumerateArray()
            .Select(each => Text(each, "ttl") == "1" ? Text(each, "interface") : $"{Text(each, "interface")}={Text(each, "ttl")}")
            .ToArray();
        return texts.Length == 0 ? "-" : string.Join(' ', texts);
    }

    private static string Text(JsonElement owner, string name)
    {
        var value = owner.GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? "-" : value.ToString();
    }
}
