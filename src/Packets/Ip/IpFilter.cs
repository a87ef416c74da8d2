namespace MulticastLab.Packets.Ip;

/// <summary>
/// Which IP packets a protocol's messages come in, for filtering packets before they are read: of this family, with this payload, whose
/// first byte, the type, is one of these. They may be otherwise malformed: detecting that is the reader's task.
/// </summary>
/// <param name="AddressLength">The family: 4 for IPv4, 16 for IPv6.</param>
/// <param name="Protocol">The number of the payload; of IPv6 right after its header, or behind a Hop-by-Hop Options header.</param>
/// <param name="Types">The first bytes of the payload; none for all.</param>
public sealed record IpFilter(int AddressLength, byte Protocol, IReadOnlyList<byte> Types)
{
    /// <summary>The EtherType of the family.</summary>
    public ushort EtherType => AddressLength == 4 ? Ethernet.EtherType.Ipv4 : Ethernet.EtherType.Ipv6;

    /// <summary>Whether it is such a packet.</summary>
    /// <param name="packet">An IP packet of the family from its first byte on.</param>
    public bool Matches(ReadOnlySpan<byte> packet)
    {
        var payloadAt = AddressLength == 4 ? PayloadOfIpv4(packet) : PayloadOfIpv6(packet);
        return payloadAt is { } at && (Types.Count == 0 || (at < packet.Length && Types.Contains(packet[at])));
    }

    private int? PayloadOfIpv4(ReadOnlySpan<byte> packet) =>
        packet.Length > Ipv4View.ProtocolAt && packet[Ipv4View.ProtocolAt] == Protocol ? (packet[0] & 0xF) * 4 : null;

    private int? PayloadOfIpv6(ReadOnlySpan<byte> packet)
    {
        if (packet.Length <= Ipv6View.NextHeaderAt)
            return null;
        if (packet[Ipv6View.NextHeaderAt] == Protocol)
            return Ipv6View.HeaderLength;
        return packet[Ipv6View.NextHeaderAt] == IpProtocol.HopByHopOptions && packet.Length > Ipv6View.HeaderLength + 1
            && packet[Ipv6View.HeaderLength] == Protocol
                ? Ipv6View.HeaderLength + ((packet[Ipv6View.HeaderLength + 1] + 1) * 8)
                : null;
    }
}
