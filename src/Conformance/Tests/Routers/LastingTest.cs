using MulticastLab.Conformance.Benches;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Tests in which memberships are to last for longer than they need, however long a look at the device's state takes.</summary>
internal static class LastingTest
{
    // Still a number that every query tells exactly (RFC 9776 §4.1.7).
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    /// <summary>A test with a long Query Interval: no General Query comes in between, and nothing expires.</summary>
    internal static RouterTest Lasting(string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, Task> play) =>
        new(name, requirements, purpose, play) { Timing = Timers };

    /// <summary>The same where what is lowered to the Last Member Query Time is looked at before it expires.</summary>
    internal static RouterTest SlowlyEnding(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, Task> play) =>
        new(name, requirements, purpose, play)
        {
            Timing = usual => Timers(usual) with
            {
                LastMemberQueryInterval = usual.LastMemberQueryInterval < Slow ? Slow : usual.LastMemberQueryInterval,
            },
        };

    /// <summary>Its timers.</summary>
    internal static Timing Timers(Timing usual) => usual.QueryInterval < Long ? usual with { QueryInterval = Long } : usual;
}
