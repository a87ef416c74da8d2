namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// What a simulated LAN, or one port of it, does to the frames that it carries towards a receiver. All random draws come from the lab's
/// seed.
/// </summary>
public sealed record Impairment
{
    /// <summary>A LAN with nothing but its propagation delay.</summary>
    public static Impairment None { get; } = new();

    /// <summary>The probability that a receiver misses a frame: 0 to 1, drawn for each receiver.</summary>
    public double Loss { get; init; }

    /// <summary>What is added to the propagation delay.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The probability that a receiver gets a frame twice: 0 to 1.</summary>
    public double Duplication { get; init; }

    /// <summary>The probability that a frame is held back by <see cref="ReorderingDelay"/>, so that later ones overtake it: 0 to
    /// 1.</summary>
    public double Reordering { get; init; }

    /// <summary>How long a reordered frame is held back: default 1 ms.</summary>
    public TimeSpan ReorderingDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>A partitioned LAN: on a port, the partition it belongs to; frames pass only between ports of the same partition.</summary>
    public int Side { get; init; }

    /// <summary>Nothing passes: on a port, the cable is cut; on a LAN, every port is isolated.</summary>
    public bool Partitioned { get; init; }
}
