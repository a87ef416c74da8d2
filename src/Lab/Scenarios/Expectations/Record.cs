using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>What an expectation is judged by: all that has been seen so far.</summary>
/// <param name="Frames">Every frame of every LAN, in time order.</param>
/// <param name="Messages">The IGMP messages among them that routers and hosts have sent: a switch's copies are none.</param>
/// <param name="Tolerance">The world's latency: how much later than asked, or further apart, is still right.</param>
/// <param name="Now">The present time.</param>
internal sealed record Record(IReadOnlyList<SeenFrame> Frames, IReadOnlyList<SeenFrame> Messages, TimeSpan Tolerance, Instant Now);
