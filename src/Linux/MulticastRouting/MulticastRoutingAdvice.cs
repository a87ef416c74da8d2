using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>What to do when the kernel refuses a multicast routing operation.</summary>
public static class MulticastRoutingAdvice
{
    /// <summary>
    /// Advice on an error of a call of <see cref="MulticastRoutingSocket"/>, as whole sentences; null when there is none.
    /// </summary>
    /// <remarks>Looks for the program that is in the way, so it is to be called in the namespace and soon.</remarks>
    public static string? For(LinuxException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return (refusal.Call, refusal.Error) switch
        {
            (_, Errno.OperationNotPermitted or Errno.AccessDenied) =>
                "Multicast routing needs CAP_NET_ADMIN and CAP_NET_RAW in this network namespace: run it as root, or in a namespace of "
                    + "your own (unshare -Urn).",
            ("setsockopt(MRT_INIT)", Errno.AddressInUse) => AnotherRouter(),
            ("setsockopt(MRT_ADD_VIF)", Errno.AddressInUse) =>
                "The VIF's number is in use, or the table has a register interface already: delete that VIF first.",
            ("setsockopt(MRT_ADD_VIF)", Errno.AddressNotAvailable) =>
                "There is no interface of that index: it was removed, or it is in another network namespace.",
            ("setsockopt(MRT_ADD_VIF)", Errno.NoBufferSpace) =>
                "The kernel cannot make the tunnel: it lacks the module ipip (modprobe ipip).",
            ("setsockopt(MRT_ADD_VIF)", Errno.InvalidArgument) =>
                "The VIF is none that the kernel knows: a register interface needs CONFIG_IP_PIMSM_V1 or _V2.",
            ("setsockopt(MRT_TABLE)", Errno.ProtocolOptionNotAvailable) =>
                "This kernel has one multicast routing table only (it was built without CONFIG_IP_MROUTE_MULTIPLE_TABLES): use the "
                    + "default table.",
            ("setsockopt(MRT_TABLE)", Errno.InvalidArgument) => $"Tables are numbered 0 to {MulticastRoutingOptions.LastTable}.",
            ("setsockopt(MRT_FLUSH)", _) => "MRT_FLUSH needs Linux 5.3 or later.",
            ("setsockopt(MRT_ADD_MFC)" or "setsockopt(MRT_ADD_MFC_PROXY)", Errno.InvalidArgument) =>
                "The kernel takes no such entry: the group must be a multicast group, and the incoming VIF below 32; a (*,*) entry needs "
                    + "its incoming VIF among the outgoing ones.",
            (_, Errno.ProtocolOptionNotAvailable) => "This kernel does no multicast routing: it was built without CONFIG_IP_MROUTE.",
            _ => null,
        };
    }

    private static string AnotherRouter()
    {
        var holders = RawIgmpSockets.FindHolders();
        var who = holders.Count switch
        {
            0 => "",
            1 => $", {holders[0]},",
            _ => $", one of {string.Join(", ", holders)},",
        };
        var find = holders.Count == 0 ? " ('ss -wnp' as root tells which program has a raw igmp socket)" : "";
        return $"Another multicast router{who} holds this table of the network namespace: stop it{find}, or use another table or "
            + "namespace.";
    }
}
