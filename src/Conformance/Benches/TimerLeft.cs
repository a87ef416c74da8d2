using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>What is expected of a timer of a group: that it was set to this at that moment, and runs down since.</summary>
/// <param name="Source">The source whose timer it is; null for the group timer.</param>
/// <param name="AtLeast">What it was set to, at least.</param>
/// <param name="AtMost">What it was set to, at most.</param>
/// <param name="Since">When.</param>
public sealed record TimerLeft(Address? Source, TimeSpan AtLeast, TimeSpan AtMost, Moment Since)
{
    /// <summary>The group timer.</summary>
    public static TimerLeft OfGroup(TimeSpan value, Moment since) => new(null, value, value, since);

    /// <summary>The timer of a source.</summary>
    public static TimerLeft Of(Address source, TimeSpan value, Moment since) => new(source, value, value, since);

    /// <summary>
    /// One that was set to the Group Membership Interval: that of RFC 9776 §8.4, RV × QI + 2 × QRI, or that of RFC 3376, one QRI shorter.
    /// Which of them it is has a test of its own.
    /// </summary>
    public static TimerLeft Gmi(Address? source, ExpectedTiming timing, Moment since)
    {
        ArgumentNullException.ThrowIfNull(timing);
        var interval = timing.GroupMembershipInterval;
        return new TimerLeft(source, interval - timing.QueryResponseInterval, interval, since);
    }

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var value = AtLeast == AtMost ? AtMost.InWords() : $"{AtLeast.InWords()} to {AtMost.InWords()}";
        return $"{(Source is { } source ? $"the timer of {source}" : "the group timer")} {value} from when {Since}";
    }
}
