namespace MulticastLab.Router.Daemon;

/// <summary>
/// Collects the runtime's garbage often and little. Left to itself the runtime lets some 6 MB come together, and new groups, which all
/// stay, take 4 to 8 ms to be gone through then, during which nobody is heard.
/// </summary>
/// <param name="collect">Collects what is young.</param>
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

    /// <summary>The thread has done a piece of work.</summary>
    public void AfterTurn()
    {
        if (GC.GetAllocatedBytesForCurrentThread() - collectedAt < Portion)
            return;
        collect();
        collectedAt = GC.GetAllocatedBytesForCurrentThread();
    }
}
