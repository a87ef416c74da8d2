using System.Globalization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Interop.Peers;

/// <summary>FRR: zebra, and pimd, which is its IGMP router.</summary>
internal sealed class FrrRouter : Peer
{
    private const string Daemons = "/usr/lib/frr/";

    /// <inheritdoc/>
    internal override string Name => "FRR";

    /// <inheritdoc/>
    internal override string? Missing => File.Exists(Daemons + "pimd") && File.Exists("/usr/bin/vtysh") ? null : "FRR is not installed: apt-get install frr.";

    /// <inheritdoc/>
    /// <remarks>Robustness Variable and Startup Query Interval (a quarter of the Query Interval, at least 1 s) cannot be set.</remarks>
    internal override Timing ShortTiming { get; } = new()
    {
        QueryInterval = 2.Seconds(), QueryResponseInterval = 1.Seconds(), StartupQueryInterval = 1.Seconds(), LastMemberQueryInterval = 500.Milliseconds(),
    };

    /// <inheritdoc/>
    internal override string Startup =>
        $"""
        mkdir -p /run/frr
        chown frr:frr /run/frr
        {Daemons}zebra -d -f /etc/frr/zebra.conf -i /run/frr/zebra.pid
        {Daemons}pimd -d -f /etc/frr/pimd.conf -i /run/frr/pimd.pid

        """;

    /// <inheritdoc/>
    // The order counts: a Query Interval that is not above the Max Response Time set so far is refused.
    internal override IEnumerable<(string Path, string Text)> Files(PeerSettings settings) =>
    [
        ("etc/frr/zebra.conf", "hostname peer\n"),
        ("etc/frr/pimd.conf", string.Create(CultureInfo.InvariantCulture,
            $"""
            hostname peer
            ip pim rp {settings.Address}
            interface eth0
             ip igmp
             ip igmp version {settings.Version}
             ip igmp query-max-response-time {Tenths(settings.Timing.QueryResponseInterval)}
             ip igmp query-interval {settings.Timing.QueryInterval.TotalSeconds}
             ip igmp last-member-query-interval {Tenths(settings.Timing.LastMemberQueryInterval)}
             ip igmp last-member-query-count {settings.Timing.LastMemberQueryCount}
             ip pim

            """)),
    ];

    /// <inheritdoc/>
    /// <remarks>RFC 9776 §8.5; Robustness Variable and Query Interval are the querier's, the Query Response Interval its own.</remarks>
    internal override (TimeSpan Earliest, TimeSpan Latest) TakesOver(PeerSettings settings, Timing querier)
    {
        var silence = (querier.RobustnessVariable * querier.QueryInterval) + (settings.Timing.QueryResponseInterval / 2);
        return (silence, silence);
    }

    private static int Tenths(TimeSpan duration) => (int)(duration.TotalSeconds * 10);
}
