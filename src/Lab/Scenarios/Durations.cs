namespace MulticastLab.Lab.Scenarios;

/// <summary>Durations that read like prose.</summary>
public static class Durations
{
    /// <summary>That many milliseconds.</summary>
    public static TimeSpan Milliseconds(this int count) => TimeSpan.FromMilliseconds(count);

    /// <summary>That many seconds.</summary>
    public static TimeSpan Seconds(this int count) => TimeSpan.FromSeconds(count);

    /// <summary>Whether it lies between these two, both included.</summary>
    public static bool IsBetween(this TimeSpan duration, TimeSpan atLeast, TimeSpan atMost) => duration >= atLeast && duration <= atMost;

    /// <summary>Seconds with as many decimals as there are: <c>31.25 s</c>.</summary>
    public static string InWords(this TimeSpan duration) => Packets.Text.Seconds.WithUnit(duration);
}
