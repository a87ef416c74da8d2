namespace MulticastLab.Packets.Igmp;

/// <summary>A received IPv4 packet that holds one valid IGMP message: checked once, then read in place.</summary>
public readonly ref struct IgmpPacket
{
    /// <summary>Checks and views an IPv4 packet (no link-layer header; bytes after the IP total length are ignored).</summary>
    /// <param name="ipPacket">The packet, from its IPv4 header on.</param>
    /// <param name="packet">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    /// <returns>The first thing that is wrong, in the order of the layers.</returns>
    public static PacketError TryRead(ReadOnlySpan<byte> ipPacket, out IgmpPacket packet) => throw new NotImplementedException();

    /// <summary>Source, destination, TTL and Router Alert.</summary>
    public Envelope Envelope => throw new NotImplementedException();

    /// <summary>The message type: always one of the known ones.</summary>
    public IgmpType Type => throw new NotImplementedException();

    /// <summary>The group of a version 1 or 2 report or leave.</summary>
    public Address Group => throw new NotImplementedException();

    /// <summary>The query; only for <see cref="IgmpType.MembershipQuery"/>.</summary>
    public Query Query => throw new NotImplementedException();

    /// <summary>The report; only for <see cref="IgmpType.V3MembershipReport"/>.</summary>
    public Report Report => throw new NotImplementedException();
}
