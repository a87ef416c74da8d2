namespace MulticastLab.Packets.Ip;

/// <summary>The IPv4 option types that matter here (RFC 791 §3.1, RFC 2113).</summary>
internal static class Ipv4Option
{
    /// <summary>End of Option List: one byte, nothing follows.</summary>
    public const byte End = 0;

    /// <summary>No Operation: one byte.</summary>
    public const byte NoOperation = 1;

    /// <summary>Router Alert: copied, class 0, number 20; four bytes (RFC 2113 §2.1).</summary>
    public const byte RouterAlert = 148;

    /// <summary>The length of the Router Alert option.</summary>
    public const int RouterAlertLength = 4;

    /// <summary>Walks an option list.</summary>
    /// <param name="options">The bytes between the fixed header and the payload.</param>
    /// <param name="routerAlert">Whether a Router Alert of value 0 is among them; other values are reserved and ignored (RFC 2113
    /// §2.1).</param>
    /// <returns>False when an option's length is impossible.</returns>
    public static bool TryWalk(ReadOnlySpan<byte> options, out bool routerAlert)
    {
        routerAlert = false;
        while (!options.IsEmpty)
        {
            if (options[0] == End)
                return true;
            if (options[0] == NoOperation)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                return false;
            routerAlert |= options[0] == RouterAlert && options[1] == RouterAlertLength && options[2] == 0 && options[3] == 0;
            options = options[options[1]..];
        }

        return true;
    }
}
