using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>
/// An entry of the multicast forwarding cache (MFC): where the packets of a source and a group come in and where they go out. The most
/// specific entry wins: (S,G), then (*,G), then (*,*).
/// </summary>
/// <param name="Source">The source; 0.0.0.0 stands for all.</param>
/// <param name="Group">The group; 0.0.0.0, with all sources only, stands for all.</param>
/// <param name="Incoming">The VIF on which packets are taken, 0 to 31.</param>
/// <param name="Outgoing">Where they go out; nowhere drops them in the kernel.</param>
public readonly record struct MfcEntry(Address Source, Address Group, int Incoming, OutgoingInterfaces Outgoing)
{
    /// <summary>Whether it is one of a tree that many sources share: (*,G) or (*,*).</summary>
    public bool IsProxy => Source.IsUnspecified;

    /// <summary>
    /// (*,G): packets of any source to the group. The kernel applies it to packets that come in on one of its interfaces, so the incoming
    /// one is added to them here; packets never go back where they came from. Packets that come in on another than
    /// <paramref name="incoming"/> are accepted only where <see cref="AllToUpstream"/> has an entry of the same upstream with that
    /// interface.
    /// </summary>
    public static MfcEntry AnySource(Address group, int incoming, OutgoingInterfaces outgoing) =>
        new(Address.AnyV4, group, incoming, outgoing.Contains(incoming) ? outgoing : outgoing.With(incoming));

    /// <summary>
    /// (*,*): packets of any source and group that come in on one of the downstream interfaces go to the upstream one only. One such
    /// entry per upstream.
    /// </summary>
    public static MfcEntry AllToUpstream(int upstream, OutgoingInterfaces downstream) =>
        new(Address.AnyV4, Address.AnyV4, upstream, downstream.Contains(upstream) ? downstream : downstream.With(upstream));
}
