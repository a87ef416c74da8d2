using MulticastLab.Linux.Links;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>What a link adds to the configuration of its interface: the MTU, and the subnets of its addresses where only their senders count.</summary>
internal static class LinkSettings
{
    /// <summary>The settings in force on this link.</summary>
    public static RouterSettings Of(RouterSettings configured, Link link) => configured with { Mtu = link.Mtu, AcceptedSenders = Senders(configured, link) };

    /// <summary>Whether these are the settings in force already, as far as the link has a say.</summary>
    public static bool Agree(RouterSettings inForce, RouterSettings configured, Link link) =>
        inForce.Mtu == link.Mtu && inForce.AcceptedSenders.SequenceEqual(Senders(configured, link));

    private static IReadOnlyList<Prefix> Senders(RouterSettings configured, Link link) => configured.OnLinkSendersOnly
        ? [.. configured.AcceptedSenders, .. link.Addresses.Select(each => new Prefix(each.Address, each.PrefixLength))]
        : configured.AcceptedSenders;
}
