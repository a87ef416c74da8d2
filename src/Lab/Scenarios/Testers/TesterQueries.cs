using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>Queries for stations to send, with the timers of the run: what a querier that is configured like the lab would send.</summary>
public static class TesterQueries
{
    /// <summary>What a query of version 1 grants, which says nothing of it itself (RFC 9776 §7.2.1).</summary>
    public static readonly TimeSpan GrantedByVersion1 = 10.Seconds();

    /// <summary>A General Query.</summary>
    /// <param name="lab">The run.</param>
    /// <param name="within">Its Max Response Time; the Query Response Interval when not given.</param>
    public static QueryContent General(this LabRun lab, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return lab.About(lab.Dialect.Unspecified, within ?? lab.Timing.QueryResponseInterval);
    }

    /// <summary>A Group-Specific Query, or a Group-and-Source-Specific one, that grants the Last Member Query Interval.</summary>
    public static QueryContent Specific(this LabRun lab, Address group, params Address[] sources)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return lab.About(group, lab.Timing.LastMemberQueryInterval, sources);
    }

    /// <summary>A General Query of version 2, or a query of version 1.</summary>
    /// <param name="lab">The run.</param>
    /// <param name="generation">That of the version.</param>
    /// <param name="within">Its Max Response Time; the Query Response Interval when not given, and in version 1.</param>
    public static QueryContent OlderGeneral(this LabRun lab, Generation generation, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return Older(generation, lab.Dialect.Unspecified, within ?? lab.Timing.QueryResponseInterval);
    }

    /// <summary>A Group-Specific Query of version 2 that grants the Last Member Query Interval.</summary>
    public static QueryContent OlderSpecific(this LabRun lab, Address group)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return Older(Generation.Leaves, group, lab.Timing.LastMemberQueryInterval);
    }

    /// <summary>A query about anything: a group, unspecified for all of them, and its sources.</summary>
    internal static QueryContent About(this LabRun lab, Address group, TimeSpan within, params Address[] sources) =>
        new(Generation.Sources, within, group, false, lab.Timing.RobustnessVariable, lab.Timing.QueryInterval, sources);

    private static QueryContent Older(Generation generation, Address group, TimeSpan within) =>
        new(generation, within, group, false, 0, TimeSpan.Zero, []);
}
