namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>A kind of router that can be compared.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Missing">What is missing on this machine, and how to get it; null when nothing is.</param>
/// <param name="Create">Makes one in a test bed, not started.</param>
internal sealed record PeerKind(string Name, string Title, string? Missing, Func<Peer> Create)
{
    public static readonly PeerKind Ours = new("ours", "ours", null, () => new OurRouter(TestBed.Create(isRouted: true)));

    public static readonly PeerKind Frr = new("frr", "FRR", FrrRouter.Missing, () => new FrrRouter(TestBed.Create(isRouted: true)));

    public static readonly PeerKind Bridge = new("bridge", "bridge", null, () => new LinuxBridge(TestBed.Create(isRouted: false)));

    public static readonly IReadOnlyList<PeerKind> All = [Ours, Frr, Bridge];

    /// <summary>One that has come up.</summary>
    /// <param name="isCold">Nothing has been rehearsed.</param>
    public Peer Start(bool isCold)
    {
        var peer = Create();
        try
        {
            peer.Start(isCold);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }
}
