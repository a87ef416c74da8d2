using System.Globalization;
using System.Text.Json;
using MulticastLab.Lab.Devices;

namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>The device <c>lab/devices/frr</c>: pimd, which is its IGMP router, and zebra, which knows the interfaces and routes.</summary>
internal sealed class FrrRouter(TestBed bed) : RoutingDaemon(bed)
{
    private static readonly Device Device = DeviceReader.Read(
        DeviceFolders.Find("frr", ".").Folder ?? throw new InvalidOperationException("lab/devices/frr is not above this program."));

    private static readonly TimeSpan ZebraPatience = TimeSpan.FromSeconds(10);

    /// <summary>What is missing on this machine, and how to get it; null when nothing is.</summary>
    public static string? Missing => Device.Missing().Select(each => $"FRR needs {each}: {each.Remedy}").FirstOrDefault();

    /// <inheritdoc/>
    public override bool RoutesOnJoin => true;

    // Its timers are its defaults.
    private static Dictionary<string, string> Variables => new()
    {
        ["DEVICE_INTERFACES"] = "eth0 eth1", ["DEVICE_ADDRESS"] = TestBed.Device.ToString(), ["DEVICE_PROTOCOL"] = "igmp",
        ["DEVICE_DIR"] = Device.Folder, ["DEVICE_RUN"] = "/run/device",
    };

    /// <summary>Starts zebra, which outlives the script that does, and waits until pimd can talk to it.</summary>
    public void LaunchZebra()
    {
        Directory.CreateDirectory(Bed.PathOf("/run/device"));
        var script = Bed.Start("log", Variables, "/bin/sh", "-c", "cd \"$DEVICE_DIR\" && ./zebra");
        if (!script.WaitForEnd(ZebraPatience) || script.Reap() != 0)
            throw new MeasurementFailedException($"zebra does not answer. {Complaints()}".TrimEnd());
        Take(Bed.FindProcess("/usr/lib/frr/zebra"));
    }

    /// <summary>Starts pimd; the script that does becomes it.</summary>
    public void LaunchPimd() => Take(Bed.Start("log", Variables, "/bin/sh", "-c", $"cd \"$DEVICE_DIR\" && exec {Device.Start}"));

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
    // The device's own state would be converted each time, and of 100,000 groups.
    protected override long ReadGroups()
    {
        using var groups = Show("groups");
        return groups.RootElement.TryGetProperty("eth0", out var there) ? there.GetProperty("groups").GetArrayLength() : 0;
    }

    /// <inheritdoc/>
    // The last column of a raw socket's line is what was dropped.
    protected override long ReadLost() =>
        Bed.ProcNet("raw")
            .Skip(1)
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture));

    private JsonDocument Show(string what) => JsonDocument.Parse(Bed.Run("vtysh", "-c", $"show ip igmp {what} json"));
}
