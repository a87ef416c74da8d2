using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// The highest rate of reports, for a second, of which none is lost: the peer has taken as many as were sent, no socket had to drop any,
/// and it does not lag behind at the end, which only hides in the buffers what a longer run would lose.
/// </summary>
internal sealed class LosslessRate : Measurement
{
    private const int Groups = 1_000;
    private const int Step = 50_000;
    private const double Reached = 0.97;

    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(150);
    private static readonly Line Line = new($"lossless rate, reports of one record, {Groups:N0} groups", "reports/s");

    /// <inheritdoc/>
    public override string Name => "rate";

    /// <inheritdoc/>
    // The bridge processes reports in the sender's context: there is nothing to lose, and no other rate than the sender's.
    public override bool Fits(PeerKind kind) => kind != PeerKind.Bridge;

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using var peer = trial.Start();
        using var joins = Load.Reports(RecordType.ToExclude, Load.Groups(Groups));
        using var reports = Load.Reports(RecordType.IsExclude, Load.Groups(Groups));
        peer.Members.Pace(joins, Groups, 20_000);
        peer.Members.Pace(reports, Step, Step);
        peer.Settle();
        trial.Measure(Line, () =>
        {
            for (var (best, rate) = (0.0, Step); ; rate += Step)
            {
                var (sent, isLossless) = Offer(peer, reports, rate);
                if (!isLossless)
                    return best > 0 ? best : throw new MeasurementFailedException($"it loses reports at {rate:N0} per second");
                if (sent < Reached * rate)
                {
                    trial.Say(Line, "the sender's limit");
                    return Math.Max(best, sent);
                }

                best = rate;
            }
        });
    }

    /// <summary>A second of reports; the rate that came about.</summary>
    private static (double Rate, bool IsLossless) Offer(Peer peer, FrameSequence reports, int rate)
    {
        var (received, lost) = (peer.CountReports(), peer.CountLost());
        var took = peer.Members.Pace(reports, rate, rate);
        var end = KernelClock.Monotonic;
        peer.Settle();
        // To find out that it is idle takes some looks, 30 ms.
        var isInTime = KernelClock.Monotonic - end < Lag;
        // There may be reports of others: the device's own kernel, for what the peer has joined.
        return (rate / took.TotalSeconds, isInTime && peer.CountReports() - received >= rate && peer.CountLost() == lost);
    }
}
