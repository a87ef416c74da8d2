using System.Globalization;

namespace MulticastLab.LabRunner.Output;

/// <summary>Timers as people read them.</summary>
internal static class Durations
{
    /// <summary>Seconds with one decimal: <c>12.3 s</c>; a dash for a timer that does not run.</summary>
    public static string Timer(TimeSpan? left) =>
        left is { } time && time > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s") : "-";
}
