using MulticastLab.Lab.Devices;

namespace MulticastLab.Conformance.Running;

/// <summary>What is to be run, and how.</summary>
public sealed record SuiteOptions
{
    /// <summary>The device.</summary>
    public required Device Device { get; init; }

    /// <summary>The device's place, where it runs already and is on this machine's wires; null when it is a node of a lab.</summary>
    public WiredDevice? Wired { get; init; }

    /// <summary>The tests.</summary>
    public required IReadOnlyList<ConformanceTest> Tests { get; init; }

    /// <summary>How many are played at once.</summary>
    public required int Jobs { get; init; }

    /// <summary>The seed of everything random in the simulated world.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// How long a test may take on the machine's clock; what would take longer is inconclusive. Does not matter in virtual time.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the captures go, in a folder <c>captures</c>; null for nowhere.</summary>
    public string? ReportFolder { get; init; }
}

/// <summary>Observes a run of the suite. Its methods are called from several threads, one at a time.</summary>
public interface ISuiteObserver
{
    /// <summary>A test has begun.</summary>
    void Began(ConformanceTest test);

    /// <summary>A test has its verdict.</summary>
    void Ended(TestEnd end);
}

/// <summary>A test that has its verdict.</summary>
/// <param name="Test">The test.</param>
/// <param name="Report">What came of it.</param>
public sealed record TestEnd(ConformanceTest Test, Verdicts.TestReport Report);
