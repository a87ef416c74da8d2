namespace MulticastLab.Packets;

/// <summary>The filter mode of a group, an interface or a socket (RFC 9776 §3).</summary>
public enum FilterMode
{
    /// <summary>Only the listed sources are wanted.</summary>
    Include,

    /// <summary>All sources but the listed ones are wanted.</summary>
    Exclude,
}
