using MulticastLab.Membership;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// How long things may take, as formulas of the timers, of the delay of the LANs and of how wrong clocks are. A time T by a clock that is wrong
/// by the part ρ takes between T / (1 + ρ) and T / (1 − ρ).
/// </summary>
internal sealed class Windows
{
    private readonly Timing timing;
    private readonly double drift;

    public Windows(LabPlan plan)
    {
        timing = plan.Timing;
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
    public TimeSpan EverybodyHeard => Election + Longest(timing.QueryResponseInterval) + Slack;

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
            return Shortest(timing.OtherQuerierPresentInterval) > rounds + Slack
                && Shortest(timing.GroupMembershipInterval) > rounds + Longest(timing.QueryResponseInterval) + Slack
                && length > TimeSpan.Zero ? length : null;
        }
    }

    private TimeSpan Longest(TimeSpan time) => time / (1 - drift);

    private TimeSpan Shortest(TimeSpan time) => time / (1 + drift);
}
