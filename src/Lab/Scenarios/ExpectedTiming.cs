using MulticastLab.Membership;

namespace MulticastLab.Lab.Scenarios;

/// <summary>
/// What a run's settings make the timers of RFC 9776 §8: computed here independently, so that what is expected of the cores does not come
/// from the cores.
/// </summary>
/// <param name="settings">The settings that the routers were given; their derived values are not looked at.</param>
public sealed class ExpectedTiming(Timing settings)
{
    /// <summary>§8.1, RV.</summary>
    public int RobustnessVariable => settings.RobustnessVariable;

    /// <summary>§8.2, QI.</summary>
    public TimeSpan QueryInterval => settings.QueryInterval;

    /// <summary>§8.3, QRI.</summary>
    public TimeSpan QueryResponseInterval => settings.QueryResponseInterval;

    /// <summary>§8.4, GMI: "((the Robustness Variable) times (the Query Interval)) plus (2 * Query Response Interval)".</summary>
    public TimeSpan GroupMembershipInterval => RobustnessVariable * QueryInterval + QueryResponseInterval + QueryResponseInterval;

    /// <summary>
    /// §8.5, OQPI: "((the Robustness Variable) times (the Query Interval)) plus (one half of one Query Response Interval)".
    /// </summary>
    public TimeSpan OtherQuerierPresentInterval => RobustnessVariable * QueryInterval + QueryResponseInterval / 2;

    /// <summary>§8.6, SQI: given, or a quarter of the Query Interval.</summary>
    public TimeSpan StartupQueryInterval => settings.StartupQueryInterval;

    /// <summary>§8.7, SQC: given, or the Robustness Variable.</summary>
    public int StartupQueryCount => settings.StartupQueryCount;

    /// <summary>§8.8, LMQI.</summary>
    public TimeSpan LastMemberQueryInterval => settings.LastMemberQueryInterval;

    /// <summary>§8.9, LMQC: given, or the Robustness Variable.</summary>
    public int LastMemberQueryCount => settings.LastMemberQueryCount;

    /// <summary>§8.10, LMQT: "the Last Member Query Interval multiplied by the Last Member Query Count".</summary>
    public TimeSpan LastMemberQueryTime => LastMemberQueryCount * LastMemberQueryInterval;

    /// <summary>§8.11, URI.</summary>
    public TimeSpan UnsolicitedReportInterval => settings.UnsolicitedReportInterval;

    /// <summary>§8.13, OHPI: "((the Robustness Variable) times (the Query Interval)) plus (one Query Response Interval)".</summary>
    public TimeSpan OlderHostPresentInterval => RobustnessVariable * QueryInterval + QueryResponseInterval;
}
