namespace MulticastLab.Membership.Host;

/// <summary>Why a request of a socket is refused.</summary>
public enum ListenError
{
    /// <summary>The address is not a group address of the protocol.</summary>
    NotAGroup,

    /// <summary>A source is not a unicast address of the protocol.</summary>
    NotASource,

    /// <summary>
    /// The source list, or the merged list of the interface, would exceed <see cref="HostSettings.MaxSources"/> (RFC 9776 §2, §3.2).
    /// </summary>
    TooManySources,

    /// <summary>EXCLUDE mode for a source-specific group (RFC 4604 §2.1).</summary>
    ExcludeInSourceSpecificRange,
}

/// <summary>A request of a socket is refused. The state before it is untouched, and nothing is sent.</summary>
public sealed class ListenException : Exception
{
    /// <summary>Made of the reason and a text that names what is wrong.</summary>
    public ListenException(ListenError error, string message)
        : base(message)
    {
        Error = error;
    }

    /// <summary>Why.</summary>
    public ListenError Error { get; }
}
