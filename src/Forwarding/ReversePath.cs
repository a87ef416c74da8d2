namespace MulticastLab.Forwarding;

/// <summary>The reverse path to a source: packets of it are taken from there and from nowhere else (reverse path forwarding).</summary>
/// <param name="Kind">Whether there is one.</param>
/// <param name="InterfaceIndex">The system's index of the interface that the unicast route names.</param>
/// <param name="InterfaceName">The name of the interface that an override names.</param>
public readonly record struct ReversePath(ReversePathKind Kind, int InterfaceIndex = 0, string? InterfaceName = null);

/// <summary>The kinds of <see cref="ReversePath"/>.</summary>
public enum ReversePathKind
{
    /// <summary>There is no route to the source.</summary>
    None,

    /// <summary>The source is this host: the kernel lets its address in from nowhere else.</summary>
    Own,

    /// <summary>The interface of the route to the source; of one that is directly connected, its link.</summary>
    Route,

    /// <summary>The interface that an override names.</summary>
    Override,
}
