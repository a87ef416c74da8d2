namespace MulticastLab.HostAgent.Traffic;

/// <summary>
/// Minimum, mean and maximum of the delays of a stream's datagrams. Meaningful where sender and receiver share a clock; may be negative
/// where not.
/// </summary>
internal sealed class Delays
{
    private long count;
    private Int128 sum;

    /// <summary>The minimum; zero before there is any.</summary>
    public TimeSpan Least { get; private set; }

    /// <summary>The maximum; zero before there is any.</summary>
    public TimeSpan Most { get; private set; }

    /// <summary>The mean; zero before there is any.</summary>
    public TimeSpan Mean => count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)(sum / count));

    /// <summary>One more.</summary>
    public void Add(TimeSpan delay)
    {
        Least = count == 0 || delay < Least ? delay : Least;
        Most = count == 0 || delay > Most ? delay : Most;
        sum += delay.Ticks;
        count++;
    }
}
