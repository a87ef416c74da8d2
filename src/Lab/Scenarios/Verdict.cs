namespace MulticastLab.Lab.Scenarios;

/// <summary>What a run, or a test, says of a device.</summary>
public enum Verdict
{
    /// <summary>All that was expected was seen.</summary>
    Pass,

    /// <summary>Something was not as expected.</summary>
    Fail,

    /// <summary>It is unknown: the machine or the lab, and not the device, has kept it from being seen.</summary>
    Inconclusive,

    /// <summary>The device does not have what would be tested.</summary>
    NotApplicable,

    /// <summary>Something worth reporting was seen that is neither right nor wrong.</summary>
    Observation,
}

/// <summary>Names of verdicts in reports.</summary>
public static class VerdictNames
{
    /// <summary>
    /// The verdict in JSON and on the command line: <c>pass</c>, <c>fail</c>, <c>inconclusive</c>, <c>not-applicable</c>,
    /// <c>observation</c>.
    /// </summary>
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Pass => "pass",
        Verdict.Fail => "fail",
        Verdict.Inconclusive => "inconclusive",
        Verdict.NotApplicable => "not-applicable",
        Verdict.Observation => "observation",
    };

    /// <summary>The verdict on a run in a sentence: a run has <c>passed</c>, <c>failed</c>, or is one of the others.</summary>
    public static string OfRun(this Verdict verdict) => verdict switch
    {
        Verdict.Pass => "passed",
        Verdict.Fail => "failed",
        var other => other.Name(),
    };
}
