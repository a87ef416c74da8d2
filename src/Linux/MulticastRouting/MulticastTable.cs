using System.Buffers.Binary;
using MulticastLab.Linux.Netlink;
using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>A multicast routing table as the kernel reports it by netlink.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Unresolved">How many entries are unresolved.</param>
/// <param name="TellsWrongVif">Whether packets on wrong interfaces are reported (MRT_ASSERT).</param>
/// <param name="Pim">Whether it is in PIM mode (MRT_PIM).</param>
/// <param name="Vifs">Its VIFs, in the order of their numbers.</param>
public sealed record MulticastTable(uint Id, int Unresolved, bool TellsWrongVif, bool Pim, IReadOnlyList<KernelVif> Vifs)
{
    internal const ushort GetLink = 18; // RTM_GETLINK
    private const int FixedLength = 16; // struct ifinfomsg

    internal static ReadOnlySpan<byte> DumpHeader => [MulticastRoutingView.Family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    internal static MulticastTable? Read(ReadOnlySpan<byte> body)
    {
        const ushort Specification = 26; // IFLA_AF_SPEC
        if (body.Length < FixedLength || body[0] != MulticastRoutingView.Family)
            return null;
        foreach (var attribute in new NetlinkAttributes(body[FixedLength..]))
        {
            if (attribute.Type == Specification)
                return ReadTable(attribute.Value);
        }

        return null;
    }

    // IPMRA_TABLE_…
    private static MulticastTable ReadTable(ReadOnlySpan<byte> specification)
    {
        var table = new MulticastTable(0, 0, false, false, []);
        foreach (var attribute in new NetlinkAttributes(specification))
        {
            table = attribute.Type switch
            {
                1 => table with { Id = attribute.Number },
                2 => table with { Unresolved = (int)attribute.Number },
                4 => table with { TellsWrongVif = attribute.Value[0] != 0 },
                5 => table with { Pim = attribute.Value[0] != 0 },
                6 => table with { Vifs = ReadVifs(attribute.Value) },
                _ => table,
            };
        }

        return table;
    }

    private static List<KernelVif> ReadVifs(ReadOnlySpan<byte> list)
    {
        var vifs = new List<KernelVif>();
        foreach (var attribute in new NetlinkAttributes(list))
            vifs.Add(KernelVif.Read(attribute.Value));
        return vifs;
    }
}

/// <summary>A VIF as the kernel reports it.</summary>
/// <param name="Number">0 to 31.</param>
/// <param name="InterfaceIndex">The interface.</param>
/// <param name="Flags">VIFF_…: 1 tunnel, 4 register, 8 by interface index, 0x8000 set independently of the router.</param>
/// <param name="Counts">What has gone through it.</param>
/// <param name="Local">The local endpoint of a tunnel; for an interface its index, in the kernel's union.</param>
/// <param name="Remote">The remote endpoint of a tunnel.</param>
public readonly record struct KernelVif(int Number, int InterfaceIndex, int Flags, VifCounts Counts, Address Local, Address Remote)
{
    /// <summary>Whether it is PIM's register interface.</summary>
    public bool IsRegister => (Flags & VifControl.RegisterFlag) != 0;

    // IPMRA_VIFA_…
    internal static KernelVif Read(ReadOnlySpan<byte> attributes)
    {
        var vif = new KernelVif(0, 0, 0, default, Address.AnyV4, Address.AnyV4);
        foreach (var attribute in new NetlinkAttributes(attributes))
        {
            vif = attribute.Type switch
            {
                1 => vif with { InterfaceIndex = (int)attribute.Number },
                2 => vif with { Number = (int)attribute.Number },
                3 => vif with { Flags = BinaryPrimitives.ReadUInt16LittleEndian(attribute.Value) },
                4 => vif with { Counts = vif.Counts with { BytesIn = attribute.Count } },
                5 => vif with { Counts = vif.Counts with { BytesOut = attribute.Count } },
                6 => vif with { Counts = vif.Counts with { PacketsIn = attribute.Count } },
                7 => vif with { Counts = vif.Counts with { PacketsOut = attribute.Count } },
                8 => vif with { Local = Address.Read(attribute.Value) },
                9 => vif with { Remote = Address.Read(attribute.Value) },
                _ => vif,
            };
        }

        return vif;
    }
}
