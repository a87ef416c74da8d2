using System.Globalization;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Interop;

/// <summary>A scenario on one LAN: our router, one of another vendor, and Linux hosts h1, h2 …, each forced to a version of IGMP.</summary>
internal abstract class InteropScenario(Peer peer, bool oursIsLower) : Scenario
{
    internal const string OursNode = "ours";
    internal const string PeerNode = "peer";

    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address High = Address.Parse("10.0.0.2");

    /// <summary>What sets it apart from all other scenarios, fit for a file's name.</summary>
    internal virtual string Name =>
        $"interop-{GetType().Name}-{peer}-{(OursIsLower ? "ours-lower" : "ours-higher")}".ToLowerInvariant();

    /// <summary>The router of another vendor.</summary>
    internal Peer Peer => peer;

    /// <summary>Whether our router has the lower address, and so wins the election.</summary>
    protected bool OursIsLower => oursIsLower;

    /// <summary>Our router's address.</summary>
    protected Address OursAddress => OursIsLower ? Low : High;

    /// <summary>The peer's address.</summary>
    protected Address PeerAddress => OursIsLower ? High : Low;

    /// <inheritdoc/>
    public override Timing ShortTiming => peer.ShortTiming;

    /// <summary>The peer's timers.</summary>
    protected virtual Timing PeerTiming => peer.ShortTiming;

    /// <summary>The version of IGMP that the peer speaks.</summary>
    protected virtual int Version => 3;

    /// <summary>The version of IGMP that our router speaks.</summary>
    protected virtual int OursVersion => Version;

    /// <summary>The version that each host is forced to (force_igmp_version); 0 for none.</summary>
    protected virtual IReadOnlyList<int> Hosts => [];

    /// <summary>Writes the topology.</summary>
    internal TopologyFolder WriteTopology()
    {
        var hosts = Hosts.Select((version, i) => (Name: $"h{i + 1}", Number: 11 + i, Version: version)).ToList();
        return new TopologyFolder([
            (
                "lab.conf",
                string.Concat(
                    $"LAB_NAME=\"{Name}\"\n{OursNode}[0]=\"A\"\n{OursNode}[image]=\"multicast-lab/router\"\n"
                    + $"{PeerNode}[0]=\"A\"\n{PeerNode}[image]=\"device/{peer.Device.Folder}\"\n",
                    string.Concat(
                        DeviceSettings
                            .For(peer.Device, PeerTiming, Version)
                            .Variables.Select(each => $"{PeerNode}[env]=\"{each.Key}={each.Value}\"\n")),
                    string.Concat(hosts.Select(host => $"{host.Name}[0]=\"A\"\n{host.Name}[image]=\"multicast-lab/host\"\n")))),
            (OursNode + ".startup", Up(OursAddress) + $"router run --interface eth0 --igmp-version {OursVersion} $ROUTER_OPTIONS &\n"),
            (PeerNode + ".startup", Up(PeerAddress)),
            .. hosts.Select(host =>
                (
                    host.Name + ".startup",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Up(Address.Parse($"10.0.0.{host.Number}"))}ip route replace 224.0.0.0/4 dev eth0\necho {host.Version} "
                            + $">/proc/sys/net/ipv4/conf/eth0/force_igmp_version\nhostagent run --interface eth0 $HOSTAGENT_OPTIONS &\n"))),
        ]);
        static string Up(Address address) => $"ip address replace {address}/24 dev eth0\nip link set eth0 up\n";
    }
}
