using System.Text.Json;
using MulticastLab.Benchmarks.Comparison.Measurements;
using MulticastLab.Daemon.Control;
using MulticastLab.Tests;

namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>This project's router as it is shipped, with its default settings, forwarding between the two LANs.</summary>
internal sealed class OurRouter(TestBed bed) : RoutingDaemon(bed)
{
    private const int CallsUntilCompiledAnew = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The program; one of those that ship unless told.</summary>
    public static string Program { get; set; } = ShippedPrograms.PathOf("router");

    /// <inheritdoc/>
    public override bool RoutesOnJoin => false;

    /// <inheritdoc/>
    public override void Launch() =>
        Take(Bed.Start("log", new Dictionary<string, string>(), Program, "run", "--forward", "--interface", "eth0", "--interface", "eth1"));

    /// <inheritdoc/>
    public override TimeSpan? ReadCompilerTime() =>
        ShippedPrograms.IsNative(Program) ? null : ProcessorTime.Of(Processes, thread: ".NET Tiered Com");

    /// <inheritdoc/>
    // It queries before it says that it can be talked to.
    protected override void AwaitReadiness() =>
        Until(() => File.ReadLines(Bed.PathOf("/run/log")).Contains("router: ready"), "it says that it is ready", Patience);

    /// <inheritdoc/>
    protected override void Rehearse()
    {
        if (ReadCompilerTime() is null)
            return;
        // The code that answers is recompiled when it has been used so often (see WarmUp): now, and not because it was asked between two
        // measurements.
        for (var i = 0; i < CallsUntilCompiledAnew * 3; i++)
        {
            ReadReports();
            if (i % CallsUntilCompiledAnew == 0)
                Pass(WarmUp.Break);
        }

        Pass(WarmUp.Break);
    }

    /// <inheritdoc/>
    protected override long ReadReports() => Statistics("received", "report");

    /// <inheritdoc/>
    protected override long ReadGroups() => Summary().GetProperty("groups-count").GetInt64();

    /// <inheritdoc/>
    protected override long ReadLost() => Statistics("error", "receive-buffer-full");

    private long Statistics(string kind, string name) => Summary().GetProperty("statistics").GetProperty(kind).GetProperty(name).GetInt64();

    private JsonElement Summary()
    {
        try
        {
            using var client = ControlClient.Connect(Bed.PathOf("/run/multicast-lab/router.sock")).GetAwaiter().GetResult();
            return client.Ask("show", writer => writer.WriteString("what", "summary")).GetAwaiter().GetResult()
                .GetProperty("ietf-igmp-mld:igmp").GetProperty("global");
        }
        catch (ControlException refused)
        {
            throw new MeasurementFailedException($"{refused.Message}. {Complaints()}".TrimEnd(), refused);
        }
    }
}
