using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>Entries of the kernel's forwarding table that lead nowhere yet.</summary>
internal static class Routes
{
    private const int Rate = 20_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Sends the first packet of each stream, where that is what makes an entry.</summary>
    public static void MakeFor(Peer peer, Address[] groups, Address[] sources)
    {
        if (peer.RoutesOnJoin)
            return;
        using var streams = Load.Datagrams(groups, sources);
        var wanted = peer.Routes().All + streams.Count;
        peer.Streams.Pace(streams, streams.Count, Rate);
        peer.Settle();
        peer.Until(() => peer.Routes().All == wanted, "every stream has its entry", Patience);
    }
}
