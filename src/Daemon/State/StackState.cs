using MulticastLab.Membership.Host;

namespace MulticastLab.Daemon.State;

/// <summary>The reception state of a host's interface, as the host agent's <c>show</c> tells it.</summary>
/// <param name="Stack">Whose stack: kernel, user.</param>
/// <param name="Interface">The interface.</param>
/// <param name="CompatibilityMode">The IGMP version that it speaks now (RFC 9776 §7.2.1).</param>
/// <param name="CompatibilityModeExpires">In how many whole milliseconds it is to speak a newer one if no older querier is heard again;
/// null when nothing of the kind is known.</param>
/// <param name="Groups">The groups, ascending, with the merged filters of the sockets (RFC 9776 §3.2).</param>
/// <param name="Sockets">What each socket wants of each group that it has joined; empty while only the default one has
/// joined any.</param>
/// <param name="Differences">Where the kernel's state differs from what it should be; empty when all is well.</param>
public sealed record StackState(
    string Stack,
    string Interface,
    int CompatibilityMode,
    long? CompatibilityModeExpires,
    IReadOnlyList<ReceptionState> Groups,
    IReadOnlyList<SocketState> Sockets,
    IReadOnlyList<string> Differences);
