namespace MulticastLab.Packets;

/// <summary>Every way in which a received packet can be wrong, each with a counter of its own.</summary>
public enum PacketError
{
    /// <summary>Nothing is wrong.</summary>
    None,
}
