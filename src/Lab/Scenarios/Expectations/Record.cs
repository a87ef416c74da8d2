using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>What an expectation is judged by: all that has been seen so far.</summary>
/// <param name="Frames">Every frame of every LAN, in time order.</param>
/// <param name="Messages">The IGMP messages among them that routers and hosts have sent: a switch's copies are none.</param>
/// <param name="Latency">How late the world may make an answer that a device gives at once.</param>
/// <param name="Tolerance">
/// How much later than asked, or further apart, is still right of what a timer decides: the latency and the granularity of the device's
/// clock.
/// </param>
/// <param name="Now">The present time.</param>
internal sealed record Record(
    IReadOnlyList<SeenFrame> Frames, IReadOnlyList<SeenFrame> Messages, TimeSpan Latency, TimeSpan Tolerance, Instant Now)
{
    /// <summary>How late what is due so long after a moment may be.</summary>
    public TimeSpan ToleranceOf(TimeSpan delay, Moment since) => delay == TimeSpan.Zero && since.IsFrame ? Latency : Tolerance;
}
