using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Tells when to let packets gather. To wake up for a packet costs several times what the packet itself does, so where they come thick and fast the
/// loop naps before it looks again. After a lull the first packets never wait.
/// </summary>
internal sealed class WakeUpModeration
{
    /// <summary>How long a nap is.</summary>
    public static readonly TimeSpan Nap = TimeSpan.FromMicroseconds(150);

    /// <summary>How many wake-ups in a row are closely after one another before there is a nap.</summary>
    public const int InARow = 16;

    /// <summary>How close that is.</summary>
    public static readonly TimeSpan Close = TimeSpan.FromMicroseconds(100);

    private Instant last = Instant.Epoch;
    private int close;

    /// <summary>The loop was woken.</summary>
    /// <param name="packets">How many packets there were.</param>
    /// <param name="now">The present.</param>
    /// <returns>Whether to nap now.</returns>
    public bool Woken(int packets, Instant now)
    {
        // A nap that has brought one packet or none was not worth it.
        var isClose = close >= InARow ? packets > 1 : now - last <= Close;
        last = now;
        close = isClose ? Math.Min(close + 1, InARow) : 0;
        return close >= InARow;
    }
}
