using System.Buffers.Binary;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Netlink;

/// <summary>A link as the kernel lists it.</summary>
/// <param name="Index">The interface index.</param>
/// <param name="Name">The name.</param>
/// <param name="Mac">The Ethernet address; zero when it has none.</param>
/// <param name="SetUp">Whether it is set up (IFF_UP).</param>
/// <param name="Operational">Whether it can carry frames: set up, and the carrier is there (RFC 2863 ifOperStatus up).</param>
public sealed record LinkState(int Index, string Name, MacAddress Mac, bool SetUp, bool Operational)
{
    internal const ushort DumpRequest = 18; // RTM_GETLINK
    private const int FixedLength = 16; // struct ifinfomsg
    private const uint FlagUp = 1;
    private const byte OperationalUp = 6;

    internal static ReadOnlySpan<byte> DumpHeader => new byte[FixedLength];

    internal static LinkState? Read(ReadOnlySpan<byte> body)
    {
        const ushort Address = 1;
        const ushort Name = 3;
        const ushort OperationalState = 16;
        var index = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        var name = "";
        var mac = default(MacAddress);
        var operational = false;
        foreach (var attribute in new NetlinkAttributes(body[FixedLength..]))
        {
            switch (attribute.Type)
            {
                case Address when attribute.Value.Length == 6:
                    mac = MacAddress.Read(attribute.Value);
                    break;
                case Name:
                    name = attribute.Text;
                    break;
                case OperationalState:
                    operational = attribute.Value[0] == OperationalUp;
                    break;
            }
        }

        return new LinkState(index, name, mac, (flags & FlagUp) != 0, operational);
    }
}

/// <summary>An address of a link.</summary>
/// <param name="Index">The interface index.</param>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">The length of the subnet's prefix in bits.</param>
public sealed record LinkAddressState(int Index, Address Address, int PrefixLength)
{
    internal const ushort DumpRequest = 22; // RTM_GETADDR
    private const int FixedLength = 8; // struct ifaddrmsg

    internal static ReadOnlySpan<byte> DumpHeader => new byte[FixedLength];

    internal static LinkAddressState? Read(ReadOnlySpan<byte> body)
    {
        const ushort Destination = 1;
        const ushort Local = 2;
        Address? address = null;
        foreach (var attribute in new NetlinkAttributes(body[FixedLength..]))
        {
            // IFA_LOCAL is the interface's own address; IPv6 has only IFA_ADDRESS.
            if (attribute.Type == Local || (attribute.Type == Destination && address is null))
                address = Packets.Address.Read(attribute.Value);
        }

        return address is { } found ? new LinkAddressState(BinaryPrimitives.ReadInt32LittleEndian(body[4..]), found, body[1]) : null;
    }
}
