using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>The kernel's multicast forwarding, with two interfaces of a namespace of the test's own.</summary>
public sealed class MulticastRoutingSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.0.0.2");

    private readonly PrivateNetwork router = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork source = PrivateNetwork.CreateOrSkip();
    private readonly MulticastRoutingSocket socket;

    public MulticastRoutingSocketTests()
    {
        router.WireTo(source, "10.0.0.1/24", "10.0.0.2/24");
        router.Ip($"link add eth1 type veth peer name eth1 netns {source.ThreadId}");
        router.Ip("address add 10.0.1.1/24 dev eth1");
        source.Ip("address add 10.0.1.2/24 dev eth1");
        router.Ip("link set eth1 up");
        source.Ip("link set eth1 up");
        router.WriteSysctl("net/ipv4/conf/all/rp_filter", "0");
        router.WriteSysctl("net/ipv4/conf/eth1/rp_filter", "0");
        socket = router.Run(MulticastRoutingSocket.Open);
        foreach (var (vif, name) in new[] { (0, "eth0"), (1, "eth1") })
            socket.AddVif(vif, VifOptions.Interface(router.Run(() => LinkInfo.Read(name)).Index));
    }

    public void Dispose()
    {
        socket.Dispose();
        router.Dispose();
        source.Dispose();
    }

    [Fact]
    public void A_packet_without_an_entry_asks_for_one_and_its_entry_counts()
    {
        Send("10.0.0.2");
        Next().Should().Be(new Upcall(UpcallKind.NoEntry, 0, S, G));
        socket.ReadCounts(S, G).Should().BeNull();

        socket.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1)));
        Send("10.0.0.2");

        SpinWait
            .SpinUntil(() => socket.ReadCounts(S, G) is { Packets: 2, WrongVif: 0 }, Patience)
            .Should()
            .BeTrue("the one that waited and the one after it");
        socket.TryReceive(out _).Should().BeFalse();
    }

    [Fact]
    public void A_packet_on_the_wrong_interface_is_told_and_not_counted_as_the_entrys()
    {
        Send("10.0.0.2");
        Next();
        socket.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1)));

        Send("10.0.1.2", bound: "10.0.0.2");

        Next().Should().Be(new Upcall(UpcallKind.WrongVif, 1, S, G));
        socket.ReadCounts(S, G).Should().Match<MfcCounts>(it => it.Packets == 1 && it.WrongVif == 1);
    }

    [Fact]
    public void IGMP_messages_do_not_come_through_here()
    {
        using var joined = source.Run(() =>
        {
            var member = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            member.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(G.ToIPAddress(), S.ToIPAddress()));
            return member;
        });

        Send("10.0.0.2");

        Next().Kind.Should().Be(UpcallKind.NoEntry, "the report that went before is not delivered");
    }

    [Fact]
    public void A_removed_entry_is_asked_for_again_and_removing_what_is_not_there_is_no_error()
    {
        Send("10.0.0.2");
        Next();
        socket.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.None));
        socket.DeleteEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.None));
        socket.DeleteEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.None));
        Send("10.0.0.2");
        Next().Kind.Should().Be(UpcallKind.NoEntry);

        router.Ip("link delete eth1");
        socket.DeleteVif(1);
        socket.DeleteVif(0);
    }

    [Fact]
    public void There_is_one_multicast_router_per_namespace()
    {
        var second = () => router.Run(MulticastRoutingSocket.Open);

        second.Should().Throw<LinuxException>().Which.Error.Should().Be(Errno.AddressInUse);
    }

    private Upcall Next()
    {
        Upcall upcall = default;
        SpinWait.SpinUntil(() => socket.TryReceive(out upcall), Patience).Should().BeTrue("an upcall is expected");
        return upcall;
    }

    private void Send(string through, string? bound = null) => source.Run(() =>
    {
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Parse(bound ?? through), 0));
        sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 8);
        sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Parse(through).GetAddressBytes());
        sender.SendTo(new byte[4], new IPEndPoint(G.ToIPAddress(), 5000));
    });
}
