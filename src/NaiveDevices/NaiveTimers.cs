using static MulticastLab.NaiveDevices.RouterMistakes;

namespace MulticastLab.NaiveDevices;

/// <summary>The timers of the naive router (RFC 9776 §8), those of the querier while it is none itself.</summary>
internal sealed class NaiveTimers
{
    private readonly bool makesShortMembership;
    private readonly int ownRobustness;
    private readonly TimeSpan ownInterval;

    internal NaiveTimers(NaiveSettings settings)
    {
        makesShortMembership = settings.Makes(ShortMembership);
        RobustnessVariable = ownRobustness = settings.Count("ROBUSTNESS_VARIABLE", 2);
        QueryInterval = ownInterval = settings.Time("QUERY_INTERVAL", 125);
        // §8.3: less than the Query Interval.
        var response = settings.Time("QUERY_RESPONSE_INTERVAL", 10);
        QueryResponseInterval = response < ownInterval ? response : ownInterval / 2;
        LastMemberQueryInterval = settings.Time("LAST_MEMBER_QUERY_INTERVAL", 1);
        LastMemberQueryCount = settings.Count("LAST_MEMBER_QUERY_COUNT", ownRobustness);
        StartupQueryInterval = settings.Time("STARTUP_QUERY_INTERVAL", ownInterval / 4);
        StartupQueryCount = settings.Count("STARTUP_QUERY_COUNT", ownRobustness);
        UnsolicitedReportInterval = settings.Time("UNSOLICITED_REPORT_INTERVAL", 1);
        if (settings.Makes(LeaveAskedOnce))
            (LastMemberQueryCount, LastMemberQueryTime) = (1, TimeSpan.FromSeconds(10));
        else
            LastMemberQueryTime = LastMemberQueryCount * LastMemberQueryInterval;
    }

    internal int RobustnessVariable { get; private set; }

    internal TimeSpan QueryInterval { get; private set; }

    internal TimeSpan QueryResponseInterval { get; }

    internal TimeSpan LastMemberQueryInterval { get; }

    internal int LastMemberQueryCount { get; }

    internal TimeSpan LastMemberQueryTime { get; }

    internal TimeSpan StartupQueryInterval { get; }

    internal int StartupQueryCount { get; }

    internal TimeSpan UnsolicitedReportInterval { get; }

    internal TimeSpan GroupMembershipInterval =>
        makesShortMembership ? LastMemberQueryTime : (RobustnessVariable * QueryInterval) + (2 * QueryResponseInterval);

    internal TimeSpan OtherQuerierPresentInterval => (RobustnessVariable * QueryInterval) + (QueryResponseInterval / 2);

    internal TimeSpan OlderHostPresentInterval => (RobustnessVariable * QueryInterval) + QueryResponseInterval;

    /// <summary>Takes over what the querier says; zero stands for the own value (§4.1.6, §4.1.7).</summary>
    internal void Adopt(int robustness, TimeSpan interval)
    {
        RobustnessVariable = robustness == 0 ? ownRobustness : robustness;
        QueryInterval = interval == TimeSpan.Zero ? ownInterval : interval;
    }

    /// <summary>It is the querier itself again.</summary>
    internal void Restore() => (RobustnessVariable, QueryInterval) = (ownRobustness, ownInterval);
}
