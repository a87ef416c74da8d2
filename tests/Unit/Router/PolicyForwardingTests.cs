using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>Policies that decide what the kernel forwards, with real packets from LAN to LAN.</summary>
public sealed class PolicyForwardingTests : IDisposable
{
    private const string Options = "--interface eth0 --interface eth1 --forward ";
    private static readonly Address Member = Address.Parse("10.0.1.2");

    private readonly PrivateNetwork router = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork source = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork member = PrivateNetwork.CreateOrSkip();

    public PolicyForwardingTests()
    {
        router.WireTo(source, "10.0.0.1/24", "10.0.0.2/24");
        router.Ip($"link add eth1 type veth peer name eth0 netns {member.ThreadId}");
        router.Ip("address add 10.0.1.1/24 dev eth1");
        member.Ip("address add 10.0.1.2/24 dev eth0");
        router.Ip("link set eth1 up");
        member.Ip("link set eth0 up");
    }

    public void Dispose()
    {
        router.Dispose();
        source.Dispose();
        member.Dispose();
    }

    [Fact]
    public async Task Static_groups_are_forwarded_to_a_LAN_without_any_member()
    {
        using var daemon = await RouterProcess.StartReady(router, Options + "--static-group eth1=239.1.1.1 --static-group eth1=10.0.0.2,232.1.1.1 --static-group eth1=10.0.0.9,232.1.1.2");
        using var sender = Sender();
        using var wire = Wire();

        // The last one is wanted from another source: it is what must not come, sent before what must.
        Send(sender, "232.1.1.2", 1);
        Send(sender, "239.1.1.9", 2);
        Send(sender, "239.1.1.1", 3);
        Send(sender, "232.1.1.1", 4);

        Receive(wire, 2).Should().BeEquivalentTo([("239.1.1.1", 3), ("232.1.1.1", 4)]);
        (await daemon.State()).Interfaces[1].Groups.Should().HaveCount(3);
    }

    [Fact]
    public Task An_immediate_leave_ends_the_stream_before_the_next_packet() => Undisturbed.Run(async () =>
    {
        using var daemon = await RouterProcess.StartReady(router, Options + "--immediate-leave eth1=always");
        using var ear = new IgmpEar(member);
        using var sender = Sender();
        using var wire = Wire();
        ear.Report(Member, RecordType.ToExclude, Address.Parse("239.1.1.1"));
        ear.Report(Member, RecordType.ToExclude, Address.Parse("239.1.1.2"));
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 2, "the groups are there");
        Send(sender, "239.1.1.1", 1);
        Receive(wire, 1).Should().Equal(("239.1.1.1", 1));

        ear.Report(Member, RecordType.ToInclude, Address.Parse("239.1.1.1"));
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 1, "the group is gone");
        Send(sender, "239.1.1.1", 2);
        Send(sender, "239.1.1.2", 3);

        Receive(wire, 1).Should().Equal([("239.1.1.2", 3)], "what was sent after the leave was taken in is not forwarded");
    });

    private Socket Sender() => source.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 8);
        socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Parse("10.0.0.2").GetAddressBytes());
        return socket;
    });

    // Nobody has joined anything there: the frames are taken as they come.
    private PacketSocket Wire() => member.Run(() =>
        PacketSocket.Open("eth0", new PacketSocketOptions { Protocol = PacketSocketOptions.Ipv4, LinkHeader = false, AllMulticast = true }));

    private static void Send(Socket socket, string group, int number)
    {
        var datagram = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(datagram, number);
        socket.SendTo(datagram, new IPEndPoint(IPAddress.Parse(group), 5000));
    }

    /// <summary>The next UDP datagrams: destination and number.</summary>
    private static List<(string Group, int Number)> Receive(PacketSocket wire, int count)
    {
        var seen = new List<(string, int)>();
        using var batch = new PacketBatch(1);
        var deadline = KernelClock.Monotonic + RouterProcess.Patience;
        while (seen.Count < count && wire.WaitForPacket(deadline - KernelClock.Monotonic))
        {
            // IPv4 header without options, UDP header, number.
            if (wire.Receive(batch) > 0 && batch[0].Bytes is { Length: >= 32 } packet && packet[9] == 17)
                seen.Add((Address.Read(packet[16..20]).ToString(), BinaryPrimitives.ReadInt32BigEndian(packet[28..])));
        }

        return seen;
    }
}
