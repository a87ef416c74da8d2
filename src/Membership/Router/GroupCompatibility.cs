using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The Older Version Host Present timer of a group (§7.3.2): while it runs, the group has a member of that version.</summary>
internal sealed class OlderHostPresentTimer(Group group) : QueuedTimer
{
    public Group Group => group;
}

/// <summary>The members of older versions that a group has had within the Older Host Present Interval (§7.3.2, §8.13).</summary>
internal sealed class OlderHosts(Group group)
{
    /// <summary>That of the members that report only, and leave silently.</summary>
    public OlderHostPresentTimer OfReports { get; } = new(group);

    /// <summary>That of the members that report and leave.</summary>
    public OlderHostPresentTimer OfLeaves { get; } = new(group);

    /// <summary>Whether neither of the two runs.</summary>
    public bool AreGone => !OfReports.IsRunning && !OfLeaves.IsRunning;

    /// <summary>The timer of the members of one generation; null for the current one, whose members have none.</summary>
    public OlderHostPresentTimer? Of(Generation generation) => generation switch
    {
        Generation.Reports => OfReports,
        Generation.Leaves => OfLeaves,
        Generation.Sources => null,
    };
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
/// A configured version below the current one (§7.3.1) is the newest mode that a group can have: a router that acts in IGMPv1 ignores
/// leaves for the same reason, and by the same row, as a group does that has an IGMPv1 member.
/// </remarks>
internal static class GroupCompatibility
{
    /// <summary>The mode of a group, by its timers.</summary>
    /// <param name="hosts">The group's older hosts; null when there are none.</param>
    /// <param name="configured">What the configured version can do.</param>
    public static Generation ModeOf(OlderHosts? hosts, Generation configured) => hosts switch
    {
        { OfReports.IsRunning: true } => Generation.Reports,
        { OfLeaves.IsRunning: true } when configured > Generation.Leaves => Generation.Leaves,
        _ => configured,
    };

    /// <summary>What such a record counts as in that mode. A leave is a TO_IN ({}), a report of an older version an IS_EX ({}).</summary>
    public static Treatment Of(RecordType record, Generation mode) => (mode, record) switch
    {
        (Generation.Reports or Generation.Leaves, RecordType.Block) => Treatment.Ignored,
        (Generation.Reports or Generation.Leaves, RecordType.ToExclude) => Treatment.WithoutSources,
        (Generation.Reports, RecordType.ToInclude) => Treatment.Ignored,
        _ => Treatment.AsItIs,
    };
}
