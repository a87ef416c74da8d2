namespace MulticastLab.Benchmarks.Comparison;

/// <summary>How much is measured.</summary>
internal sealed record Scale
{
    /// <summary>All of it; about a quarter of an hour with three runs.</summary>
    public static readonly Scale Whole = new();

    /// <summary>A first look, of three to four minutes.</summary>
    public static readonly Scale Quick = new()
    {
        Runs = 1,
        RefreshedGroups = [1_000, 10_000],
        Reports = 50_000,
        PacedReports = 500,
        LongJoin = 0,
        JoinTrials = 30,
        LeaveTrials = 20,
        Starts = 3,
        Probes = 1_000,
        Patience = TimeSpan.FromSeconds(10),
    };

    /// <summary>How often everything is measured.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>Sizes of the table of groups that are refreshed.</summary>
    public IReadOnlyList<int> RefreshedGroups { get; init; } = [100, 1_000, 10_000, 100_000];

    /// <summary>Reports of a flood.</summary>
    public int Reports { get; init; } = 200_000;

    /// <summary>Reports at 1,000 per second.</summary>
    public int PacedReports { get; init; } = 1_000;

    /// <summary>Joins of the long row at 1,000 per second; 0 for none.</summary>
    public int LongJoin { get; init; } = 10_000;

    /// <summary>Joins whose first packets are waited for, of each kind and run.</summary>
    public int JoinTrials { get; init; } = 100;

    /// <summary>Leaves whose last packets are looked for.</summary>
    public int LeaveTrials { get; init; } = 30;

    /// <summary>Starts.</summary>
    public int Starts { get; init; } = 5;

    /// <summary>Probes of the pauses.</summary>
    public int Probes { get; init; } = 5_000;

    /// <summary>How long a peer is waited for where the time it takes grows with the square of what is asked of it.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(25);
}
