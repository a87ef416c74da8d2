using System.Globalization;
using MulticastLab.Membership;

namespace MulticastLab.Lab.Devices;

/// <summary>The timers of a device that is asked for certain ones: what is passed to it, and what it will then use.</summary>
public sealed record DeviceSettings
{
    /// <summary>The names that timers have in <c>device.yaml</c>, and as variables in the environment of its commands.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        QueryInterval,
        QueryResponseInterval,
        LastMemberQueryInterval,
        LastMemberQueryCount,
        RobustnessVariable,
        StartupQueryInterval,
        StartupQueryCount,
        UnsolicitedReportInterval,
        VersionName,
    ];

    private const string QueryInterval = "QUERY_INTERVAL";
    private const string QueryResponseInterval = "QUERY_RESPONSE_INTERVAL";
    private const string LastMemberQueryInterval = "LAST_MEMBER_QUERY_INTERVAL";
    private const string LastMemberQueryCount = "LAST_MEMBER_QUERY_COUNT";
    private const string RobustnessVariable = "ROBUSTNESS_VARIABLE";
    private const string StartupQueryInterval = "STARTUP_QUERY_INTERVAL";
    private const string StartupQueryCount = "STARTUP_QUERY_COUNT";
    private const string UnsolicitedReportInterval = "UNSOLICITED_REPORT_INTERVAL";
    private const string VersionName = "VERSION";

    // RFC 9776 §8.6, §8.7, §8.9: what follows from the others unless it is set.
    private static readonly string[] Derived = [StartupQueryInterval, StartupQueryCount, LastMemberQueryCount];

    private DeviceSettings(IReadOnlyDictionary<string, string> variables, Timing timing, int? version) =>
        (Variables, Timing, Version) = (variables, timing, version);

    /// <summary>What is passed to it: the timers that can be set, and no others.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>
    /// The timers that the device has then. What <c>device.yaml</c> does not give is derived from the others as RFC 9776 §8 says.
    /// </summary>
    public Timing Timing { get; }

    /// <summary>The protocol version that it speaks then; null when <c>device.yaml</c> does not say.</summary>
    public int? Version { get; }

    /// <summary>Whether a timer is a count: a whole number rather than a time.</summary>
    public static bool IsCount(string name) => name is LastMemberQueryCount or RobustnessVariable or StartupQueryCount or VersionName;

    /// <summary>The settings of a device that come as near to these timers as it can.</summary>
    /// <param name="device">The device.</param>
    /// <param name="wanted">The timers.</param>
    /// <param name="version">The protocol version; null for the device's default.</param>
    /// <param name="unset">The timers that it is not told: see <see cref="DeviceStart.Unset"/>.</param>
    public static DeviceSettings For(Device device, Timing wanted, int? version = null, IReadOnlyList<string>? unset = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(wanted);
        var variables = new Dictionary<string, string>();
        var timing = new Timing();
        timing = timing with { RobustnessVariable = Count(RobustnessVariable, wanted.RobustnessVariable) ?? timing.RobustnessVariable };
        timing = timing with { QueryInterval = Seconds(QueryInterval, wanted.QueryInterval) ?? timing.QueryInterval };
        timing = timing with
        {
            QueryResponseInterval = Seconds(QueryResponseInterval, wanted.QueryResponseInterval) ?? timing.QueryResponseInterval,
        };
        timing = timing with
        {
            LastMemberQueryInterval = Seconds(LastMemberQueryInterval, wanted.LastMemberQueryInterval) ?? timing.LastMemberQueryInterval,
        };
        timing = timing with
        {
            UnsolicitedReportInterval =
                Seconds(UnsolicitedReportInterval, wanted.UnsolicitedReportInterval) ?? timing.UnsolicitedReportInterval,
        };
        if (Count(LastMemberQueryCount, wanted.LastMemberQueryCount) is { } lastMemberQueryCount)
            timing = timing with { LastMemberQueryCount = lastMemberQueryCount };
        if (Seconds(StartupQueryInterval, wanted.StartupQueryInterval) is { } startupQueryInterval)
            timing = timing with { StartupQueryInterval = startupQueryInterval };
        if (Count(StartupQueryCount, wanted.StartupQueryCount) is { } startupQueryCount)
            timing = timing with { StartupQueryCount = startupQueryCount };
        var spoken = device.Timers.TryGetValue(VersionName, out var known) ? Count(VersionName, version ?? (int)known.Default) : null;
        return new DeviceSettings(variables, timing, spoken);

        TimeSpan? Seconds(string name, TimeSpan value) =>
            Take(name, (decimal)value.Ticks / TimeSpan.TicksPerSecond) is { } seconds
                ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
                : null;

        int? Count(string name, int value) => (int?)Take(name, value);

        decimal? Take(string name, decimal value)
        {
            if (!device.Timers.TryGetValue(name, out var timer))
                return null;
            if (unset?.Contains(name) is true)
                return Derived.Contains(name) ? null : timer.Default;
            var taken = timer.Nearest(value);
            if (timer.Least is not null)
                variables.Add(name, taken.ToString("0.#######", CultureInfo.InvariantCulture));
            return taken;
        }
    }
}
