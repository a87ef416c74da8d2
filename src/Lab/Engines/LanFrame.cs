using System.Globalization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Lab.Engines;

/// <summary>What a LAN can carry.</summary>
internal static class LanFrame
{
    private const int LongestPayload = 1500;

    /// <summary>Makes sure that the topology has the LAN and that it can carry the frame.</summary>
    /// <exception cref="ArgumentException">It has not, or cannot.</exception>
    internal static void Check(Topology topology, string lan, ReadOnlyMemory<byte> frame)
    {
        if (!topology.Lans.Contains(lan))
            throw new ArgumentException($"{topology.Name} has no LAN {lan}; it has {string.Join(", ", topology.Lans)}.", nameof(lan));
        if (frame.Length is < EthernetView.HeaderLength or > EthernetView.HeaderLength + LongestPayload)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A frame has {EthernetView.HeaderLength} to {EthernetView.HeaderLength + LongestPayload} bytes, not {frame.Length}."),
                nameof(frame));
        }
    }
}
