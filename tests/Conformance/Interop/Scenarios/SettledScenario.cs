using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>A scenario that begins with everybody there and the election over: the loser is silent until the end.</summary>
internal abstract class SettledScenario(Peer peer, bool oursIsLower) : InteropScenario(peer, oursIsLower)
{
    private static readonly TimeSpan PeerStart = 8.Seconds();

    protected static Address G { get; } = Address.Parse("239.1.1.1");

    public override async Task Play(LabRun lab)
    {
        var ours = lab.Router(OursNode);
        var other = lab.Router(PeerNode);
        await lab.Step("All start");
        var start = await lab.StartAllBut(ours);
        await lab.Await(Wire.AnyGeneralQuery.From(other), since: start, within: PeerStart);
        start = await ours.Start();
        if (!OursIsLower)
            await ours.Until(state => state.Follows(PeerAddress), within: PeerStart);
        else if (Peer.HasState)
            await other.Until(state => state.Follows(OursAddress), within: ShortTiming.QueryInterval);
        else
            await lab.Await(Wire.AnyGeneralQuery.From(ours), since: start, within: TimeSpan.Zero);

        await PlaySettled(lab, ours, other);
    }

    /// <summary>What happens then.</summary>
    protected abstract Task PlaySettled(LabRun lab, RouterNode ours, RouterNode other);
}
