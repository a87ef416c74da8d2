using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Daemon.State;
using MulticastLab.Router.Forwarding;
using MulticastLab.Router.Output;

namespace MulticastLab.Router.Cli;

/// <summary><c>router show interfaces|groups|statistics|mroute|vifs</c>: tables for people, JSON for programs.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> What = new("what") { Description = "interfaces, groups, statistics, mroute or vifs" };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "As JSON: the whole state dump with the names of RFC 8652, or what is forwarded",
    };

    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    /// <summary>The command.</summary>
    public static Command Build()
    {
        What.AcceptOnlyFromAmong("interfaces", "groups", "statistics", "mroute", "vifs");
        var command = new Command("show", "Show the state of the running router.") { What, Json, Control };
        command.Does(Run);
        return command;
    }

    private static ExitCode Run(ParseResult arguments)
    {
        var what = arguments.GetRequiredValue(What);
        var json = arguments.GetValue(Json);
        // Only those who want to see the groups make the router list them; as JSON they belong to the interfaces.
        var withGroups = what == "groups" || (what == "interfaces" && json);
        return DaemonCommand.Run(
            arguments.GetValue(Control),
            what switch { "mroute" => "mroute", "vifs" => "vif", _ => "show" },
            withGroups ? null : ControlRequests.Summary,
            json ? null : (answer, cancellation) => Table(what, answer, cancellation));
    }

    private static async ValueTask<string> Table(string what, Stream answer, CancellationToken cancellation)
    {
        if (what == "mroute")
            return ForwardingTables.Routes(await ForwardingContext.ReadRoutes(answer, cancellation).ConfigureAwait(false));
        if (what == "vifs")
            return ForwardingTables.Vifs(await ForwardingContext.ReadVifs(answer, cancellation).ConfigureAwait(false));
        var state = await RouterStateJson.Read(answer, cancellation).ConfigureAwait(false);
        return what switch
        {
            "interfaces" => StateTables.Interfaces(state),
            "groups" => StateTables.Groups(state),
            _ => StateTables.Statistics(state),
        };
    }
}
