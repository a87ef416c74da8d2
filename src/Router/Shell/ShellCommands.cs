using System.Globalization;
using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Router.Cli;
using MulticastLab.Router.Forwarding;
using MulticastLab.Router.Output;

namespace MulticastLab.Router.Shell;

/// <summary>The commands of the shell.</summary>
internal static class ShellCommands
{
    /// <summary>All of them.</summary>
    public static CommandSet All { get; } =
        new([
            new(
                "show [ip] igmp groups [detail] [interface <interface>] [<group>]",
                "Groups with members (FRR's columns)",
                (session, given) =>
                    session.Print(
                        given.Has("detail")
                            ? StateTables.GroupsInDetail(State(session, given))
                            : StateTables.OnlyGroups(State(session, given)))),
            new(
                "show [ip] igmp sources [interface <interface>] [<group>]", "Sources of groups, with their timers",
                (session, given) => session.Print(StateTables.Sources(State(session, given)))),
            new(
                "show [ip] igmp interface [<interface>]", "Interfaces: querier, timers, groups",
                (session, given) => session.Print(StateTables.Interfaces(Only(session.Summary(), given)))),
            new(
                "show [ip] mroute", "What the kernel forwards",
                (session, _) => session.Print(MulticastRouteTable.Write(session.Ask("mroute", ForwardingContext.ReadRoutes)))),
            new(
                "show vifs", "The kernel's multicast interfaces, with counters",
                (session, _) => session.Print(ForwardingTables.Vifs(session.Ask("vif", ForwardingContext.ReadVifs)))),
            new(
                "show statistics", "Messages received, sent and refused, by kind",
                (session, _) => session.Print(StateTables.Statistics(session.Summary()))),
            new(
                "show configuration", "The running configuration, as a file",
                (session, _) => session.Print(session.Ask("config").GetString()!.TrimEnd('\n'))),
            new(
                "show history", "The lines of this and earlier sessions",
                (session, _) => session.Print(string.Join('\n', session.History.Lines))),
            new("show mcgroups", "Groups with members", (session, given) => session.Print(StateTables.OnlyGroups(State(session, given)))),
            new(
                "show groupstate <group>", "The state of a group on every interface",
                (session, given) => session.Print(StateTables.GroupsInDetail(State(session, given)))),
            new(
                "list vifs", "The kernel's multicast interfaces, with counters",
                (session, _) => session.Print(ForwardingTables.Vifs(session.Ask("vif", ForwardingContext.ReadVifs)))),
            new(
                "list mfc", "What the kernel forwards",
                (session, _) => session.Print(MulticastRouteTable.Write(session.Ask("mroute", ForwardingContext.ReadRoutes)))),
            new(
                "events [count <number>]",
                "Changes of state as they happen, until Ctrl-C",
                (session, given) =>
                {
                    foreach (var line in Watching.Events(session).Take(Count(given) ?? int.MaxValue))
                        session.Print(line);
                }),
            new(
                "msgs [count <number>]", "IGMP messages on the router's interfaces as they pass, until Ctrl-C",
                (session, given) => Watching.Messages(session, Count(given))),
            new("status", "The router in a few lines", (session, _) => session.Print(StatusText.Write(session))),
            new(
                "set <interface> {<setting> <value>}",
                "Change settings of an interface; default resets one, +ITEM and -ITEM change a list",
                (session, given) =>
                    session.Print(
                        ConfigurationText.Changes(
                            session.Ask("set", writer => ControlRequests.Set(writer, given["interface"]!, given.All("setting", "value")))))
            ),
            new(
                "reload", "Read the configuration file again",
                (session, _) => session.Print(ConfigurationText.Changes(session.Ask("reload")))),
            new(
                "clear [ip] [igmp] groups [interface <interface>] [<group>]",
                "Drop groups that were learnt, and ask who is still there",
                (session, given) =>
                    session.Print(
                        ConfigurationText.Cleared(
                            session.Ask("clear", writer => ControlRequests.Clear(writer, given["interface"], given["group"]))))),
            new("add vif <interface>", "Serve one more interface", (session, given) => ChangeInterface(session, given, "add")),
            new(
                "add vif <number> <interface>", "Serve one more interface; the number is chosen by the router",
                (session, given) => ChangeInterface(session, given, "add")),
            new("del vif <interface>", "No longer serve an interface", (session, given) => ChangeInterface(session, given, "delete")),
            new(
                "add mfc <sources> <groups> <interface> {<output>}",
                "Add a static multicast route: sources, groups, where packets come in, where they go out",
                (session, given) => ChangeRoute(session, given, "add")),
            new(
                "replace mfc <sources> <groups> <interface> {<output>}",
                "Add a static multicast route, replacing one for the same sources and groups",
                (session, given) => ChangeRoute(session, given, "add", replace: true)),
            new(
                "del mfc <sources> <groups> [<interface>]", "Delete a static multicast route",
                (session, given) => ChangeRoute(session, given, "delete")),
            new(
                "add membership <group> <interface> [<source>]", "Have the router itself join a group",
                (session, given) => ChangeList(session, given, "join-group", '+')),
            new(
                "add membership <interface> <group> [<source>]", "Have the router itself join a group",
                (session, given) => ChangeList(session, given, "join-group", '+')),
            new(
                "drop membership <group> <interface> [<source>]", "Have the router leave a group",
                (session, given) => ChangeList(session, given, "join-group", '-')),
            new(
                "del membership <interface> <group> [<source>]", "Have the router leave a group",
                (session, given) => ChangeList(session, given, "join-group", '-')),
            new(
                "add static-group <interface> <group> [<source>]", "Forward a group to a LAN without members",
                (session, given) => ChangeList(session, given, "static-group", '+')),
            new(
                "del static-group <interface> <group> [<source>]", "Forward a group to members only again",
                (session, given) => ChangeList(session, given, "static-group", '-')),
            new("flush", "Forget what the kernel forwards: sources that keep sending get new entries", (session, _) => Flush(session)),
            new("help", "All commands", (session, _) => session.Print(HelpText.All(All!))),
            new("help {<word>}", "What a command does", (session, given) => session.Print(HelpText.Of(All!, [.. given.All("word")]))),
            new("man", "All commands", (session, _) => session.Print(HelpText.All(All!))),
            new("bye", "End the shell", (session, _) => session.Ended = true),
            new("exit", "End the shell", (session, _) => session.Ended = true),
            new("quit", "End the shell", (session, _) => session.Ended = true),
        ]);

    private static RouterState State(ShellSession session, ShellArguments given) => Only(session.State(), given);

    private static RouterState Only(RouterState state, ShellArguments given)
    {
        if (given["interface"] is { } name)
        {
            var only = state.Interfaces.Where(each => each.Name == name).ToList();
            if (only.Count == 0)
                throw ControlException.Failed(
                    $"the router does not serve {name}, only {string.Join(", ", state.Interfaces.Select(each => each.Name))}");
            state = state with { Interfaces = only };
        }

        if (given["group"] is { } text)
        {
            var group = Address.Parse(text);
            state = state with
            {
                Interfaces =
                [.. state.Interfaces.Select(each => each with { Groups = [.. each.Groups.Where(known => known.Group == group)] })],
            };
        }

        return state;
    }

    private static int? Count(ShellArguments given) => given["number"] is { } count ? int.Parse(count, CultureInfo.InvariantCulture) : null;

    private static void ChangeInterface(ShellSession session, ShellArguments given, string action) =>
        session.Print(ConfigurationText.Changes(session.Ask(
            "interface", writer => ControlRequests.ChangeInterface(writer, action, given["interface"]!))));

    private static void ChangeRoute(ShellSession session, ShellArguments given, string action, bool replace = false) =>
        session.Ask("mroute", writer => ControlRequests.ChangeRoutes(writer, action == "add"
            ? new RouteRequest(action, replace, given["interface"], given["groups"], given["sources"], given.All("output"))
            : new RouteRequest(action, Group: given["groups"], Source: given["sources"])));

    private static void ChangeList(ShellSession session, ShellArguments given, string setting, char change)
    {
        var item = given["source"] is { } source ? $"{{group: {given["group"]}, source: {source}}}" : given["group"];
        session.Print(
            ConfigurationText.Changes(
                session.Ask("set", writer => ControlRequests.Set(writer, given["interface"]!, [setting, change + item]))));
    }

    private static void Flush(ShellSession session)
    {
        var answer = session.Ask("mroute", writer => ControlRequests.ChangeRoutes(writer, new RouteRequest("flush")));
        session.Print($"{answer.Deserialize(ForwardingContext.Default.FlushAnswer)!.Flushed} entries flushed");
    }
}
