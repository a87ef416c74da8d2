using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Tells how long to let packets and ends of timers gather. To wake up for one costs many times what it itself does, so where they keep
/// coming closely after one another the loop naps before it looks again. After a lull the first ones never wait.
/// </summary>
internal sealed class WakeUpModeration
{
    /// <summary>The longest nap: what comes at 1,000 a second is still acted on within 5 ms.</summary>
    public static readonly TimeSpan LongestNap = TimeSpan.FromMilliseconds(3);

    /// <summary>The shortest nap: several times what a wake-up takes.</summary>
    public static readonly TimeSpan ShortestNap = TimeSpan.FromMicroseconds(150);

    /// <summary>
    /// How long the end of a timer waits for others at most, and only while there are naps. The protocol counts in tenths of a second (RFC
    /// 9776 §4.1.1), and each leave brings two such ends (§6.6.3.1): at many leaves a second they would leave no time for a nap.
    /// </summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(2);

    /// <summary>How many a nap is to bring, as far as it may be so long.</summary>
    public const int Gathered = 4;

    /// <summary>How many wake-ups in a row are closely after one another before there is a nap.</summary>
    public const int InARow = 16;

    /// <summary>How close that is: a longest nap would bring two.</summary>
    public static readonly TimeSpan Close = LongestNap / 2;

    private Instant last = Instant.Epoch;
    private int close;

    /// <summary>The loop was woken, and has done what there was to do.</summary>
    /// <param name="happened">How many packets there were and timers that ended.</param>
    /// <param name="now">The present.</param>
    /// <param name="nextEnd">When the next timer ends.</param>
    /// <returns>How long to nap now; zero for not at all.</returns>
    public TimeSpan Woken(int happened, Instant now, Instant nextEnd)
    {
        var sinceLast = now - last;
        last = now;
        // A nap that has brought one or none was not worth it.
        var isClose = close >= InARow ? happened > 1 : sinceLast <= Close;
        close = isClose ? Math.Min(close + 1, InARow) : 0;
        if (close < InARow)
            return TimeSpan.Zero;
        var nap = sinceLast * Gathered / Math.Max(happened, 1);
        nap = nap < ShortestNap ? ShortestNap : nap > LongestNap ? LongestNap : nap;
        var latest = nextEnd == Instant.Never ? nap : nextEnd + LongestDelay - now;
        return latest < TimeSpan.Zero ? TimeSpan.Zero : latest < nap ? latest : nap;
    }
}
