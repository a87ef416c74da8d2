using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Dialects;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// From the start of the program to the kernel's timestamp of its first General Query, and its memory at that time. FRR's zebra runs
/// already.
/// </summary>
internal sealed class Start : Measurement
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly Line Line = new("start of the program → first General Query on the wire", "ms", Aim.AtMost(30, "ms"));
    private static readonly Line Memory = new("memory after the start", "MB", Aim.AtMost(15, "MB"));

    /// <inheritdoc/>
    public override string Name => "start";

    /// <inheritdoc/>
    public override int Runs(Scale scale) => scale.Starts;

    /// <inheritdoc/>
    // There is no program to be started.
    public override bool Fits(PeerKind kind) => kind != PeerKind.Bridge;

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using var peer = trial.Kind.Create();
        using var ear = peer.Bed.OpenEar(TestBed.Members, PacketFilter.Of(Dialect.Igmp.Filter));
        trial.Measure(Line, () =>
        {
            (peer as FrrRouter)?.LaunchZebra();
            var begun = KernelClock.RealTime;
            if (peer is FrrRouter frr)
                frr.LaunchPimd();
            else
                peer.Launch();
            return (peer.FirstQuery(ear, Patience) - begun).TotalMilliseconds;
        });
        peer.Settle();
        trial.Measure(Memory, () => peer.ReadMemory() / 1e6);
    }
}
