namespace MulticastLab.Linux.MulticastRouting;

/// <summary>How <see cref="MulticastRoutingSocket.Open(MulticastRoutingOptions)"/> becomes a multicast router.</summary>
public sealed record MulticastRoutingOptions
{
    /// <summary>The table used when no rules have been added: RT_TABLE_DEFAULT.</summary>
    public const uint DefaultTable = 253;

    /// <summary>The largest number of a table; <see cref="DefaultTable"/> aside, 0 is one of the others.</summary>
    public const uint LastTable = 999_999_999;

    /// <summary>
    /// The table (MRT_TABLE): each has VIFs, entries and a router of its own. Packets are directed to tables other than the default one by
    /// rules:
    /// <see cref="MulticastRules"/>. Needs a kernel with CONFIG_IP_MROUTE_MULTIPLE_TABLES.
    /// </summary>
    public uint Table { get; init; } = DefaultTable;

    /// <summary>Whether packets on wrong interfaces are reported as upcalls (MRT_ASSERT).</summary>
    public bool TellWrongVif { get; init; } = true;

    /// <summary>PIM mode (MRT_PIM).</summary>
    public PimMode Pim { get; init; }

    /// <summary>
    /// Whether to be the table's router (MRT_INIT): it gets the upcalls, there can be only one, and what it has set goes with it. One that
    /// is not sets VIFs and entries independently of a router; they stay when the socket is closed until
    /// <see cref="MulticastRoutingSocket.Flush"/> takes them away (<see cref="FlushScope.StaticEntries"/>,
    /// <see cref="FlushScope.StaticVifs"/>).
    /// </summary>
    public bool IsRouter { get; init; } = true;
}

/// <summary>What a PIM router wants of the kernel (MRT_PIM); includes <see cref="MulticastRoutingOptions.TellWrongVif"/>.</summary>
public enum PimMode
{
    /// <summary>Nothing.</summary>
    Off = 0,

    /// <summary>
    /// Packets on an interface where they would go out are reported, though no assert is due; incoming registers are decapsulated.
    /// </summary>
    On = 1,

    /// <summary>The same, and packets on wrong interfaces come whole: <see cref="UpcallKind.WrongVifWholePacket"/>.</summary>
    WrongVifWholePackets = 4,
}

/// <summary>What <see cref="MulticastRoutingSocket.Flush"/> removes (MRT_FLUSH_…).</summary>
[Flags]
public enum FlushScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Entries of the router.</summary>
    Entries = 1,

    /// <summary>Entries that were set independently of it (static).</summary>
    StaticEntries = 2,

    /// <summary>VIFs of the router.</summary>
    Vifs = 4,

    /// <summary>VIFs that were added independently of it (static).</summary>
    StaticVifs = 8,

    /// <summary>Everything.</summary>
    All = Entries | StaticEntries | Vifs | StaticVifs,
}
