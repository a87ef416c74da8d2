using System.Buffers.Binary;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Links;

/// <summary>A change that <see cref="LinkSocket.Execute"/> has the kernel make.</summary>
public abstract record LinkRequest
{
    /// <summary>The longest interface name, in bytes.</summary>
    public const int LongestName = 15;

    private const uint FlagUp = 1;

    /// <summary>What is asked, for error messages: "add bridge lan1".</summary>
    public abstract string Description { get; }

    private protected const ushort RequestAcknowledge = 0x5;
    private protected const ushort CreateExclusive = 0x600;
    private protected const ushort AttributeAddress = 1;
    private protected const ushort AttributeName = 3;
    private protected const ushort AttributeMaster = 10;
    private protected const ushort AttributeLinkInfo = 18;
    private protected const ushort AttributeNamespace = 28; // IFLA_NET_NS_FD
    private protected const ushort AttributeTransmitQueues = 31;
    private protected const ushort AttributeReceiveQueues = 32;
    private protected const ushort InfoKind = 1;
    private protected const ushort InfoData = 2;

    internal abstract void Write(NetlinkWriter writer, uint sequence);

    /// <summary>struct ifinfomsg: family, type, index, flags, mask of the flags to change.</summary>
    private protected static void WriteFixed(NetlinkWriter writer, int index, bool? up)
    {
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], up == true ? FlagUp : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], up is null ? 0 : FlagUp);
        writer.Raw(header);
    }

    private protected static void WriteMac(NetlinkWriter writer, MacAddress mac)
    {
        Span<byte> bytes = stackalloc byte[6];
        mac.Write(bytes);
        writer.Attribute(AttributeAddress, bytes);
    }
}

/// <summary>Adds a bridge, up: no spanning tree, no snooping, no querier: a plain learning LAN.</summary>
/// <param name="Index">The interface index that it is to have.</param>
/// <param name="Name">Its name.</param>
public sealed record AddBridge(int Index, string Name) : LinkRequest
{
    /// <inheritdoc/>
    public override string Description => $"add bridge {Name}";

    internal override void Write(NetlinkWriter writer, uint sequence)
    {
        const ushort SpanningTree = 5; // IFLA_BR_STP_STATE
        const ushort Snooping = 23; // IFLA_BR_MCAST_SNOOPING
        var message = writer.BeginMessage(LinkMessage.NewLink, RequestAcknowledge | CreateExclusive, sequence);
        WriteFixed(writer, Index, up: true);
        writer.Attribute(AttributeName, Name);
        var info = writer.BeginAttribute(AttributeLinkInfo);
        writer.Attribute(InfoKind, "bridge");
        var data = writer.BeginAttribute(InfoData);
        writer.Attribute(SpanningTree, 0U);
        writer.Attribute(Snooping, (byte)0);
        writer.EndAttribute(data);
        writer.EndAttribute(info);
        writer.EndMessage(message);
    }
}

/// <summary>
/// Adds a pair of virtual Ethernet interfaces, one here, up, as a port of a bridge; its peer, down, in another network namespace.
/// </summary>
/// <param name="Index">The interface index of the end that is here.</param>
/// <param name="Name">The name of the end that is here.</param>
/// <param name="Bridge">The bridge's interface index.</param>
/// <param name="PeerName">The name of the other end.</param>
/// <param name="PeerMac">The Ethernet address of the other end.</param>
/// <param name="PeerNamespace">The network namespace of the other end.</param>
public sealed record AddVethPair(int Index, string Name, int Bridge, string PeerName, MacAddress PeerMac, FileDescriptor PeerNamespace)
    : LinkRequest
{
    /// <inheritdoc/>
    public override string Description => $"add the veth pair {Name} - {PeerName}";

    internal override void Write(NetlinkWriter writer, uint sequence)
    {
        const ushort Peer = 1; // VETH_INFO_PEER
        var message = writer.BeginMessage(LinkMessage.NewLink, RequestAcknowledge | CreateExclusive, sequence);
        WriteFixed(writer, Index, up: true);
        writer.Attribute(AttributeName, Name);
        writer.Attribute(AttributeMaster, (uint)Bridge);
        // One queue each: frames stay in order, and the pair is cheaper to make.
        writer.Attribute(AttributeTransmitQueues, 1U);
        writer.Attribute(AttributeReceiveQueues, 1U);
        var info = writer.BeginAttribute(AttributeLinkInfo);
        writer.Attribute(InfoKind, "veth");
        var data = writer.BeginAttribute(InfoData);
        var peer = writer.BeginAttribute(Peer);
        // The kernel makes the peer first, and cannot set it up (ENOTCONN) before this end is there.
        WriteFixed(writer, 0, up: null);
        writer.Attribute(AttributeName, PeerName);
        WriteMac(writer, PeerMac);
        writer.Attribute(AttributeTransmitQueues, 1U);
        writer.Attribute(AttributeReceiveQueues, 1U);
        writer.Attribute(AttributeNamespace, (uint)PeerNamespace.Number);
        writer.EndAttribute(peer);
        writer.EndAttribute(data);
        writer.EndAttribute(info);
        writer.EndMessage(message);
    }
}

/// <summary>Takes a link up or down.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Up">Up or down.</param>
public sealed record SetLinkUp(string Name, bool Up) : LinkRequest
{
    /// <inheritdoc/>
    public override string Description => $"set {Name} {(Up ? "up" : "down")}";

    internal override void Write(NetlinkWriter writer, uint sequence)
    {
        var message = writer.BeginMessage(LinkMessage.NewLink, RequestAcknowledge, sequence);
        WriteFixed(writer, 0, Up);
        writer.Attribute(AttributeName, Name);
        writer.EndMessage(message);
    }
}

/// <summary>Deletes a link; where it is one of a pair, both.</summary>
/// <param name="Name">Its name.</param>
public sealed record DeleteLink(string Name) : LinkRequest
{
    /// <inheritdoc/>
    public override string Description => $"delete {Name}";

    internal override void Write(NetlinkWriter writer, uint sequence)
    {
        var message = writer.BeginMessage(LinkMessage.DeleteLink, RequestAcknowledge, sequence);
        WriteFixed(writer, 0, up: null);
        writer.Attribute(AttributeName, Name);
        writer.EndMessage(message);
    }
}
