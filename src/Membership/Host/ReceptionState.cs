using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>The reception state of a group (RFC 9776 §3.2): what the sockets ask for, merged.</summary>
/// <param name="Group">The group.</param>
/// <param name="Mode">INCLUDE or EXCLUDE.</param>
/// <param name="Sources">The source list, ascending.</param>
public sealed record ReceptionState(Address Group, FilterMode Mode, IReadOnlyList<Address> Sources);
