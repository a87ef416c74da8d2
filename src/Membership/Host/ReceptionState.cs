using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>The reception state of a group (RFC 9776 §3.2): what the sockets ask for, merged.</summary>
/// <param name="Group">The group.</param>
/// <param name="Filter">The filter mode and the source list.</param>
public sealed record ReceptionState(Address Group, SourceFilter Filter)
{
    /// <summary>INCLUDE or EXCLUDE.</summary>
    public FilterMode Mode => Filter.Mode;

    /// <summary>The source list, ascending.</summary>
    public IReadOnlyList<Address> Sources => Filter.Sources;
}
