using System.Globalization;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Output;

/// <summary>The state of routers and hosts as tables.</summary>
internal static class NodeTables
{
    /// <summary>One row for each interface of each router: who is the querier, and which timers run.</summary>
    public static Listing Routers(IEnumerable<(string Node, RouterState State)> routers)
    {
        var table = new Listing(
            "Router", "Interface", "Link", "Version", "Role", "Querier", "Next General Query", "Other Querier Present", "Groups");
        foreach (var (node, state) in routers)
        {
            foreach (var each in state.Interfaces)
            {
                table.Add(
                    OutsideText.Markup(node),
                    OutsideText.Markup(each.Name),
                    each.Up ? "[green]up[/]" : "[red]down[/]",
                    Number(each.Version),
                    each.IsQuerier ? "[bold green]querier[/]" : "non-querier",
                    each.Querier?.ToString() ?? "-",
                    Durations.Timer(each.GeneralQueryExpires),
                    Durations.Timer(each.OtherQuerierPresentExpires),
                    Number(each.Groups.Count));
            }
        }

        return table;
    }

    /// <summary>One row for each source of each group; a group without sources has one as well.</summary>
    public static Listing Groups(IEnumerable<(string Node, RouterState State)> routers)
    {
        var table = new Listing(
            "Router", "Interface", "Group", "Filter mode", "Group timer", "Source", "Source timer", "Forward", "Last reporter");
        foreach (var (node, state) in routers)
        {
            foreach (var each in state.Interfaces)
            {
                foreach (var group in each.Groups)
                    AddGroup(table, node, each.Name, group);
            }
        }

        return table;
    }

    /// <summary>One row for each group that a host listens to.</summary>
    public static Listing Hosts(IEnumerable<(string Node, IReadOnlyList<ReceptionState> State)> hosts)
    {
        var table = new Listing("Host", "Group", "Filter mode", "Sources");
        foreach (var (node, state) in hosts)
        {
            foreach (var each in state)
                table.Add(
                    OutsideText.Markup(node), each.Group.ToString(), Mode(each.Mode),
                    each.Sources.Count == 0 ? "-" : string.Join(", ", each.Sources));
        }

        return table;
    }

    private static void AddGroup(Listing table, string node, string interfaceName, GroupState group)
    {
        // The empty row stands for traffic from any other source: forwarded in EXCLUDE mode only (RFC 9776 §6.3).
        if (group.Mode == FilterMode.Exclude || group.Sources.Count == 0)
            table.Add(
                OutsideText.Markup(node), OutsideText.Markup(interfaceName), group.Group.ToString(), Mode(group.Mode),
                Durations.Timer(group.Expires), "any other", "-", Forward(group.Mode == FilterMode.Exclude), group.LastReporter.ToString());
        foreach (var source in group.Sources)
            table.Add(
                OutsideText.Markup(node), OutsideText.Markup(interfaceName), group.Group.ToString(), Mode(group.Mode),
                Durations.Timer(group.Expires), source.Source.ToString(), Durations.Timer(source.Expires), Forward(source.Forward),
                group.LastReporter.ToString());
    }

    private static string Mode(FilterMode mode) => mode switch
    {
        FilterMode.Include => "INCLUDE",
        FilterMode.Exclude => "EXCLUDE",
    };

    private static string Forward(bool forward) => forward ? "[green]yes[/]" : "[red]no[/]";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
