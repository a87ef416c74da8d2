using MulticastLab.Linux.Netlink;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>
/// Rules that direct an interface's multicast packets to a table (<c>ip mrule add iif eth0 table 10</c>). Needs CAP_NET_ADMIN.
/// </summary>
/// <remarks>They outlive the program: whoever adds one removes it.</remarks>
public static class MulticastRules
{
    private const ushort NewRule = 32; // RTM_NEWRULE
    private const ushort DeleteRule = 33; // RTM_DELRULE
    private const ushort RequestAcknowledge = 0x5;
    private const ushort CreateExclusive = 0x600;

    /// <summary>Has packets that come in on the interface looked up in the table.</summary>
    /// <param name="interfaceName">The interface, of the calling thread's namespace.</param>
    /// <param name="table">The table; made if it is not there.</param>
    /// <exception cref="NetlinkException">No privilege, or there is such a rule.</exception>
    public static void Add(string interfaceName, uint table) =>
        Change(NewRule, RequestAcknowledge | CreateExclusive, interfaceName, table, "add");

    /// <summary>Removes such a rule.</summary>
    /// <exception cref="NetlinkException">No privilege, or there is none.</exception>
    public static void Delete(string interfaceName, uint table) => Change(DeleteRule, RequestAcknowledge, interfaceName, table, "delete");

    private static void Change(ushort type, ushort flags, string interfaceName, uint table, string verb)
    {
        const ushort IncomingInterface = 3; // FRA_IIFNAME
        const ushort Table = 15; // FRA_TABLE
        const byte ToTable = 1; // FR_ACT_TO_TBL
        ArgumentNullException.ThrowIfNull(interfaceName);
        using var socket = NetlinkSocket.Open();
        var writer = new NetlinkWriter();
        var message = writer.BeginMessage(type, flags, socket.NextSequence());
        // struct fib_rule_hdr: family, lengths of destination and source, TOS, table, two reserved, action, flags.
        writer.Raw([MulticastRoutingView.Family, 0, 0, 0, 0, 0, 0, ToTable, 0, 0, 0, 0]);
        writer.Attribute(IncomingInterface, interfaceName);
        writer.Attribute(Table, table);
        writer.EndMessage(message);
        socket.Send(writer.Written);
        socket.AwaitAcknowledgement($"{verb} the rule that leads multicast of {interfaceName} to table {table}");
    }
}
