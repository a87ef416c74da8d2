using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>Whether this process can make labs of namespaces.</summary>
public static class EngineAvailability
{
    private static readonly Lazy<Unfitness?> Result = new(Probe);

    /// <summary>Tries it: namespaces, a bridge, a packet socket. The answer is cached.</summary>
    /// <returns>Null when labs can be made; otherwise what is missing.</returns>
    public static Unfitness? Check() => Result.Value;

    private static Unfitness? Probe()
    {
        if (!OperatingSystem.IsLinux())
            return new Unfitness("Network namespaces exist on Linux only.", "Use --engine simulated, or a Linux machine.");
        if (!NamespaceThread.IsUsable)
        {
            return new Unfitness(
                "This program's runtime starts threads of its own at any moment (tiered compilation).",
                "Set TieredCompilation to false in its project file.");
        }

        if (!Privilege.CanMakeNamespaces)
            return Reexec.WhyNot() ?? new Unfitness("This process may not make namespaces.", "Run it as root, or inside `unshare -Urm`.");
        try
        {
            return NamespaceThread.Run<Unfitness?>(() =>
            {
                NamespaceThread.Unshare(NamespaceKinds.Network | NamespaceKinds.Mount | NamespaceKinds.Uts);
                using var links = LinkSocket.Open();
                using var self = FileDescriptor.OpenReadOnly("/proc/thread-self/ns/net");
                try
                {
                    links.Execute([
                        new AddBridge(2, "probe"), new AddVethPair(0x100, "probe0", 2, "probe1", new MacAddress(0x0200_0000_0001), self)]);
                }
                catch (NetlinkException refused)
                {
                    return new Unfitness(
                        $"The kernel has no bridges or virtual Ethernet interfaces: {refused.Message}",
                        "Load the modules as root: modprobe bridge; modprobe veth.");
                }

                using var capture = PacketSocket.OpenOnAll(new PacketSocketOptions { Protocol = 0 });
                return null;
            });
        }
        catch (LinuxException refused)
        {
            return new Unfitness(
                $"The kernel refuses namespaces: {refused.Message}.",
                "In a container, run it with --privileged or with the capabilities SYS_ADMIN and NET_ADMIN.");
        }
    }
}
