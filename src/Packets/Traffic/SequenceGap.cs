namespace MulticastLab.Packets.Traffic;

/// <summary>A run of sequence numbers that never arrived.</summary>
/// <param name="From">The first missing number.</param>
/// <param name="To">The last missing number.</param>
/// <param name="Before">When the last datagram before the gap was received.</param>
/// <param name="After">When the first datagram after the gap was received.</param>
public readonly record struct SequenceGap(ulong From, ulong To, Instant Before, Instant After)
{
    /// <summary>How many are missing.</summary>
    public ulong Count => To - From + 1;

    /// <summary>The time without a datagram.</summary>
    public TimeSpan Duration => After - Before;
}
