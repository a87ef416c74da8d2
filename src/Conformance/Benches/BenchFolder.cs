using System.Globalization;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Dialects;

namespace MulticastLab.Conformance.Benches;

/// <summary>The topology of the benches for a device: a folder in Kathará's format, as for any lab, until it is disposed.</summary>
internal sealed class BenchFolder : IDisposable
{
    // Elsewhere the labs' routers speak for themselves; a device may leave its own memberships to the kernel.
    private const string OwnReports = "net.ipv4.igmp_link_local_mcast_reports=1";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("multicast-lab-bench-");

    /// <summary>Writes the folder.</summary>
    internal BenchFolder(Device device, Dialect dialect)
    {
        var plan = AddressPlan.Of(dialect);
        Write("lab.conf", $"""
            LAB_NAME="bench"
            {Bench.DeviceName}[image]="device/{device.Folder}"
            {Bench.DeviceName}[sysctl]="{OwnReports}"
            {string.Concat(Lans(device.Role).Select((lan, i) =>
                string.Create(CultureInfo.InvariantCulture, $"{Bench.DeviceName}[{i}]=\"{lan}\"\n")))}
            """);
        Write(Bench.DeviceName + ".startup", Startup(device.Role, plan));
        Topology = TopologyReader.Read(folder.FullName);
    }

    /// <summary>What it holds.</summary>
    internal Topology Topology { get; }

    /// <summary>Removes the folder.</summary>
    public void Dispose() => folder.Delete(recursive: true);

    private static IEnumerable<string> Lans(DeviceRole role) => role switch
    {
        DeviceRole.Router or DeviceRole.Proxy => [Bench.Lan, RouterBench.Upstream],
        DeviceRole.Host => [Bench.Lan, HostBench.OtherLan],
        DeviceRole.Switch => SwitchBench.Ports,
    };

    private static string Startup(DeviceRole role, AddressPlan plan)
    {
        var lan = string.Create(CultureInfo.InvariantCulture, $"ip address replace {plan.Device}/{plan.LanPrefixLength} dev eth0\n");
        var upstream = string.Create(
            CultureInfo.InvariantCulture, $"ip address replace {plan.DeviceUpstream}/{plan.UpstreamPrefixLength} dev eth1\n");
        return role switch
        {
            DeviceRole.Router or DeviceRole.Proxy or DeviceRole.Host => lan + upstream,
            DeviceRole.Switch => "",
        };
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
}
