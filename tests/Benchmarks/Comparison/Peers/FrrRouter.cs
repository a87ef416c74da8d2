using System.Globalization;
using System.Text.Json;

namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>FRR: pimd, which is its IGMP router, and zebra, which knows the interfaces and routes. Its own address is the rendezvous point.</summary>
internal sealed class FrrRouter(TestBed bed) : RoutingDaemon(bed)
{
    private const string Daemons = "/usr/lib/frr/";
    private const string Folder = "/run/frr";

    private static readonly TimeSpan ZebraPatience = TimeSpan.FromSeconds(10);

    /// <summary>What is missing on this machine, and how to get it; null when nothing is.</summary>
    public static string? Missing => File.Exists(Daemons + "pimd") && File.Exists("/usr/bin/vtysh") ? null : "FRR is not installed: apt-get install frr";

    /// <inheritdoc/>
    public override bool RoutesOnJoin => true;

    /// <summary>Starts zebra and waits until pimd can talk to it: pimd would try again only after a while.</summary>
    public void LaunchZebra()
    {
        Directory.CreateDirectory(Bed.PathOf(Folder));
        File.WriteAllText(Bed.PathOf(Folder + "/zebra.conf"), "hostname frr\n");
        File.WriteAllText(Bed.PathOf(Folder + "/pimd.conf"), $"""
            hostname frr
            ip pim rp {TestBed.Device}
            interface eth0
             ip igmp
             ip pim
            interface eth1
             ip pim

            """);
        Bed.Run("chown", "-R", "frr:frr", Folder);
        Add(Daemons + "zebra", "-f", Folder + "/zebra.conf", "-i", Folder + "/zebra.pid");
        Until(() => File.Exists(Bed.PathOf(Folder + "/zserv.api")), "zebra answers", ZebraPatience);
    }

    /// <summary>Starts pimd.</summary>
    public void LaunchPimd() => Add(Daemons + "pimd", "-f", Folder + "/pimd.conf", "-i", Folder + "/pimd.pid");

    /// <inheritdoc/>
    public override void Launch()
    {
        LaunchZebra();
        LaunchPimd();
    }

    /// <inheritdoc/>
    protected override long ReadReports()
    {
        using var statistics = Show("statistics");
        return statistics.RootElement.GetProperty("global").GetProperty("reportV3").GetInt64();
    }

    /// <inheritdoc/>
    protected override long ReadGroups()
    {
        using var groups = Show("groups");
        return groups.RootElement.TryGetProperty("eth0", out var there) ? there.GetProperty("groups").GetArrayLength() : 0;
    }

    /// <inheritdoc/>
    // The last column of a raw socket's line is what was dropped.
    protected override long ReadLost() =>
        Bed.ProcNet("raw").Skip(1).Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture));

    private JsonDocument Show(string what) => JsonDocument.Parse(Bed.Run("vtysh", "-c", $"show ip igmp {what} json"));
}
