namespace MulticastLab.Packets.Captures;

/// <summary>Which way a packet went, seen from the interface: the lowest two bits of <c>epb_flags</c>.</summary>
public enum PacketDirection
{
    /// <summary>Not told.</summary>
    Unknown,

    /// <summary>Received.</summary>
    Inbound,

    /// <summary>Sent.</summary>
    Outbound,
}
