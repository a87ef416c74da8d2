using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Packets;
using MulticastLab.Tests;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    private const int Frames = 500_000;

    /// <summary>Processors, kernel and versions, in a line.</summary>
    public static string Describe(IEnumerable<PeerKind> kinds)
    {
        var model =
            File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                ?.Split(':')[1]
                .Trim()
            ?? "unknown processor";
        var frr = kinds.Contains(PeerKind.Frr) ? $", {FrrVersion()}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} × {model}, Linux {Environment.OSVersion.Version}, "
                + $"{RuntimeInformation.FrameworkDescription}{frr}; our router is "
                + $"{(ShippedPrograms.IsNative(OurRouter.Program) ? "native" : "run by .NET")}");
    }

    /// <summary>What the load generator can do at most: reports into a veth pair whose other end nobody listens to.</summary>
    public static string MeasureCeiling()
    {
        using var bed = TestBed.Create(isRouted: false);
        using var socket = bed.OpenSender(TestBed.Members);
        using var reports = Load.Reports(RecordType.IsExclude, Load.Groups(1_000));
        var generator = new LoadGenerator(socket);
        generator.Flood(reports, Frames / 10);
        bed.Pass(TimeSpan.FromMilliseconds(5));
        var before = ProcessorTime.OfThisThreadAndInterrupts();
        var took = generator.Flood(reports, Frames);
        bed.Pass(TimeSpan.FromMilliseconds(5));
        var cost = (ProcessorTime.OfThisThreadAndInterrupts() - before) / 1_000.0 / Frames;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The load generator's own ceiling: {Frames / took.TotalSeconds:N0} reports per second ({cost:0.00} µs each) into a wire that "
                + $"nobody listens to.");
    }

    private static string FrrVersion()
    {
        using var process = Process.Start(
            new ProcessStartInfo("/usr/lib/frr/pimd", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return "FRR " + text.Split('\n')[0].Replace("pimd version ", "", StringComparison.Ordinal).Trim();
    }
}
