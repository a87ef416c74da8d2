using MulticastLab.Membership.Node;
using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>The members of the LANs as a contribution: packets go out where the forwarding decision of RFC 9776 §6.3 wants them.</summary>
public sealed class MembershipContribution : IForwardingContribution
{
    private readonly List<NodeInterface> lans = [];

    /// <inheritdoc/>
    public event Action<ForwardingChange>? Changed;

    /// <summary>Takes the members of one more LAN into account.</summary>
    /// <param name="lan">The router's interface there, with a number from 0 to 31.</param>
    public void Add(NodeInterface lan)
    {
        lans.Add(lan);
        Changed?.Invoke(ForwardingChange.Everything);
    }

    /// <summary>No longer takes the members of a LAN into account.</summary>
    public void Remove(int number)
    {
        lans.RemoveAll(each => each.Number == number);
        Changed?.Invoke(ForwardingChange.Everything);
    }

    /// <summary>Some LAN's members want other packets of a group than before: the core's effect <c>ForwardingChanged</c>.</summary>
    public void GroupChanged(Address group) => Changed?.Invoke(ForwardingChange.Of(group));

    /// <inheritdoc/>
    public void AddOutgoing(Address source, Address group, ref OutgoingBuilder outgoing)
    {
        foreach (var lan in lans)
        {
            if (outgoing.Accepts(lan.Number) && lan.Forwards(source, group))
                outgoing.Add(lan.Number);
        }
    }
}
