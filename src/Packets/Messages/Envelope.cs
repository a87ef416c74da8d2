namespace MulticastLab.Packets;

/// <summary>What the IP header says of a received message; acceptance rules look at it before the protocol core does.</summary>
/// <param name="Source">The IP source address; 0.0.0.0 occurs.</param>
/// <param name="Destination">The IP destination address.</param>
/// <param name="TimeToLive">TTL or hop limit as received.</param>
/// <param name="RouterAlert">Whether a Router Alert option of value 0 was present (RFC 2113).</param>
public readonly record struct Envelope(Address Source, Address Destination, byte TimeToLive, bool RouterAlert);
