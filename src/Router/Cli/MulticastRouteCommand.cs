using System.CommandLine;
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
            Ask(arguments, () => Added(StaticRoute.Parse(arguments.GetRequiredValue(Route)), arguments.GetValue(Replace))));
        var delete = new Command("delete", "Delete a static multicast route.") { Group, Source, Control };
        delete.Does(arguments => Ask(
            arguments,
            () => new RouteRequest("delete", Group: arguments.GetRequiredValue(Group), Source: arguments.GetValue(Source) ?? "*")));
        var flush = new Command("flush", "Forget all forwarding entries: sources that go on sending get new ones.") { Control };
        flush.Does(arguments => Ask(arguments, () => new RouteRequest("flush")));
        return new Command("mroute", "Change what the running router forwards; 'router show mroute' shows it.") { add, delete, flush };
    }

    private static ExitCode Ask(ParseResult arguments, Func<RouteRequest> request)
    {
        try
        {
            return DaemonCommand.Run(
                arguments.GetValue(Control), "mroute", writer => ControlRequests.ChangeRoutes(writer, request()), _ => "");
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine($"router: {wrong.Message}");
            return ExitCode.Usage;
        }
    }

    private static RouteRequest Added(StaticRoute route, bool replace) => new(
        "add", replace, route.From, StaticRoute.Text(route.Groups), StaticRoute.Text(route.Sources),
        route.To.Select(each => each.ToString()));
}
