namespace MulticastLab.Forwarding;

/// <summary>The reverse path to a source: its packets are accepted there and nowhere else (reverse path forwarding).</summary>
/// <param name="Kind">Whether there is one.</param>
/// <param name="InterfaceIndex">The system's index of the interface that the unicast route names.</param>
/// <param name="InterfaceName">The name of the interface that an override names.</param>
public readonly record struct ReversePath(ReversePathKind Kind, int InterfaceIndex = 0, string? InterfaceName = null);

/// <summary>The kinds of <see cref="ReversePath"/>.</summary>
public enum ReversePathKind
{
    /// <summary>There is no route to the source.</summary>
    None,

    /// <summary>The source is this host: the kernel does not accept its address from elsewhere.</summary>
    Own,

    /// <summary>The interface of the route to the source; for a directly connected source, its link.</summary>
    Route,

    /// <summary>The interface that an override names.</summary>
    Override,
}
