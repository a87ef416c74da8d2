using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>The packets for which the forwarding decision may have changed.</summary>
/// <param name="Source">The source; null for all.</param>
/// <param name="Group">The group; null for all.</param>
public readonly record struct ForwardingChange(Address? Source, Address? Group)
{
    /// <summary>All packets.</summary>
    public static ForwardingChange Everything => default;

    /// <summary>The packets of any source to a group.</summary>
    public static ForwardingChange Of(Address group) => new(null, group);

    /// <summary>The packets of a source to a group.</summary>
    public static ForwardingChange Of(Address source, Address group) => new(source, group);

    /// <summary>Whether it is about packets of this source to this group.</summary>
    public bool Concerns(Address source, Address group) => (Source ?? source) == source && (Group ?? group) == group;
}
