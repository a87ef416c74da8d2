using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Tells how long to let packets gather. To wake up for a packet costs many times what the packet itself does, so where they keep coming closely after
/// one another the loop naps before it looks again. After a lull the first packets never wait.
/// </summary>
internal sealed class WakeUpModeration
{
    /// <summary>The longest nap: what comes at 1,000 a second is still acted on within 5 ms.</summary>
    public static readonly TimeSpan LongestNap = TimeSpan.FromMilliseconds(3);

    /// <summary>The shortest nap: several times what a wake-up takes.</summary>
    public static readonly TimeSpan ShortestNap = TimeSpan.FromMicroseconds(150);

    /// <summary>How many packets a nap is to bring, as far as it may be so long.</summary>
    public const int Gathered = 4;

    /// <summary>How many wake-ups in a row are closely after one another before there is a nap.</summary>
    public const int InARow = 16;

    /// <summary>How close that is: a longest nap would bring two.</summary>
    public static readonly TimeSpan Close = LongestNap / 2;

    private Instant last = Instant.Epoch;
    private int close;

    /// <summary>The loop was woken.</summary>
    /// <param name="packets">How many packets there were.</param>
    /// <param name="now">The present.</param>
    /// <returns>How long to nap now; zero for not at all.</returns>
    public TimeSpan Woken(int packets, Instant now)
    {
        var sinceLast = now - last;
        last = now;
        // A nap that has brought one packet or none was not worth it.
        var isClose = close >= InARow ? packets > 1 : sinceLast <= Close;
        close = isClose ? Math.Min(close + 1, InARow) : 0;
        if (close < InARow)
            return TimeSpan.Zero;
        var nap = sinceLast * Gathered / Math.Max(packets, 1);
        return nap < ShortestNap ? ShortestNap : nap > LongestNap ? LongestNap : nap;
    }
}
