using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// How long things may take, as formulas of the timers, of the delay of the LANs and of how wrong clocks are. A time T by a clock that is wrong
/// by the part ρ takes between T / (1 + ρ) and T / (1 − ρ).
/// </summary>
internal sealed class Windows
{
    private readonly Timing timing;
    private readonly double drift;
    private readonly bool hasVersion1;

    private static readonly TimeSpan Version1ResponseTime = TimeSpan.FromSeconds(10);

    public Windows(LabPlan plan)
    {
        // RFC 1112 knows no other response time.
        timing = plan.Version == 1 ? plan.Timing with { QueryResponseInterval = Version1ResponseTime } : plan.Timing;
        hasVersion1 = plan.HasVersion1;
        drift = plan.Drift;
        var delay = plan.Lans.Max(each => each.Delay) + TimeSpan.FromMicroseconds(10);
        Slack = (4 * delay) + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>There and back, twice: what the wire may add to anything.</summary>
    public TimeSpan Slack { get; }

    /// <summary>The longest that a frame of a LAN in disorder is under way.</summary>
    public static TimeSpan WorstDelay { get; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// §6.6.2: in a LAN that is whole again, or has lost its querier, the last Other Querier Present timer ends after OQPI, and the router with the
    /// lowest address asks then, or has asked before: it asks every QI, which is less.
    /// </summary>
    public TimeSpan Election => Longest(timing.OtherQuerierPresentInterval) + Slack;

    /// <summary>§6.1, §5.2: that query is answered by every member within QRI.</summary>
    public TimeSpan EverybodyHeard => Election + Answered;

    /// <summary>§5.2: a query is answered within QRI; by IGMPv1 hosts within 10 s.</summary>
    public TimeSpan Answered => Longest(hasVersion1 && timing.QueryResponseInterval < Version1ResponseTime ? Version1ResponseTime : timing.QueryResponseInterval) + Slack;

    /// <summary>§7.2.1: a new host has heard in which version it is asked, and has answered in it.</summary>
    public TimeSpan VersionFound => Longest(timing.QueryInterval) + Answered;

    /// <summary>§5.1: a report that was lost is told again.</summary>
    public TimeSpan Retold => Longest(timing.UnsolicitedReportInterval);

    /// <summary>§8.13: after the last report of an older host, its group is one of the current version again.</summary>
    public TimeSpan OlderHostForgotten => Longest(timing.OlderHostPresentInterval) + Slack;

    /// <summary>§8.4, §6.2.2: what nobody reports any more ends after GMI.</summary>
    public TimeSpan Forgotten => Longest(timing.GroupMembershipInterval) + Slack;

    /// <summary>
    /// §6.4.1: every EXCLUDE list has been heard, and what all of them name is no longer forwarded: the first one may have put it into X for
    /// another GMI.
    /// </summary>
    public TimeSpan Steady => EverybodyHeard + Forgotten;

    /// <summary>§6.6.3.1, §8.10: after a leave that nobody contradicts.</summary>
    public TimeSpan LastMemberGone => Longest(timing.LastMemberQueryTime) + Slack;

    /// <summary>§8.2, §8.6: the least time between General Queries of one router, at its start and later.</summary>
    public TimeSpan BetweenGeneralQueries(bool starting) =>
        Shortest(starting ? timing.StartupQueryInterval : timing.QueryInterval) - Slack;

    /// <summary>
    /// How long a blackout may be so that fewer than RV rounds are lost; null where clocks are so wrong that the protocol's own margins (§8.4: one
    /// QRI; §8.5: half of one) do not cover it.
    /// </summary>
    public TimeSpan? LongestBlackout
    {
        get
        {
            var rounds = timing.RobustnessVariable * Longest(timing.QueryInterval);
            var length = ((timing.RobustnessVariable - 1) * Shortest(timing.QueryInterval)) - Longest(timing.QueryResponseInterval) - Slack;
            return !hasVersion1 && Shortest(timing.OtherQuerierPresentInterval) > rounds + Slack
                && Shortest(timing.GroupMembershipInterval) > rounds + Longest(timing.QueryResponseInterval) + Slack
                && length > TimeSpan.Zero ? length : null;
        }
    }

    /// <summary>
    /// When the last change of the group was really over: when an older host has left, its group is not at once one of the current version again.
    /// </summary>
    public Instant SettledAt(LanModel model, Address group, Instant now)
    {
        var changed = model.ChangedAt(group);
        return model.OlderUntil(group, now) is { } older && older < now && older + OlderHostForgotten > changed ? older + OlderHostForgotten : changed;
    }

    private TimeSpan Longest(TimeSpan time) => time / (1 - drift);

    private TimeSpan Shortest(TimeSpan time) => time / (1 + drift);
}
