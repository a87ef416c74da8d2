using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Wake-up moderation: decides how long to let packets and timer expirations accumulate. Waking up for one costs many times its own
/// processing, so while they keep arriving in quick succession the loop sleeps briefly before it looks again. After a lull the first ones
/// never wait.
/// </summary>
internal sealed class WakeUpModeration
{
    /// <summary>The longest sleep: at 1,000 a second everything is still handled within 5 ms.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(3);

    /// <summary>The shortest sleep: several times the cost of a wake-up.</summary>
    public static readonly TimeSpan ShortestSleep = TimeSpan.FromMicroseconds(150);

    /// <summary>
    /// How long the expiry of a timer waits for others at most, and only while the loop sleeps. The protocol counts in tenths of a second
    /// (RFC 9776 §4.1.1), and each leave brings two such expirations (§6.6.3.1): at many leaves a second they would leave no time to sleep.
    /// </summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(2);

    /// <summary>How many a sleep is to accumulate, as far as its limits allow.</summary>
    public const int Gathered = 4;

    /// <summary>How many wake-ups in quick succession there are before the loop sleeps.</summary>
    public const int InARow = 16;

    /// <summary>What quick succession is: the longest sleep would accumulate two.</summary>
    public static readonly TimeSpan Close = LongestSleep / 2;

    private Instant last = Instant.Epoch;
    private int close;

    /// <summary>The loop was woken, and has done all its work.</summary>
    /// <param name="happened">How many packets arrived and timers expired.</param>
    /// <param name="now">The present.</param>
    /// <param name="nextEnd">When the next timer expires.</param>
    /// <returns>How long to sleep now; zero for not at all.</returns>
    public TimeSpan Woken(int happened, Instant now, Instant nextEnd)
    {
        var sinceLast = now - last;
        last = now;
        // A sleep that has accumulated one or none was not worth it.
        var isClose = close >= InARow ? happened > 1 : sinceLast <= Close;
        close = isClose ? Math.Min(close + 1, InARow) : 0;
        if (close < InARow)
            return TimeSpan.Zero;
        var sleep = sinceLast * Gathered / Math.Max(happened, 1);
        sleep = sleep < ShortestSleep ? ShortestSleep : sleep > LongestSleep ? LongestSleep : sleep;
        var latest = nextEnd == Instant.Never ? sleep : nextEnd + LongestDelay - now;
        return latest < TimeSpan.Zero ? TimeSpan.Zero : latest < sleep ? latest : sleep;
    }
}
