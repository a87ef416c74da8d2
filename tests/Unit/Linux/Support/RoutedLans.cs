using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MulticastLab.Linux.Links;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>
/// A router's namespace with some LANs, each with one host: the router is 10.0.N.1 on <c>ethN</c>, the host 10.0.N.2 on its <c>eth0</c>.
/// No unicast forwarding is needed, and no host checks where packets come from.
/// </summary>
internal sealed class RoutedLans : IDisposable
{
    public const int Port = 5000;

    private readonly List<PrivateNetwork> hosts = [];

    public RoutedLans(int lans)
    {
        Router = PrivateNetwork.CreateOrSkip();
        try
        {
            Router.WriteSysctl("net/ipv6/conf/default/disable_ipv6", "1");
            Router.WriteSysctl("net/ipv4/conf/default/rp_filter", "0");
            Router.WriteSysctl("net/ipv4/conf/all/rp_filter", "0");
            for (var lan = 0; lan < lans; lan++)
                AddHost(lan);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PrivateNetwork Router { get; }

    public PrivateNetwork Host(int lan) => hosts[lan];

    /// <summary>The index of the router's interface on a LAN.</summary>
    public int InterfaceIndex(int lan) => Router.Run(() => LinkInfo.Read($"eth{lan}").Index);

    /// <summary>A sender on a LAN, with the host's address there or another one of its own.</summary>
    public LanSender Sender(int lan, string? address = null) => new(hosts[lan], address ?? $"10.0.{lan}.2");

    /// <summary>A sender of the router's own.</summary>
    public LanSender RouterSender(string interfaceName, string address) => new(Router, address, interfaceName);

    /// <summary>A receiver on a LAN. One that joins is a member; one that does not hears what another one there has let in.</summary>
    public LanReceiver Receiver(int lan, string group, bool join = true) => new(hosts[lan], group, join ? $"10.0.{lan}.2" : null);

    /// <summary>Sees what arrives on a LAN.</summary>
    public Eavesdropper EavesdropOn(int lan) => new(hosts[lan]);

    public void Dispose()
    {
        foreach (var host in hosts)
            host.Dispose();
        Router.Dispose();
    }

    private void AddHost(int lan)
    {
        var host = PrivateNetwork.CreateOrSkip();
        hosts.Add(host);
        host.WriteSysctl("net/ipv6/conf/default/disable_ipv6", "1");
        host.WriteSysctl("net/ipv4/conf/default/rp_filter", "0");
        host.WriteSysctl("net/ipv4/conf/all/rp_filter", "0");
        Router.Ip($"link add eth{lan} type veth peer name eth0 netns {host.ThreadId}");
        Router.Ip($"address add 10.0.{lan}.1/24 dev eth{lan}");
        host.Ip($"address add 10.0.{lan}.2/24 dev eth0");
        Router.Ip($"link set eth{lan} up");
        host.Ip("link set eth0 up");
        // Until the kernel has noticed the carrier it silently drops what is sent.
        while (
            !Router.Ip($"-o link show eth{lan}").Contains("state UP", StringComparison.Ordinal)
            || !host.Ip("-o link show eth0").Contains("state UP", StringComparison.Ordinal)
        ) { }
    }
}

/// <summary>Sends numbered datagrams to groups.</summary>
internal sealed class LanSender : IDisposable
{
    private readonly Socket socket;

    public LanSender(PrivateNetwork network, string address, string interfaceName = "eth0") =>
        socket = network.Run(() =>
        {
            var opened = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            opened.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            // struct ip_mreqn by address 0: whatever the source address is, packets leave through this interface.
            opened.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastInterface,
                IPAddress.HostToNetworkOrder(LinkInfo.Read(interfaceName).Index));
            return opened;
        });

    /// <summary>Sends a datagram with this number in it.</summary>
    public void Send(string group, int number, int ttl = 8)
    {
        var datagram = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(datagram, number);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, ttl);
        socket.SendTo(datagram, new IPEndPoint(IPAddress.Parse(group), RoutedLans.Port));
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>Receives numbered datagrams of a group.</summary>
internal sealed class LanReceiver : IDisposable
{
    private readonly Socket socket;

    public LanReceiver(PrivateNetwork network, string group, string? joinOn) => socket = network.Run(() =>
    {
        var opened = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveTimeout = (int)Eventually.Patience.TotalMilliseconds,
            ReceiveBufferSize = 1 << 22,
        };
        opened.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        opened.Bind(new IPEndPoint(IPAddress.Parse(group), RoutedLans.Port));
        if (joinOn is not null)
            opened.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse(group), IPAddress.Parse(joinOn)));
        return opened;
    });

    /// <summary>Waits for the next datagram and returns its number.</summary>
    public int Receive()
    {
        var datagram = new byte[4];
        socket.Receive(datagram);
        return BinaryPrimitives.ReadInt32BigEndian(datagram);
    }

    /// <summary>The numbers of all datagrams up to the one with this number.</summary>
    public IReadOnlyList<int> Until(int last)
    {
        var numbers = new List<int>();
        do
            numbers.Add(Receive());
        while (numbers[^1] != last);
        return numbers;
    }

    /// <summary>Whether nothing has come that was not received.</summary>
    public bool IsEmpty => socket.Available == 0;

    public void Dispose() => socket.Dispose();
}
