namespace MulticastLab.Router.Daemon;

/// <summary>
/// Collects the runtime's garbage in frequent small steps. Left to itself the runtime lets some 6 MB accumulate, and new groups, which all
/// survive, then take 4 to 8 ms to be traversed, during which no packet is handled.
/// </summary>
/// <param name="collect">Collects the young generations.</param>
internal sealed class GarbagePacing(Action collect)
{
    /// <summary>
    /// How much the thread allocates between two collections, in bytes: some 1,900 new groups, about a millisecond's work.
    /// </summary>
    public const long Portion = 512 << 10;

    private long collectedAt = GC.GetAllocatedBytesForCurrentThread();

    /// <summary>Collects generation 0 and 1: what has lived through one collection is old from then on.</summary>
    public GarbagePacing()
        : this(() => GC.Collect(1, GCCollectionMode.Forced, blocking: true))
    {
    }

    /// <summary>The thread has completed a piece of work.</summary>
    public void AfterTurn()
    {
        if (GC.GetAllocatedBytesForCurrentThread() - collectedAt < Portion)
            return;
        collect();
        collectedAt = GC.GetAllocatedBytesForCurrentThread();
    }
}
