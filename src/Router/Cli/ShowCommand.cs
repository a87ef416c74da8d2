using System.CommandLine;
using MulticastLab.Linux.Control;
using MulticastLab.Membership.State;
using MulticastLab.Router.Output;

namespace MulticastLab.Router.Cli;

/// <summary><c>router show interfaces|groups|statistics</c>: tables for people, the whole state dump as JSON for programs.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> What = new("what") { Description = "interfaces, groups or statistics" };

    private static readonly Option<bool> Json = new("--json") { Description = "The state dump as JSON, with the names of RFC 8652" };

    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    /// <summary>The command.</summary>
    public static Command Build()
    {
        What.AcceptOnlyFromAmong("interfaces", "groups", "statistics");
        var command = new Command("show", "Show the state of the running router.") { What, Json, Control };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            using var client = ControlClient.Connect(arguments.GetValue(Control) ?? ControlPaths.ForClient("router")).GetAwaiter().GetResult();
            var what = arguments.GetRequiredValue(What);
            // Only those who want to see the groups make the router list them; as JSON they belong to the interfaces.
            var withGroups = what == "groups" || (what == "interfaces" && arguments.GetValue(Json));
            var dump = client.Ask("show", withGroups ? null : request => request.WriteString("what", "summary")).GetAwaiter().GetResult().GetRawText();
            Console.Out.WriteLine(arguments.GetValue(Json) ? dump : Table(what, RouterStateJson.Read(dump)));
            return ExitCode.Ok;
        }
        catch (ControlException refused)
        {
            Console.Error.WriteLine($"router: {refused.Message}");
            return refused.ExitCode;
        }
    }

    private static string Table(string what, RouterState state) => what switch
    {
        "interfaces" => StateTables.Interfaces(state),
        "groups" => StateTables.Groups(state),
        _ => StateTables.Statistics(state),
    };
}
