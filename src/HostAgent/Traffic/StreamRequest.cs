using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.HostAgent.Traffic;

/// <summary>A stream of numbered datagrams to send.</summary>
internal sealed record StreamRequest
{
    /// <summary>The default time between datagrams: 20 ms.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The destination group.</summary>
    public required Address Group { get; init; }

    /// <summary>The destination port.</summary>
    public ushort Port { get; init; } = StreamDatagram.DefaultPort;

    /// <summary>The source address; null for the interface's own.</summary>
    public Address? Source { get; init; }

    /// <summary>The time between datagrams: 1 µs or more.</summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>How many datagrams; null for no end.</summary>
    public ulong? Count { get; init; }

    /// <summary>The time to live; 8 crosses the routers of a lab.</summary>
    public byte TimeToLive { get; init; } = 8;
}
