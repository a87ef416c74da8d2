using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Output;

/// <summary>Timers as people read them, and the time between two instants.</summary>
internal static class Durations
{
    /// <summary>Seconds with one decimal: <c>12.3 s</c>; a dash for a timer that does not run.</summary>
    public static string Timer(TimeSpan? left) =>
        left is { } time && time > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s") : "-";

    /// <summary>The time from one instant to another, however far apart the two are, as those of a file may be.</summary>
    public static TimeSpan Between(Instant earlier, Instant later) =>
        new((long)(((Int128)later.Nanoseconds - earlier.Nanoseconds) / TimeSpan.NanosecondsPerTick));
}
