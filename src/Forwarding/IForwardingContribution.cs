using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// Something that has a say in where multicast packets go: the members of the LANs, static routes, a proxy, a routing protocol. It says
/// what it wants when asked, and raises <see cref="Changed"/> when its answer may have changed;
/// <see cref="ForwardingDecision"/> merges the answers of all.
/// </summary>
public interface IForwardingContribution
{
    /// <summary>Raised after the answers for these packets may have changed.</summary>
    event Action<ForwardingChange>? Changed;

    /// <summary>The interface where packets are to be taken.</summary>
    /// <param name="source">The source of the packets.</param>
    /// <param name="group">The group to which they are sent.</param>
    /// <param name="arrival">The number of the interface where one has come in.</param>
    /// <returns>
    /// The interface's number; <see cref="ForwardingInterfaces.None"/> to drop them; null, as most do, to leave it to the contributions
    /// that follow and in the end to the reverse path to the source.
    /// </returns>
    int? Incoming(Address source, Address group, int arrival) => null;

    /// <summary>Adds the interfaces where the packets are wanted. Those that others have added stay.</summary>
    /// <param name="source">The source of the packets.</param>
    /// <param name="group">The group to which they are sent.</param>
    /// <param name="outgoing">Takes the interfaces, and knows where the packets come in.</param>
    void AddOutgoing(Address source, Address group, ref OutgoingBuilder outgoing);
}
