using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>Where packets of a source to a group are taken, and where they go out.</summary>
/// <param name="Incoming">The number of the interface where they are taken; <see cref="ForwardingInterfaces.None"/> for none: they are
/// dropped.</param>
/// <param name="Outgoing">The interfaces where they go out.</param>
public readonly record struct ForwardingPath(int Incoming, OutgoingInterfaces Outgoing)
{
    /// <summary>They are accepted nowhere.</summary>
    public static ForwardingPath Nowhere { get; } = new(ForwardingInterfaces.None, OutgoingInterfaces.None);
}
