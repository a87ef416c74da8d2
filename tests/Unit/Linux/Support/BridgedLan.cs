using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>
/// A LAN of several machines, each with <c>eth0</c> on it: a bridge in the namespace of a tester, who hears everything and sends what it
/// wants. Disposing it takes down all of them.
/// </summary>
internal sealed class BridgedLan : IDisposable
{
    private readonly List<PrivateNetwork> machines = [];
    private readonly PacketSocket socket;

    /// <summary>A LAN with the tester on it, 10.0.0.1; skips the test where that is unavailable.</summary>
    public BridgedLan()
    {
        Tester = Machine();
        Tester.Ip("link add eth0 type bridge mcast_snooping 0");
        Tester.Ip("address add 10.0.0.1/24 dev eth0");
        Tester.Ip("link set eth0 up");
        Watch = new IgmpWatch(Tester);
        socket = Tester.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { LinkHeader = false, Filter = PacketFilter.Nothing }));
    }

    /// <summary>The tester, whose <c>eth0</c> is the bridge.</summary>
    public PrivateNetwork Tester { get; }

    /// <summary>The IGMP that the others send.</summary>
    public IgmpWatch Watch { get; }

    /// <summary>Another machine.</summary>
    /// <param name="address">Its address with prefix length; null for none.</param>
    public PrivateNetwork Attach(string? address)
    {
        var machine = Machine();
        Attach(machine, "eth0", address);
        return machine;
    }

    /// <summary>One more interface of a machine on this LAN.</summary>
    public void Attach(PrivateNetwork machine, string name, string? address)
    {
        var port = $"port{machine.ThreadId}{name}";
        Tester.Ip($"link add {port} type veth peer name {name} netns {machine.ThreadId}");
        Tester.Ip($"link set {port} master eth0 up");
        if (address is not null)
            machine.Ip($"address add {address} dev {name}");
        machine.Ip($"link set {name} up");
        // Until the kernel has noticed the carrier, some time later, it silently drops what is sent; the bridge's port does so too.
        while (
            !machine.Ip($"-o link show {name}").Contains("state UP", StringComparison.Ordinal)
            || !Tester.Ip($"-d -o link show {port}").Contains("state forwarding", StringComparison.Ordinal)
        ) { }
    }

    /// <summary>Sends an IPv4 packet to the group that it is for, or to all.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        var destination = Address.Read(packet.Slice(16, 4));
        socket.Send(packet, PacketSocketOptions.Ipv4, destination.IsMulticast ? MacAddress.ForGroup(destination) : MacAddress.Broadcast);
    }

    public void Dispose()
    {
        socket.Dispose();
        Watch.Dispose();
        machines.ForEach(each => each.Dispose());
    }

    private PrivateNetwork Machine()
    {
        var machine = PrivateNetwork.CreateOrSkip();
        machines.Add(machine);
        machine.WriteSysctl("net/ipv6/conf/default/disable_ipv6", "1");
        return machine;
    }
}
