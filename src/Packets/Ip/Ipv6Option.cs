namespace MulticastLab.Packets.Ip;

/// <summary>The IPv6 option types that matter here, and the walk through an options header (RFC 8200 §4.2, RFC 2711).</summary>
internal static class Ipv6Option
{
    /// <summary>Pad1: one byte, without a length.</summary>
    public const byte Pad1 = 0;

    /// <summary>PadN: as long as its length says.</summary>
    public const byte PadN = 1;

    /// <summary>Router Alert: skipped by those who do not know it; two bytes of value (RFC 2711 §2.1).</summary>
    public const byte RouterAlert = 5;

    /// <summary>The length of a Hop-by-Hop Options header with Router Alert and PadN.</summary>
    public const int RouterAlertHeaderLength = 8;

    private const int RouterAlertValueLength = 2;

    // The two highest bits of a type: 0 means that a node which does not know the option skips it, anything else that it discards the
    // packet.
    private const int ActionBits = 0xC0;

    /// <summary>Walks the options of a header.</summary>
    /// <param name="options">What comes after its Next Header and Hdr Ext Len.</param>
    /// <param name="routerAlert">Whether a Router Alert of value 0, which is MLD's, is among them.</param>
    /// <returns>The first thing that is wrong.</returns>
    public static PacketError Walk(ReadOnlySpan<byte> options, out bool routerAlert)
    {
        routerAlert = false;
        while (!options.IsEmpty)
        {
            if (options[0] == Pad1)
            {
                options = options[1..];
                continue;
            }

            if (options.Length < 2 || options.Length < 2 + options[1])
                return PacketError.Ipv6Options;
            if (options[0] == RouterAlert)
                routerAlert |= options[1] == RouterAlertValueLength && options[2] == 0 && options[3] == 0;
            else if ((options[0] & ActionBits) != 0)
                return PacketError.Ipv6UnknownOption;
            options = options[(2 + options[1])..];
        }

        return PacketError.None;
    }

    /// <summary>Writes the Hop-by-Hop Options header of MLD: Router Alert of value 0, and two bytes of padding.</summary>
    /// <param name="header">Eight bytes.</param>
    /// <param name="nextHeader">What comes after it.</param>
    public static void WriteRouterAlertHeader(Span<byte> header, byte nextHeader)
    {
        ReadOnlySpan<byte> bytes = [nextHeader, 0, RouterAlert, RouterAlertValueLength, 0, 0, PadN, 0];
        bytes.CopyTo(header);
    }
}
