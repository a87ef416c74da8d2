using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Tests;

namespace MulticastLab.Conformance.Interop;

/// <summary>
/// A router of another vendor: a device of <c>lab/devices</c>, and what the tests have to know of it beyond its <c>device.yaml</c>.
/// </summary>
internal sealed class Peer
{
    private readonly Func<Timing, Timing, (TimeSpan Earliest, TimeSpan Latest)> takesOver;

    private Peer(string name, string device, Timing shortTiming, Func<Timing, Timing, (TimeSpan Earliest, TimeSpan Latest)> takesOver)
    {
        Name = name;
        Device = DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", device));
        ShortTiming = shortTiming;
        this.takesOver = takesOver;
    }

    /// <summary>FRR, whose Startup Query Interval (a quarter of the Query Interval, at least 1 s) cannot be set.</summary>
    internal static Peer Frr { get; } =
        new(
            "FRR",
            "frr",
            new()
            {
                QueryInterval = 2.Seconds(),
                QueryResponseInterval = 1.Seconds(),
                StartupQueryInterval = 1.Seconds(),
                LastMemberQueryInterval = 500.Milliseconds(),
            },
            // RFC 9776 §8.5; Robustness Variable and Query Interval are the querier's, the Query Response Interval its own.
            (own, querier) => (Silence(own, querier), Silence(own, querier)));

    /// <summary>pimd, which takes over at a configured time, whatever the querier announces, counted in ticks of five seconds.</summary>
    internal static Peer Pimd { get; } = new(
        "pimd", "pimd", new() { QueryInterval = 5.Seconds(), QueryResponseInterval = 10.Seconds() },
        (own, _) => ((2 * own.QueryInterval) - 5.Seconds(), (2 * own.QueryInterval) + 10.Seconds()));

    /// <summary>Its name in tests and evidence.</summary>
    internal string Name { get; }

    /// <summary>The device.</summary>
    internal Device Device { get; }

    /// <summary>Whether it can be asked what it knows; otherwise only the wire tells.</summary>
    internal bool HasState => Device.State is not null;

    /// <summary>What is missing on this machine, and how to get it; null when nothing is.</summary>
    internal string? Missing => Device.Missing().Select(each => $"{Name} needs {each}: {each.Remedy}").FirstOrDefault();

    /// <summary>Short timers that it can be set to.</summary>
    internal Timing ShortTiming { get; }

    /// <summary>
    /// When it takes over from a querier with these timers that has fallen silent, since the last query: at the earliest and at the latest.
    /// </summary>
    internal (TimeSpan Earliest, TimeSpan Latest) TakesOver(Timing own, Timing querier) => takesOver(own, querier);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static TimeSpan Silence(Timing own, Timing querier) =>
        (querier.RobustnessVariable * querier.QueryInterval) + (own.QueryResponseInterval / 2);
}
