using System.CommandLine;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Forwarding;

namespace MulticastLab.Router.Cli;

/// <summary><c>router mroute add|delete|flush</c>: changes what the running router forwards.</summary>
internal static class MulticastRouteCommand
{
    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    private static readonly Argument<string> Route = new("route")
    {
        Description = "The route: '(*, 239.1.0.0/16) eth0 -> eth1 eth2=16', with the TTL that packets must be above",
    };

    private static readonly Argument<string> Group = new("group") { Description = "The group or prefix of the route" };

    private static readonly Option<string?> Source = new("--source")
    {
        Description = "The source or prefix of the route (default: all)",
        HelpName = "ADDRESS",
    };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Replace a route for the same sources and groups, if there is one",
    };

    /// <summary>The command.</summary>
    public static Command Build()
    {
        var add = new Command("add", "Add a static multicast route.") { Route, Replace, Control };
        add.Does(arguments =>
            Ask(
                arguments, "add",
                writer => Write(writer, StaticRoute.Parse(arguments.GetRequiredValue(Route)), arguments.GetValue(Replace))));
        var delete = new Command("delete", "Delete a static multicast route.") { Group, Source, Control };
        delete.Does(arguments => Ask(arguments, "delete", writer =>
        {
            writer.WriteString("group", arguments.GetRequiredValue(Group));
            writer.WriteString("source", arguments.GetValue(Source) ?? "*");
        }));
        var flush = new Command("flush", "Forget all forwarding entries: sources that keep sending get new ones.") { Control };
        flush.Does(arguments => Ask(arguments, "flush", _ => { }));
        return new Command("mroute", "Change what the running router forwards; 'router show mroute' shows it.") { add, delete, flush };
    }

    private static ExitCode Ask(ParseResult arguments, string action, Action<Utf8JsonWriter> writeFields)
    {
        try
        {
            return DaemonCommand.Run(
                arguments.GetValue(Control),
                "mroute",
                writer =>
                {
                    writer.WriteString("action", action);
                    writeFields(writer);
                },
                _ => "");
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine($"router: {wrong.Message}");
            return ExitCode.Usage;
        }
    }

    private static void Write(Utf8JsonWriter writer, StaticRoute route, bool replace)
    {
        writer.WriteBoolean("replace", replace);
        writer.WriteString("from", route.From);
        writer.WriteString("group", StaticRoute.Text(route.Groups));
        writer.WriteString("source", StaticRoute.Text(route.Sources));
        writer.WriteStartArray("to");
        foreach (var output in route.To)
            writer.WriteStringValue(output.ToString());
        writer.WriteEndArray();
    }
}
