using System.Globalization;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Router.Output;

/// <summary>
/// The state dump as tables for people, in the column order of FRR's <c>show ip igmp interface</c>, <c>groups</c> and <c>sources</c>.
/// </summary>
internal static class StateTables
{
    /// <summary>One line per interface.</summary>
    public static string Interfaces(RouterState state)
    {
        var table = new TextTable(
            "Interface", "State", "Address", "V", "Querier", "QuerierIp", "Query Timer", "Uptime", "Other Querier Timer", "Groups");
        foreach (var each in state.Interfaces)
        {
            table.Add(
                each.Name,
                each.Up ? "up" : "down",
                each.Address?.ToString() ?? "-",
                Number(each.Version),
                !each.Up ? "-" : each.IsQuerier ? "local" : "other",
                each.Querier?.ToString() ?? "-",
                Clock(each.GeneralQueryExpires),
                Clock(each.UpTime),
                Clock(each.OtherQuerierPresentExpires),
                Number(each.GroupCount));
        }

        return table.ToString();
    }

    /// <summary>One line per group, and below one line per source and per tracked host.</summary>
    public static string Groups(RouterState state)
    {
        List<string> tables = [OnlyGroups(state)];
        if (Each(state).Any(each => each.Group.Sources.Count > 0))
            tables.Add(Sources(state));
        if (Hosts(state) is { } hosts)
            tables.Add(hosts);
        return string.Join("\n\n", tables);
    }

    /// <summary>One line per group.</summary>
    public static string OnlyGroups(RouterState state)
    {
        var table = new TextTable("Interface", "Group", "Mode", "Timer", "Srcs", "V", "Uptime", "Last Reporter");
        foreach (var (each, group) in Each(state))
        {
            table.Add(
                each.Name, group.Group.ToString(), Mode(group.Mode), Timer(group), Number(group.Sources.Count),
                Number(group.CompatibilityMode), Clock(group.UpTime), group.LastReporter.ToString());
        }

        return $"{Total(state)}\n{table}";
    }

    /// <summary>One line per source of a group, and one for all its other sources where those are forwarded.</summary>
    public static string GroupsInDetail(RouterState state)
    {
        var table = new TextTable("Interface", "Group", "Mode", "Timer", "Source", "V", "Uptime", "Source Timer", "Fwd", "Last Reporter");
        foreach (var (each, group) in Each(state))
        {
            var others = group.Mode == FilterMode.Exclude ? [("*", "-", true)] : Array.Empty<(string, string, bool)>();
            var sources = group.Sources.Select(source =>
                (source.Source.ToString(), Clock(source.Expires, source.IsStatic), source.Forward));
            foreach (var (source, timer, forward) in others.Concat(sources))
            {
                table.Add(
                    each.Name, group.Group.ToString(), Mode(group.Mode), Timer(group), source, Number(group.CompatibilityMode),
                    Clock(group.UpTime), timer, Flag(forward), group.LastReporter.ToString());
            }
        }

        return $"{Total(state)}\n{table}";
    }

    /// <summary>One line per source.</summary>
    public static string Sources(RouterState state)
    {
        var table = new TextTable("Interface", "Group", "Source", "Timer", "Fwd");
        foreach (var (each, group) in Each(state))
        {
            foreach (var source in group.Sources)
                table.Add(
                    each.Name, group.Group.ToString(), source.Source.ToString(), Clock(source.Expires, source.IsStatic),
                    Flag(source.Forward));
        }

        return table.ToString();
    }

    // Null where no host is tracked.
    private static string? Hosts(RouterState state)
    {
        var table = new TextTable("Interface", "Group", "Source", "Host", "Mode", "Timer", "Uptime");
        var tracked = Each(state).SelectMany(each => each.Group.Hosts.Select(host => (each, "*", host))
            .Concat(each.Group.Sources.SelectMany(source => source.Hosts.Select(host => (each, source.Source.ToString(), host))))).ToList();
        foreach (var ((each, group), source, host) in tracked)
            table.Add(
                each.Name, group.Group.ToString(), source, host.Host.ToString(), Mode(host.Mode), Clock(host.Expires), Clock(host.UpTime));
        return tracked.Count > 0 ? table.ToString() : null;
    }

    /// <summary>One line per counter.</summary>
    public static string Statistics(RouterState state)
    {
        var table = new TextTable("Counter", "Value");
        Add(table, "received", state.Statistics.Received);
        Add(table, "sent", state.Statistics.Sent);
        Add(table, "error", state.Statistics.Error);
        return table.ToString();
    }

    private static void Add(TextTable table, string kind, IReadOnlyDictionary<string, long> counters)
    {
        foreach (var (name, value) in counters)
            table.Add($"{kind} {name}", Number(value));
    }

    private static IEnumerable<(InterfaceState Interface, GroupState Group)> Each(RouterState state) =>
        state.Interfaces.SelectMany(each => each.Groups, (each, group) => (each, group));

    private static string Total(RouterState state) => $"Total IGMP groups: {Each(state).Count()}";

    private static string Timer(GroupState group) => group.Mode == FilterMode.Include ? "-" : Clock(group.Expires, group.IsStatic);

    private static string Flag(bool yes) => yes ? "Y" : "N";

    private static string Mode(FilterMode mode) => mode == FilterMode.Include ? "INCL" : "EXCL";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    // What is forwarded by configuration alone has no timer.
    private static string Clock(TimeSpan left, bool isStatic) => isStatic && left == TimeSpan.Zero ? "static" : Clock(left);

    // Rounded up, so that what still runs does not read zero.
    private static string Clock(TimeSpan? time)
    {
        if (time is not { } left)
            return "-";
        var seconds = (long)Math.Ceiling(left.TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}");
    }
}
