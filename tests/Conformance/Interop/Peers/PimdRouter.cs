using System.Globalization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Interop.Peers;

/// <summary>pimd, the PIM-SM daemon of troglobit. Its package cannot be installed beside FRR, so it is unpacked.</summary>
internal sealed class PimdRouter : Peer
{
    // It looks after its timers once per tick.
    private static readonly TimeSpan Tick = 5.Seconds();

    private static readonly TimeSpan QuerierTimeout = 10.Seconds();

    private static readonly string? Found =
        new[] { System.IO.Path.Combine(Repository.Root, "artifacts/peers/pimd/usr/sbin/pimd"), "/usr/sbin/pimd" }.FirstOrDefault(File.Exists);

    /// <inheritdoc/>
    internal override string Name => "pimd";

    /// <inheritdoc/>
    internal override string? Missing =>
        Found is null ? "pimd is not there: cd artifacts/peers && apt-get download pimd && dpkg-deb -x pimd_*.deb pimd." : null;

    /// <inheritdoc/>
    /// <remarks>Only the Query Interval can be set, to whole ticks.</remarks>
    internal override Timing ShortTiming { get; } = new() { QueryInterval = Tick, QueryResponseInterval = 10.Seconds() };

    /// <inheritdoc/>
    internal override string Startup => "/usr/local/sbin/pimd -f -c /etc/pimd.conf &\n";

    /// <inheritdoc/>
    internal override (string From, string To)? Program => (Found!, "usr/local/sbin/pimd");

    /// <inheritdoc/>
    internal override IEnumerable<(string Path, string Text)> Files(PeerSettings settings) =>
    [
        ("etc/pimd.conf", string.Create(CultureInfo.InvariantCulture,
            $"""
            igmp-query-interval {settings.Timing.QueryInterval.TotalSeconds}
            igmp-querier-timeout {QuerierTimeout.TotalSeconds}
            phyint eth0 enable igmpv{settings.Version}
            rp-address {settings.Address} 224.0.0.0/4

            """)),
    ];

    /// <inheritdoc/>
    /// <remarks>A configured time, whatever the querier announces, counted in ticks.</remarks>
    internal override (TimeSpan Earliest, TimeSpan Latest) TakesOver(PeerSettings settings, Timing querier) => (QuerierTimeout - Tick, QuerierTimeout + (2 * Tick));
}
