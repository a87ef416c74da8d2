using MulticastLab.Daemon.Control;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent;

/// <summary>
/// What may be listened to: the same for both stacks, checked before anything is changed. <c>listen</c> leaves <see cref="Check"/> out.
/// </summary>
internal static class ListenRules
{
    /// <summary>The protocol of the groups that are listened to.</summary>
    public static Dialect Dialect => Dialect.Igmp;

    /// <summary>Reads a group.</summary>
    /// <exception cref="ControlException">Not an IPv4 group that a host can join.</exception>
    public static Address Group(string text)
    {
        if (!Address.TryParse(text, out var group) || !group.IsV4)
            throw ControlException.Usage($"'{text}' is not an IPv4 address");
        if (!group.IsMulticast)
            throw ControlException.Usage($"{text} is not a multicast address (224.0.0.0 to 239.255.255.255)");
        // RFC 9776 §5: all-systems is never reported.
        if (!Dialect.IsReportable(group))
            throw ControlException.Usage($"{text} is not joined: every host listens to it always, and never reports it (RFC 9776 §5)");
        return group;
    }

    /// <summary>Reads a source.</summary>
    /// <exception cref="ControlException">Not an IPv4 unicast address.</exception>
    public static Address Source(string text)
    {
        if (!Address.TryParse(text, out var source) || !source.IsV4)
            throw ControlException.Usage($"'{text}' is not an IPv4 address");
        if (source.IsMulticast || source.IsUnspecified || source.V4Bits == uint.MaxValue)
            throw ControlException.Usage($"{text} cannot be a source: it is not a unicast address");
        return source;
    }

    /// <summary>Reads a socket's name.</summary>
    /// <exception cref="ControlException">It cannot be one.</exception>
    public static string Socket(string text) => HostSockets.IsName(text)
        ? text
        : throw ControlException.Usage($"'{text}' does not name a socket: 1 to 32 letters, digits, hyphens, underscores and dots");

    /// <summary>Checks that a group may be listened to with this filter.</summary>
    /// <exception cref="ControlException">It may not.</exception>
    public static void Check(Address group, SourceFilter filter)
    {
        // RFC 4604 §2.1: a request for any source of a source-specific group is an error.
        if (filter.Mode == FilterMode.Exclude && Dialect.IsSourceSpecific(group))
            throw ControlException.Usage(
                $"{group} is source-specific (232.0.0.0/8): name the sources that are wanted with --include (RFC 4604 §2.1)");
    }
}
