using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>The router's forwarding at some moment.</summary>
/// <param name="Kernel">Whom to ask what entries and VIFs have seen.</param>
/// <param name="Entries">The entries.</param>
/// <param name="Vifs">The VIFs and the names of their interfaces.</param>
/// <param name="Routes">The static routes.</param>
/// <param name="ReversePaths">The overrides of ways back.</param>
internal sealed record ForwardingSnapshot(
    MulticastRoutingSocket Kernel,
    IReadOnlyList<SnapshotEntry> Entries,
    IReadOnlyList<(int Vif, string Interface)> Vifs,
    IReadOnlyList<StaticRoute> Routes,
    IReadOnlyList<ReversePathOverride> ReversePaths);

/// <summary>An entry at some moment.</summary>
/// <param name="Source">The source.</param>
/// <param name="Group">The group.</param>
/// <param name="Incoming">The interface where packets are taken; null when from nowhere.</param>
/// <param name="Outgoing">Where they go out.</param>
/// <param name="IsStatic">Whether it goes by a static route.</param>
internal sealed record SnapshotEntry(Address Source, Address Group, string? Incoming, IReadOnlyList<StaticOutput> Outgoing, bool IsStatic);
