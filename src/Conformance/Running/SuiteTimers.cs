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
}
