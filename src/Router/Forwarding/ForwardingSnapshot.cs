using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>The router's forwarding at some moment.</summary>
/// <param name="Kernel">Where to read the counters of entries and VIFs.</param>
/// <param name="Entries">The entries.</param>
/// <param name="Vifs">The names of the interfaces by VIF.</param>
/// <param name="Routes">The static routes.</param>
/// <param name="ReversePaths">The overrides of reverse paths.</param>
internal sealed record ForwardingSnapshot(
    MulticastRoutingSocket Kernel,
    IReadOnlyList<SnapshotEntry> Entries,
    IReadOnlyDictionary<int, string> Vifs,
    IReadOnlyList<StaticRoute> Routes,
    IReadOnlyList<ReversePathOverride> ReversePaths);

/// <summary>An entry at some moment.</summary>
/// <param name="Source">The source.</param>
/// <param name="Group">The group.</param>
/// <param name="Path">Where packets are taken and where they go out.</param>
/// <param name="IsStatic">Whether it follows a static route.</param>
internal readonly record struct SnapshotEntry(Address Source, Address Group, ForwardingPath Path, bool IsStatic);
