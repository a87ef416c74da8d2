using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;
using MulticastLab.Router.Forwarding;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>
/// <c>router run --forward</c>: the kernel carries a source's packets to the LANs where the router knows a member, and to no other.
/// </summary>
public sealed class KernelForwardingTests : IDisposable
{
    private const string Options = "--interface eth0 --interface eth1 --forward --last-member-query-interval 0.1";
    private const string G = "239.1.1.1";

    private readonly RoutedLans lans = new(2);

    public KernelForwardingTests() => lans.Host(0).Ip("address add 10.0.0.3/24 dev eth0");

    public void Dispose() => lans.Dispose();

    [Fact]
    public async Task Packets_flow_from_the_join_to_the_leave_and_not_before_or_after()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var tap = lans.Receiver(1, G, join: false);

        sender.Send(G, 1);
        await EntryIs(outgoing: 0);
        using (Join(null))
        {
            await EntryIs(outgoing: 1);
            sender.Send(G, 2);
            tap.Receive().Should().Be(2, "what was sent before the join is lost");
        }

        await EntryIs(outgoing: 0);
        sender.Send(G, 3);
        using (Join(null))
        {
            await EntryIs(outgoing: 1);
            sender.Send(G, 4);
            tap.Receive().Should().Be(4);
        }
    }

    [Fact]
    [Shows("V3-R-9.1-02", "V3-R-9.2-01")]
    public async Task Queries_and_reports_are_not_forwarded_even_with_hops_to_live()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var ear = new IgmpEar(lans.Host(0));
        using var other = new IgmpEar(lans.Host(1));
        using var tap = lans.Receiver(1, G, join: false);
        using var joined = Join(null);
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 1, "the group is there");
        sender.Send(G, 1);
        tap.Receive().Should().Be(1);

        var (group, from) = (Address.Parse(G), Address.Parse("10.0.0.2"));
        foreach (var message in new[] { "110a0000 ef010101 027d0000", "110a0000 ef010101", "16000000 ef010101", "12000000 ef010101" })
        {
            foreach (var routerAlert in new[] { true, false })
                ear.Send(
                    Packet.Ip(
                        Packet.Igmp(message)[24..],
                        new Ipv4Header(from, group, IpProtocol.Igmp) { TimeToLive = 64, RouterAlert = routerAlert }),
                    MacAddress.ForGroup(group));
        }

        // What was sent before it has had its time.
        sender.Send(G, 2);
        tap.Receive().Should().Be(2);
        other.Pending();
        other.All.Should().NotContain(each => each.Source == from);
    }

    [Fact]
    public async Task The_packets_that_ask_for_an_entry_are_not_lost()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var tap = lans.Receiver(1, G, join: false);
        using var joined = Join(null);
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 1, "the group is there");

        // The kernel keeps up to four packets of a source while it waits for the entry.
        for (var number = 1; number <= 4; number++)
            sender.Send(G, number);

        // When the entry comes in the middle, the next packet may overtake those that the kernel has kept.
        Enumerable.Range(1, 4).Select(_ => tap.Receive()).Should().BeEquivalentTo([1, 2, 3, 4]);
    }

    [Fact]
    public async Task Only_the_wanted_source_of_a_group_is_carried()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);
        using var wanted = lans.Sender(0, "10.0.0.3");
        using var unwanted = lans.Sender(0);
        using var tap = lans.Receiver(1, G, join: false);
        using var joined = Join("10.0.0.3");
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 1, "the group is there");

        unwanted.Send(G, 1);
        wanted.Send(G, 2);
        unwanted.Send(G, 3);
        wanted.Send(G, 4);

        tap.Receive().Should().Be(2);
        tap.Receive().Should().Be(4);
    }

    [Fact]
    public async Task It_goes_on_when_the_members_interface_was_down()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var tap = lans.Receiver(1, G, join: false);
        using var joined = Join(null);
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 1, "the group is there");
        sender.Send(G, 1);
        tap.Receive().Should().Be(1);

        lans.Router.Ip("link set eth1 down");
        await EntryIs(outgoing: 0);
        lans.Router.Ip("link set eth1 up");
        // The member's kernel answers the General Query with which the interface comes back.
        await EntryIs(outgoing: 1);

        sender.Send(G, 2);
        tap.Receive().Should().Be(2);
    }

    [Fact]
    public async Task A_source_that_falls_silent_loses_its_entry_and_gets_a_new_one_when_it_speaks()
    {
        using var loop = new EventLoop();
        var forwarding = lans.Router.Run(() =>
        {
            using var links = LinkWatch.Open();
            var started = KernelForwarding.Start(loop, new KernelForwardingOptions { IdleCheck = TimeSpan.FromMilliseconds(50) });
            string[] names = ["eth0", "eth1"];
            for (var number = 0; number < names.Length; number++)
                started.InterfaceChanged(number, names[number], links.Find(names[number])!.Index);
            return started;
        });
        var thread = new Thread(loop.Run);
        thread.Start();
        using var ended = new Ending(() =>
        {
            loop.Stop();
            thread.Join();
            forwarding.Dispose();
        });
        using var sender = lans.Sender(0);

        for (var round = 0; round < 2; round++)
        {
            sender.Send(G, 1);
            await EntryIs(outgoing: 0);
            await Eventually.Is(() => Cache().Length == 0, () => $"The entry stays: {string.Join('\n', Cache())}");
        }
    }

    [Fact]
    public async Task At_the_end_the_kernel_forwards_no_more()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        sender.Send(G, 1);
        await EntryIs(outgoing: 0);

        (await daemon.Terminate()).Should().Be(0);

        Cache().Should().BeEmpty();
        lans.Router.Run(() => File.ReadAllLines("/proc/thread-self/net/ip_mr_vif")).Should().HaveCount(1, "there is but the headline");
    }

    [Fact]
    public async Task A_second_multicast_router_in_the_namespace_is_refused()
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options);

        using var second = RouterProcess.Start(lans.Router, Options);

        (await second.Exit()).Should().Be(1);
        second.Log.Should().Contain($"Another multicast router, router (process {daemon.Id}), holds this table");
    }

    private string[] Cache() => lans.Router.Run(() => File.ReadAllLines("/proc/thread-self/net/ip_mr_cache")).Skip(1).ToArray();

    // Group, origin, incoming VIF, packets, bytes, wrong; then a "vif:ttl" for each outgoing one.
    private Task EntryIs(int outgoing) =>
        Eventually.Is(
            () =>
                Cache()
                    .Any(line =>
                        line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2] != "-1" && line.Count(letter => letter == ':') == outgoing
                    ),
            () => $"No entry with {outgoing} outgoing interfaces: {string.Join('\n', Cache())}");

    private Socket Join(string? onlyFrom) => lans.Host(1).Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var local = IPAddress.Parse("10.0.1.2");
        if (onlyFrom is null)
        {
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(IPAddress.Parse(G), local));
            return socket;
        }

                // struct ip_mreq_source: group, interface, source.
                byte[] request =
                [.. IPAddress.Parse(G).GetAddressBytes(), .. local.GetAddressBytes(), .. IPAddress.Parse(onlyFrom).GetAddressBytes()];
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddSourceMembership, request);
                return socket;
            });

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
