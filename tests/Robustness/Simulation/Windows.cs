using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// How long things may take, as formulas of the timers, of the delay of the LANs and of how wrong clocks are. A time T by a clock that is
/// wrong by the part ρ takes between T / (1 + ρ) and T / (1 − ρ). The formulas are RFC 9776's own: those of the routers are what is held
/// against them.
/// </summary>
internal sealed class Windows
{
    private readonly LabPlan plan;
    private readonly Timing timing;
    private readonly double drift;
    private readonly bool hasVersion1;

    private static readonly TimeSpan Version1ResponseTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PropagationDelay = TimeSpan.FromMicroseconds(10);

    public Windows(LabPlan plan)
    {
        this.plan = plan;
        // RFC 1112 knows no other response time.
        timing = plan.Version == 1 ? plan.Timing with { QueryResponseInterval = Version1ResponseTime } : plan.Timing;
        hasVersion1 = plan.HasVersion1;
        drift = plan.Drift;
        var delay = plan.Lans.Max(each => each.Delay) + PropagationDelay;
        Slack = (4 * delay) + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>§8.6: a quarter of the Query Interval.</summary>
    public TimeSpan StartupQueryInterval => timing.QueryInterval / 4;

    /// <summary>§8.7: the Robustness Variable.</summary>
    public int StartupQueryCount => timing.RobustnessVariable;

    /// <summary>§8.8.</summary>
    public TimeSpan LastMemberQueryInterval => timing.LastMemberQueryInterval;

    /// <summary>§8.9: the Robustness Variable.</summary>
    public int LastMemberQueryCount => timing.RobustnessVariable;

    /// <summary>§8.4.</summary>
    public TimeSpan GroupMembershipInterval => (timing.RobustnessVariable * timing.QueryInterval) + (2 * timing.QueryResponseInterval);

    /// <summary>§8.13.</summary>
    public TimeSpan OlderHostPresentInterval => (timing.RobustnessVariable * timing.QueryInterval) + timing.QueryResponseInterval;

    // §8.5.
    private TimeSpan OtherQuerierPresentInterval => (timing.RobustnessVariable * timing.QueryInterval) + (timing.QueryResponseInterval / 2);

    // §8.10.
    private TimeSpan LastMemberQueryTime => LastMemberQueryInterval * LastMemberQueryCount;

    /// <summary>More than what the cutting of times to 100 ns adds up to.</summary>
    public static TimeSpan Rounding { get; } = TimeSpan.FromMicroseconds(1);

    /// <summary>How long a frame of a calm LAN is under way.</summary>
    public TimeSpan Delay(int lan) => plan.Lans[lan].Delay + PropagationDelay;

    /// <summary>How long it takes until the node's clock says that this time has passed.</summary>
    public static TimeSpan By(NodePlan node, TimeSpan time) => time / (1 + (node.Drift / 1e6));

    /// <summary>What the node's clock says of this time.</summary>
    public static TimeSpan ByClockOf(NodePlan node, TimeSpan time) => time * (1 + (node.Drift / 1e6));

    /// <summary>There and back, twice: what the wire may add to anything.</summary>
    public TimeSpan Slack { get; }

    /// <summary>The longest that a frame of a LAN in disorder is under way.</summary>
    public static TimeSpan WorstDelay { get; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// §6.6.2: in a LAN that is whole again, or has lost its querier, the last Other Querier Present timer expires after OQPI, and the
    /// router with the lowest address asks then, or has asked before: it asks every QI, which is less.
    /// </summary>
    public TimeSpan Election => Longest(OtherQuerierPresentInterval) + Slack;

    /// <summary>§6.1, §5.2: that query is answered by every member within QRI.</summary>
    public TimeSpan EverybodyHeard => Election + Answered;

    /// <summary>§5.2: a query is answered within QRI; by IGMPv1 hosts within 10 s.</summary>
    public TimeSpan Answered =>
        Longest(hasVersion1 && timing.QueryResponseInterval < Version1ResponseTime ? Version1ResponseTime : timing.QueryResponseInterval)
        + Slack;

    /// <summary>§7.2.1: a new host has heard in which version it is asked, and has answered in it.</summary>
    public TimeSpan VersionFound => AskedAndAnswered;

    /// <summary>§8.2, §5.2: a General Query has come, and every member has answered it.</summary>
    public TimeSpan AskedAndAnswered => Longest(timing.QueryInterval) + Answered;

    /// <summary>§5.1: a report that was lost is told again.</summary>
    public TimeSpan Retold => Longest(timing.UnsolicitedReportInterval);

    /// <summary>§8.13: after the last report of an older host, its group is one of the current version again.</summary>
    public TimeSpan OlderHostForgotten => Longest(OlderHostPresentInterval) + Slack;

    /// <summary>The same, on all routers, wherever the Host Present timer runs from.</summary>
    public TimeSpan OlderHostSurelyPresent => Shortest(OlderHostPresentInterval) - Rounding;

    /// <summary>So long after a report the timers that it has set are above the Last Member Query Time (§6.6.3).</summary>
    public TimeSpan SurelyAboveLastMemberQueryTime => Shortest(GroupMembershipInterval) - Longest(LastMemberQueryTime) - Slack;

    /// <summary>§8.4, §6.2.2: what nobody reports any more ends after GMI.</summary>
    public TimeSpan Forgotten => Longest(GroupMembershipInterval) + Slack;

    /// <summary>
    /// §6.4.1: every EXCLUDE list has been heard, and what all of them name is no longer forwarded: the first one may have put it into X
    /// for another GMI.
    /// </summary>
    public TimeSpan Steady => EverybodyHeard + Forgotten;

    /// <summary>§6.6.3.1, §8.10: after a leave that nobody contradicts.</summary>
    public TimeSpan LastMemberGone => Longest(LastMemberQueryTime) + Slack;

    /// <summary>§8.2, §8.6: the least time between General Queries of one router, at its start and later.</summary>
    public TimeSpan BetweenGeneralQueries(bool starting) =>
        Shortest(starting ? StartupQueryInterval : timing.QueryInterval) - Slack;

    /// <summary>
    /// How long a blackout may be so that fewer than RV rounds are lost; null where clocks are so wrong that the protocol's own margins
    /// (§8.4: one QRI; §8.5: half of one) do not cover it.
    /// </summary>
    public TimeSpan? LongestBlackout
    {
        get
        {
            var rounds = timing.RobustnessVariable * Longest(timing.QueryInterval);
            var length = ((timing.RobustnessVariable - 1) * Shortest(timing.QueryInterval)) - Longest(timing.QueryResponseInterval) - Slack;
            return !hasVersion1 && Shortest(OtherQuerierPresentInterval) > rounds + Slack
                && Shortest(GroupMembershipInterval) > rounds + Longest(timing.QueryResponseInterval) + Slack
                && length > TimeSpan.Zero ? length : null;
        }
    }

    /// <summary>
    /// When the last change of the group was really over: when an older host has left, its group is not at once one of the current version
    /// again.
    /// </summary>
    public Instant SettledAt(LanModel model, Address group, Instant now)
    {
        var changed = model.ChangedAt(group);
        return model.OlderUntil(group, now) is { } older && older < now && older + OlderHostForgotten > changed
            ? older + OlderHostForgotten
            : changed;
    }

    private TimeSpan Longest(TimeSpan time) => time / (1 - drift);

    private TimeSpan Shortest(TimeSpan time) => time / (1 + drift);
}
