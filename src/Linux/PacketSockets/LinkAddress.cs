using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>struct sockaddr_ll (packet(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkAddress
{
    private ushort family;
    private ushort protocol;
    private int interfaceIndex;
    private ushort hardwareType;
    private byte packetType;
    private byte addressLength;
    private EightBytes address;

    /// <summary>Where to bind or send to.</summary>
    public LinkAddress(int interfaceIndex, ushort protocol, MacAddress mac = default)
    {
        family = SocketConstants.FamilyPacket;
        this.protocol = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(protocol);
        this.interfaceIndex = interfaceIndex;
        addressLength = 6;
        mac.Write(address);
    }

    /// <summary>The EtherType in network byte order.</summary>
    public readonly ushort Protocol => protocol;

    /// <summary>The interface index.</summary>
    public readonly int InterfaceIndex => interfaceIndex;

    /// <summary>sll_pkttype.</summary>
    public readonly byte PacketType => packetType;

    /// <summary>The link-layer address.</summary>
    public readonly MacAddress Mac => MacAddress.Read(address);

    [InlineArray(8)]
    private struct EightBytes
    {
        private byte first;
    }
}
