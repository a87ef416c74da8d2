using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>The socket options of linux/mroute.h.</summary>
internal static class MulticastRoutingCalls
{
    public const int Init = 200; // MRT_INIT
    public const int Done = 201; // MRT_DONE
    public const int AddVif = 202; // MRT_ADD_VIF
    public const int DeleteVif = 203; // MRT_DEL_VIF
    public const int AddEntry = 204; // MRT_ADD_MFC
    public const int DeleteEntry = 205; // MRT_DEL_MFC
    public const int Version = 206; // MRT_VERSION
    public const int Assert = 207; // MRT_ASSERT
    public const int Pim = 208; // MRT_PIM
    public const int Table = 209; // MRT_TABLE
    public const int AddProxyEntry = 210; // MRT_ADD_MFC_PROXY
    public const int DeleteProxyEntry = 211; // MRT_DEL_MFC_PROXY
    public const int Flush = 212; // MRT_FLUSH

    public const nuint GetVifCounts = 0x89E0; // SIOCGETVIFCNT
    public const nuint GetEntryCounts = 0x89E1; // SIOCGETSGCNT

    /// <summary>An address in the form of the kernel's structures.</summary>
    public static uint NetworkOrder(Address address) =>
        address.IsV4 ? BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address.V4Bits) : address.V4Bits
        : throw new ArgumentException($"{address} is not an IPv4 address.", nameof(address));
}

/// <summary>struct vifctl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VifControl
{
    public const byte TunnelFlag = 1; // VIFF_TUNNEL
    public const byte RegisterFlag = 4; // VIFF_REGISTER
    public const byte UseInterfaceIndex = 8; // VIFF_USE_IFINDEX

    public ushort Vif;
    public byte Flags;
    public byte Threshold;
    public uint RateLimit;

    // A union: the interface's index, or a tunnel's local endpoint.
    public uint InterfaceIndexOrLocal;
    public uint Remote;

    public static VifControl Of(int vif, VifOptions options)
    {
        var control = new VifControl { Vif = (ushort)vif, Threshold = options.Threshold, RateLimit = options.RateLimit };
        if (options is { TunnelLocal: { } local, TunnelRemote: { } remote })
        {
            control.Flags = TunnelFlag;
            control.InterfaceIndexOrLocal = MulticastRoutingCalls.NetworkOrder(local);
            control.Remote = MulticastRoutingCalls.NetworkOrder(remote);
        }
        else if (options.IsRegister)
        {
            control.Flags = RegisterFlag;
        }
        else
        {
            control.Flags = UseInterfaceIndex;
            control.InterfaceIndexOrLocal = (uint)options.InterfaceIndex;
        }

        return control;
    }
}

/// <summary>struct mfcctl.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EntryControl(in MfcEntry entry)
{
    public uint Source = MulticastRoutingCalls.NetworkOrder(entry.Source);
    public uint Group = MulticastRoutingCalls.NetworkOrder(entry.Group);
    public ushort Incoming = (ushort)entry.Incoming;
    public OutgoingInterfaces TtlThresholds = entry.Outgoing;
    public uint PacketCount;
    public uint ByteCount;
    public uint WrongVif;
    public int Expire;
}

/// <summary>struct sioc_sg_req.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EntryCountRequest
{
    public uint Source;
    public uint Group;
    public nuint Packets;
    public nuint Bytes;
    public nuint WrongVif;
}

/// <summary>struct sioc_vif_req.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct VifCountRequest
{
    public ushort Vif;
    public nuint PacketsIn;
    public nuint PacketsOut;
    public nuint BytesIn;
    public nuint BytesOut;
}
