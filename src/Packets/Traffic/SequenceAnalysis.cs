namespace MulticastLab.Packets.Traffic;

/// <summary>
/// What arrived of one stream: received, lost, duplicates, reordered, gaps. Exact, however late a datagram comes; memory grows with the
/// number of gaps, not of datagrams. Numbers before the first one received do not count as lost: reception may begin at any time.
/// </summary>
/// <remarks>Not safe for use by several threads at once.</remarks>
public sealed class SequenceAnalysis
{
    // Ascending; what arrives late is near the end as a rule.
    private readonly List<SequenceGap> gaps = [];
    private Instant lastArrival;

    /// <summary>How many different sequence numbers were received.</summary>
    public long Received { get; private set; }

    /// <summary>How many numbers between the lowest and the highest received never arrived.</summary>
    public ulong Lost { get; private set; }

    /// <summary>How many datagrams came again.</summary>
    public long Duplicates { get; private set; }

    /// <summary>How many came after one with a higher number.</summary>
    public long Reordered { get; private set; }

    /// <summary>The lowest number received; 0 when there is none.</summary>
    public ulong First { get; private set; }

    /// <summary>The highest number received; 0 when there is none.</summary>
    public ulong Last { get; private set; }

    /// <summary>When the first datagram to arrive did.</summary>
    public Instant FirstAt { get; private set; }

    /// <summary>When the latest datagram to arrive did.</summary>
    public Instant LastAt { get; private set; }

    /// <summary>The gaps, ascending.</summary>
    public IReadOnlyList<SequenceGap> Gaps => gaps;

    /// <summary>A datagram was received.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="at">When; the receipts come in the order of time.</param>
    public void Add(ulong sequence, Instant at)
    {
        if (Received == 0)
        {
            (First, Last, FirstAt) = (sequence, sequence, at);
            lastArrival = at;
            Received = 1;
        }
        else if (sequence > Last)
        {
            if (sequence - Last > 1)
                Miss(gaps.Count, new SequenceGap(Last + 1, sequence - 1, lastArrival, at));
            Last = sequence;
            lastArrival = at;
            Received++;
        }
        else if (sequence < First)
        {
            if (First - sequence > 1)
                Miss(0, new SequenceGap(sequence + 1, First - 1, FirstAt, FirstAt));
            First = sequence;
            Received++;
            Reordered++;
        }
        else if (GapWith(sequence) is >= 0 and var index)
        {
            Fill(index, sequence);
            Received++;
            Reordered++;
        }
        else
        {
            Duplicates++;
        }

        LastAt = at;
    }

    private void Miss(int index, SequenceGap gap)
    {
        gaps.Insert(index, gap);
        Lost += gap.Count;
    }

    private void Fill(int index, ulong sequence)
    {
        var gap = gaps[index];
        gaps.RemoveAt(index);
        Lost--;
        if (sequence < gap.To)
            gaps.Insert(index, gap with { From = sequence + 1 });
        if (sequence > gap.From)
            gaps.Insert(index, gap with { To = sequence - 1 });
    }

    private int GapWith(ulong sequence)
    {
        var (low, high) = (0, gaps.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (sequence < gaps[middle].From)
                high = middle - 1;
            else if (sequence > gaps[middle].To)
                low = middle + 1;
            else
                return middle;
        }

        return -1;
    }
}
