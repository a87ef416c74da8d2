using MulticastLab.Membership;

namespace MulticastLab.Conformance.Running;

/// <summary>The timers that tests are played with unless they want others.</summary>
internal static class SuiteTimers
{
    /// <summary>
    /// Where time has to be waited for: short, in steps that the wire can carry, and far enough apart that a busy machine does not blur
    /// them.
    /// </summary>
    internal static readonly Timing Short = new()
    {
        QueryInterval = TimeSpan.FromSeconds(2),
        QueryResponseInterval = TimeSpan.FromSeconds(1),
        LastMemberQueryInterval = TimeSpan.FromMilliseconds(500),
        UnsolicitedReportInterval = TimeSpan.FromMilliseconds(400),
    };

    private static readonly TimeSpan UnhurriedQueryInterval = TimeSpan.FromSeconds(8);

    // The Query Response Interval of version 1 is 10 s (RFC 9776 §7.2.1), and less than the Query Interval.
    private static readonly TimeSpan QueryIntervalOfVersion1 = TimeSpan.FromSeconds(12);

    /// <summary>
    /// The same with time to read a device's state, which may take a second, several times before a group expires or a router takes over.
    /// </summary>
    internal static Timing Unhurried(Timing usual) => AtLeast(UnhurriedQueryInterval, usual);

    /// <summary>The same for a router that is set to a version that may be the first one.</summary>
    internal static Timing OfAnyVersion(Timing usual) => AtLeast(QueryIntervalOfVersion1, usual);

    private static Timing AtLeast(TimeSpan queryInterval, Timing usual) =>
        usual.QueryInterval < queryInterval ? usual with { QueryInterval = queryInterval } : usual;
}
