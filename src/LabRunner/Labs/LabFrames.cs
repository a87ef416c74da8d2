using System.Runtime.CompilerServices;
using MulticastLab.Lab.Engines;

namespace MulticastLab.LabRunner.Labs;

/// <summary>The frames of a running lab, as they come.</summary>
internal static class LabFrames
{
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>Every frame from now on, until cancelled or until the time is over.</summary>
    public static async IAsyncEnumerable<LabFrame> Follow(
        IRunningLab lab, TimeSpan? duration, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var end = duration is { } limited ? lab.Now + limited : Packets.Instant.Never;
        for (var seen = 0; ;)
        {
            var known = seen;
            var left = end == Packets.Instant.Never ? Patience : end - lab.Now;
            var more =
                left > TimeSpan.Zero
                && await lab.Until(_ => Task.FromResult(lab.Frames.Count > known), left, cancellation).ConfigureAwait(false);
            if (!more && end != Packets.Instant.Never)
                yield break;
            for (var frames = lab.Frames; seen < frames.Count; seen++)
                yield return frames[seen];
        }
    }
}
