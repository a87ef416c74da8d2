using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ip;

namespace MulticastLab.LabRunner.Captures;

/// <summary>A packet of a capture, numbered and decoded.</summary>
/// <param name="Number">Its number in the capture, from 1.</param>
/// <param name="Packet">The packet.</param>
/// <param name="Frame">What it says.</param>
internal sealed record InspectedFrame(int Number, CapturedPacket Packet, DecodedFrame Frame)
{
    /// <summary>Whether it is of IP's protocol IGMP, however much of the message there is.</summary>
    public bool IsIgmp => IpProtocols.Contains($"{IpProtocol.Igmp}");

    /// <summary>Whether it ends before the protocol is known.</summary>
    public bool EndsBeforeItsProtocol => (Frame.EndsWithinHeader || Frame.Error != PacketError.None) && IpProtocols.Count == 0;

    private List<string> IpProtocols => [.. Frame.Fields("ip.proto").Select(each => each.Value)];
}
