namespace MulticastLab.Membership;

/// <summary>
/// The timers and defaults of RFC 9776 §8 (and RFC 9777 §9): five settings and what follows from them. Start-up and last-member
/// values follow the others unless they are set.
/// </summary>
public sealed record Timing
{
    private readonly TimeSpan? startupQueryInterval;
    private readonly int? startupQueryCount;
    private readonly int? lastMemberQueryCount;

    /// <summary>The RFC's defaults.</summary>
    public static Timing Default { get; } = new();

    /// <summary>§8.1 Robustness Variable: 1 to 255, default 2.</summary>
    public int RobustnessVariable { get; init; } = 2;

    /// <summary>§8.2 Query Interval: default 125 s.</summary>
    public TimeSpan QueryInterval { get; init; } = TimeSpan.FromSeconds(125);

    /// <summary>
    /// §8.3 Query Response Interval: the Max Response Time of General Queries, default 10 s; less than the Query Interval.
    /// </summary>
    public TimeSpan QueryResponseInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>§8.4 Group Membership Interval: RV × QI + 2 × QRI.</summary>
    public TimeSpan GroupMembershipInterval => (RobustnessVariable * QueryInterval) + (2 * QueryResponseInterval);

    /// <summary>§8.5 Other Querier Present Interval: RV × QI + QRI ÷ 2.</summary>
    public TimeSpan OtherQuerierPresentInterval => (RobustnessVariable * QueryInterval) + (QueryResponseInterval / 2);

    /// <summary>§8.6 Startup Query Interval: default QI ÷ 4.</summary>
    public TimeSpan StartupQueryInterval { get => startupQueryInterval ?? QueryInterval / 4; init => startupQueryInterval = value; }

    /// <summary>§8.7 Startup Query Count: default RV.</summary>
    public int StartupQueryCount { get => startupQueryCount ?? RobustnessVariable; init => startupQueryCount = value; }

    /// <summary>§8.8 Last Member Query Interval: the Max Response Time of specific queries and their spacing, default 1 s.</summary>
    public TimeSpan LastMemberQueryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>§8.9 Last Member Query Count: default RV.</summary>
    public int LastMemberQueryCount { get => lastMemberQueryCount ?? RobustnessVariable; init => lastMemberQueryCount = value; }

    /// <summary>§8.10 Last Member Query Time: LMQI × LMQC.</summary>
    public TimeSpan LastMemberQueryTime => LastMemberQueryInterval * LastMemberQueryCount;

    /// <summary>§8.11 Unsolicited Report Interval: default 1 s.</summary>
    public TimeSpan UnsolicitedReportInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The Unsolicited Report Interval of a host that is of an older version: default 10 s (RFC 2236 §8.10).</summary>
    public TimeSpan OlderVersionUnsolicitedReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// §8.12 Older Version Querier Present Interval: RV × QI + 10 × the Max Response Time of the last query, with the host's own RV and QI,
    /// as an older query announces neither.
    /// </summary>
    public TimeSpan OlderVersionQuerierPresentInterval(TimeSpan maxResponseTime) =>
        (RobustnessVariable * QueryInterval) + (10 * maxResponseTime);

    /// <summary>§8.13 Older Host Present Interval: RV × QI + QRI.</summary>
    public TimeSpan OlderHostPresentInterval => (RobustnessVariable * QueryInterval) + QueryResponseInterval;
}
