using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The IGMPv1 or IGMPv2 Host Present timer of a group (§7.3.2): while it runs, the group has a member of that version.</summary>
internal sealed class OlderHostPresentTimer(Group group) : QueuedTimer
{
    public Group Group => group;
}

/// <summary>The members of older versions that a group has had within the Older Host Present Interval (§7.3.2, §8.13).</summary>
internal sealed class OlderHosts(Group group)
{
    public OlderHostPresentTimer Version1 { get; } = new(group);

    public OlderHostPresentTimer Version2 { get; } = new(group);
}

/// <summary>What a record counts as in a group that has members of older versions.</summary>
internal enum Treatment
{
    /// <summary>As the state table says.</summary>
    AsItIs,

    /// <summary>As if its source list were empty.</summary>
    WithoutSources,

    /// <summary>As if it had not come.</summary>
    Ignored,
}

/// <summary>Group Compatibility Mode (§7.3.2).</summary>
/// <remarks>
/// A configured version below the current one (§7.3.1) is the newest mode that a group can have: a router that acts in version 1 ignores
/// leaves for the same reason, and by the same row, as a group does that has a version 1 member.
/// </remarks>
internal static class GroupCompatibility
{
    /// <summary>The mode of a group, by its timers.</summary>
    /// <param name="hosts">The group's older hosts; null when there are none.</param>
    /// <param name="configured">The configured version.</param>
    public static int ModeOf(OlderHosts? hosts, int configured) => hosts switch
    {
        { Version1.IsRunning: true } => 1,
        { Version2.IsRunning: true } => Math.Min(2, configured),
        _ => configured,
    };

    /// <summary>What such a record counts as in that mode. A leave is a TO_IN ({}), a report of version 1 or 2 an IS_EX ({}).</summary>
    public static Treatment Of(RecordType record, int mode) => (mode, record) switch
    {
        (1 or 2, RecordType.Block) => Treatment.Ignored,
        (1 or 2, RecordType.ToExclude) => Treatment.WithoutSources,
        (1, RecordType.ToInclude) => Treatment.Ignored,
        _ => Treatment.AsItIs,
    };
}
