using MulticastLab.Membership.Router;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>
/// What a link adds to the configuration of its interface: the MTU, and its subnets where only senders on the link are accepted.
/// </summary>
internal static class LinkSettings
{
    /// <summary>The settings in force on this link.</summary>
    public static RouterSettings Of(RouterSettings configured, NodeLink link) =>
        configured with { Mtu = link.Mtu, AcceptedSenders = Senders(configured, link) };

    /// <summary>Whether these are the settings in force already, as far as the link has a say.</summary>
    public static bool Agree(RouterSettings inForce, RouterSettings configured, NodeLink link) =>
        inForce.Mtu == link.Mtu && inForce.AcceptedSenders.SequenceEqual(Senders(configured, link));

    // RFC 9776 §9.1, §9.2.
    private static IReadOnlyList<Prefix> Senders(RouterSettings configured, NodeLink link) => configured.OnLinkSendersOnly
        ? [.. configured.AcceptedSenders, .. link.Subnets]
        : configured.AcceptedSenders;
}
