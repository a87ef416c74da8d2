using System.Globalization;
using System.Text;
using MulticastLab.Membership;
using MulticastLab.Membership.State;

namespace MulticastLab.Router.Output;

/// <summary>The state dump as tables for people, in the column order of FRR's <c>show ip igmp interface</c>, <c>groups</c> and <c>sources</c>.</summary>
internal static class StateTables
{
    /// <summary>One line per interface.</summary>
    public static string Interfaces(RouterState state)
    {
        var table = new TextTable("Interface", "State", "V", "Querier", "QuerierIp", "Query Timer", "Other Querier Timer", "Groups");
        foreach (var each in state.Interfaces)
        {
            table.Add(
                each.Name,
                each.Up ? "up" : "down",
                Number(each.Version),
                !each.Up ? "-" : each.IsQuerier ? "local" : "other",
                each.Querier?.ToString() ?? "-",
                Clock(each.GeneralQueryExpires),
                Clock(each.OtherQuerierPresentExpires),
                Number(each.GroupCount));
        }

        return table.ToString();
    }

    /// <summary>One line per group, and below one line per source.</summary>
    public static string Groups(RouterState state)
    {
        var groups = new TextTable("Interface", "Group", "Mode", "Timer", "Srcs", "V", "Uptime", "Last Reporter");
        var sources = new TextTable("Interface", "Group", "Source", "Timer", "Fwd");
        var hosts = new TextTable("Interface", "Group", "Source", "Host", "Mode", "Timer", "Uptime");
        var hostCount = 0;
        var sourceCount = 0;
        foreach (var each in state.Interfaces)
        {
            foreach (var group in each.Groups)
            {
                groups.Add(
                    each.Name,
                    group.Group.ToString(),
                    Mode(group.Mode),
                    group.Mode == FilterMode.Include ? "-" : Clock(group.Expires, group.IsStatic),
                    Number(group.Sources.Count),
                    Number(group.CompatibilityMode),
                    Clock(group.UpTime),
                    group.LastReporter.ToString());
                AddHosts(each, group, "*", group.Hosts);
                foreach (var source in group.Sources)
                {
                    AddHosts(each, group, source.Source.ToString(), source.Hosts);
                    sourceCount++;
                    sources.Add(each.Name, group.Group.ToString(), source.Source.ToString(), Clock(source.Expires, source.IsStatic), source.Forward ? "Y" : "N");
                }
            }
        }

        var text = new StringBuilder($"Total IGMP groups: {state.Interfaces.Sum(each => each.Groups.Count)}\n").Append(groups);
        if (sourceCount > 0)
            text.Append("\n\n").Append(sources);
        if (hostCount > 0)
            text.Append("\n\n").Append(hosts);
        return text.ToString();

        void AddHosts(InterfaceState on, GroupState group, string source, IReadOnlyList<HostState> tracked)
        {
            hostCount += tracked.Count;
            foreach (var host in tracked)
                hosts.Add(on.Name, group.Group.ToString(), source, host.Host.ToString(), Mode(host.Mode), Clock(host.Expires), Clock(host.UpTime));
        }
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
