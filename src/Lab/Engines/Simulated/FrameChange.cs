namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// What becomes of the frames that a node sends and gets at one of its ports, as if its programs had sent and understood others: nothing,
/// the same, or other ones.
/// </summary>
/// <param name="Sent">What is sent instead of a frame.</param>
/// <param name="Received">What is received instead of a frame.</param>
public sealed record FrameChange(
    Func<ReadOnlyMemory<byte>, IEnumerable<ReadOnlyMemory<byte>>> Sent,
    Func<ReadOnlyMemory<byte>, IEnumerable<ReadOnlyMemory<byte>>> Received)
{
    /// <summary>Everything stays as it is.</summary>
    public static FrameChange None { get; } = new(frame => [frame], frame => [frame]);
}
