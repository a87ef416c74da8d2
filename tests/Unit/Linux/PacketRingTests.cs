using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>
/// Packets out of a ring, on a veth pair whose ends are in namespaces of their own. The batch reader is held to the same where it can do
/// the same.
/// </summary>
public sealed class PacketRingTests : IDisposable
{
    private const ushort Protocol = 0x88B5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly PacketRingOptions Small = new() { Slots = 1024, SlotLength = 128 };

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();
    private readonly PacketSocket sender;

    public PacketRingTests()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        here.Ip("link set eth0 mtu 9000");
        there.Ip("link set eth0 mtu 9000");
        sender = here.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { Filter = PacketFilter.Nothing }));
    }

    public static TheoryData<bool> Ways => [true, false];

    public void Dispose()
    {
        sender.Dispose();
        here.Dispose();
        there.Dispose();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_frame_arrives_with_its_bytes_type_sender_and_stamp(bool ring)
    {
        using var receiver = Open(ring);
        var reader = receiver.Reader();
        var from = here.Run(() => LinkInfo.Read("eth0")).Mac;
        var frame = Frame(1, 46, from);
        var before = KernelClock.RealTime;

        sender.Send(frame);

        receiver.WaitForPacket(Patience).Should().BeTrue();
        reader.Receive().Should().Be(1);
        var packet = reader[0];
        packet.Bytes.ToArray().Should().Equal(frame);
        packet.OriginalLength.Should().Be(60);
        packet.Protocol.Should().Be(Protocol);
        packet.Sender.Should().Be(from);
        packet.Type.Should().Be(PacketType.Multicast);
        packet.InterfaceIndex.Should().Be(there.Run(() => LinkInfo.Read("eth0")).Index);
        packet.At.Nanoseconds.Should().BeInRange(before.Nanoseconds, KernelClock.RealTime.Nanoseconds);
        reader.Receive().Should().Be(0);
        receiver.WaitForPacket(TimeSpan.Zero).Should().BeFalse("what was read is given back");
    }

    [Fact]
    public void Without_link_header_a_packet_begins_with_its_network_header()
    {
        using var receiver = there.Run(() =>
            PacketSocket.Open(
                "eth0", new PacketSocketOptions { LinkHeader = false, Filter = PacketFilter.Of(Dialect.Igmp.Filter), Ring = Small }));
        var packet = new byte[60];
        (packet[0], packet[9], packet[20]) = (0x45, 2, 0x11);
        foreach (var protocol in (byte[])[17, 2])
        {
            packet[9] = protocol;
            using var bare = here.Run(() =>
                PacketSocket.Open("eth0", new PacketSocketOptions { LinkHeader = false, Filter = PacketFilter.Nothing }));
            bare.Send(packet, PacketSocketOptions.Ipv4, MacAddress.ForGroup(Address.Parse("224.0.0.22")));
        }

        var seen = Read(receiver, 1, each => each.Bytes.ToArray());
        seen.Should().ContainSingle("the filter lets IGMP pass alone").Which.Should().Equal(packet);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Packets_come_in_order_with_stamps_that_never_go_back_three_times_around(bool ring)
    {
        using var receiver = Open(ring);
        var reader = receiver.Reader();
        var expected = 0;
        var last = Instant.Epoch;
        for (var round = 0; round < 50; round++)
        {
            // Never the same number twice in a row, so that batches end at every place of the ring.
            for (var i = 0; i <= round + 10; i++)
                sender.Send(Frame(expected + i, 46));
            for (var left = round + 11; left > 0;)
            {
                receiver.WaitForPacket(Patience).Should().BeTrue();
                while (reader.Receive() is > 0 and var count)
                {
                    for (var i = 0; i < count; i++, left--)
                    {
                        var packet = reader[i];
                        Number(packet).Should().Be(expected++);
                        packet.At.Should().BeGreaterThanOrEqualTo(last);
                        last = packet.At;
                    }
                }
            }
        }

        expected.Should().BeGreaterThan(1024, "or the small ring was never full");
        receiver.ReadStatistics().Should().Be((expected, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    public void A_packet_longer_than_its_slot_comes_whole_and_in_its_turn(int shortOnesBefore)
    {
        using var receiver = Open(ring: true);
        int[] payloads = [.. Enumerable.Repeat(46, shortOnesBefore), 34, 35, 1500, 8986, 46, 46];

        for (var i = 0; i < payloads.Length; i++)
            sender.Send(Frame(i, payloads[i]));

        var seen = Read(
            receiver, payloads.Length, packet => (Number(packet), packet.Bytes.Length, packet.OriginalLength, packet.Bytes[^1]));
        seen.Should().Equal(payloads.Select((payload, i) => (i, 14 + payload, 14 + payload, (byte)0x5A)));
        receiver.ReadStatistics().Should().Be((payloads.Length, 0));
    }

    [Fact]
    public void Packets_for_which_no_slot_is_free_are_counted()
    {
        using var receiver = Open(ring: true);
        const int sent = 1500;

        for (var i = 0; i < sent; i++)
            sender.Send(Frame(i, 46));

        SpinWait.SpinUntil(() => receiver.ReadStatistics().Received == sent, Patience).Should().BeTrue();
        Read(receiver, Small.Slots, Number).Should().Equal(Enumerable.Range(0, Small.Slots), "what came first is kept");
        receiver.ReadStatistics().Should().Be((sent, sent - Small.Slots));
        sender.Send(Frame(sent, 46));
        Read(receiver, 1, Number).Should().Equal([sent], "there is room again");
    }

    [Fact]
    public void Long_packets_for_which_the_receive_buffer_has_no_room_are_counted_and_the_short_ones_among_them_kept()
    {
        using var receiver = Open(ring: true, buffer: 8192);
        const int sent = 200;

        for (var i = 0; i < sent; i++)
            sender.Send(Frame(i, i % 2 == 0 ? 46 : 1500));

        SpinWait.SpinUntil(() => receiver.ReadStatistics().Received == sent, Patience).Should().BeTrue();
        var seen = Read(receiver, sent / 2, Number);
        seen.Where(each => each % 2 == 0).Should().Equal(Enumerable.Range(0, sent / 2).Select(i => 2 * i));
        seen.Should().BeInAscendingOrder().And.HaveCountLessThan(sent);
        receiver.ReadStatistics().Should().Be((sent, sent - seen.Count));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_interface_that_goes_down_is_told_once_and_heard_again_when_it_is_up(bool ring)
    {
        using var receiver = Open(ring);
        var reader = receiver.Reader();

        there.Ip("link set eth0 down");

        receiver.WaitForPacket(Patience).Should().BeTrue();
        reader.Invoking(each => each.Receive()).Should().Throw<LinuxException>().Which.Error.Should().Be(Errno.NetworkDown);
        reader.Receive().Should().Be(0);
        receiver.WaitForPacket(TimeSpan.Zero).Should().BeFalse();

        there.Ip("link set eth0 up");
        while (!here.Ip("-o link show eth0").Contains("state UP", StringComparison.Ordinal))
        {
        }

        sender.Send(Frame(7, 46));
        Read(receiver, 1, Number).Should().Equal(7);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_came_before_the_interface_was_removed_is_still_read(bool ring)
    {
        using var receiver = Open(ring);
        var reader = receiver.Reader();
        sender.Send(Frame(7, 46));
        SpinWait.SpinUntil(() => receiver.ReadStatistics().Received == 1, Patience).Should().BeTrue();

        there.Ip("link delete eth0");

        var told = 0;
        var seen = new List<int>();
        while (told == 0 || seen.Count == 0)
        {
            receiver.WaitForPacket(Patience).Should().BeTrue();
            try
            {
                for (var count = reader.Receive(); count > 0; count = reader.Receive())
                    seen.Add(Number(reader[0]));
            }
            catch (LinuxException gone) when (gone.Error is Errno.NetworkDown)
            {
                told++;
            }
        }

        seen.Should().Equal(7);
        told.Should().Be(1);
    }

    [Fact]
    public async Task A_closed_ring_is_read_no_more_and_receives_no_more()
    {
        var receiver = Open(ring: true);
        var reader = receiver.Reader();
        sender.Send(Frame(1, 46));
        receiver.WaitForPacket(Patience).Should().BeTrue();
        reader.Receive().Should().Be(1);
        Sockets().Should().ContainSingle();

        receiver.Dispose();

        reader.Invoking(each => each.Receive()).Should().Throw<ObjectDisposedException>();
        reader.Invoking(each => each[0].OriginalLength).Should().Throw<ObjectDisposedException>();
        // A process that another test starts at this moment has a copy of it until it executes its program.
        await Eventually.Is(() => Sockets().Length == 0, () => $"memory left mapped keeps {string.Join(", ", Sockets())}");

        string[] Sockets() => there.Run(() => File.ReadAllLines("/proc/thread-self/net/packet")[1..]);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using var receiver = Open(ring: true);
        var reader = receiver.Reader();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 500; i++)
                sender.Send(Frame(i, i % 10 == 0 ? 1500 : 46));
            SpinWait.SpinUntil(() => receiver.ReadStatistics().Received == 500 * (round + 1), Patience).Should().BeTrue();
            var (before, seen) = (GC.GetAllocatedBytesForCurrentThread(), 0);
            while (reader.Receive() is > 0 and var count)
            {
                for (var i = 0; i < count; i++)
                    seen += reader[i].Bytes.Length > 0 ? 1 : 0;
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            seen.Should().Be(500);
            if (round > 0)
                allocated.Should().Be(0);
        }
    }

    [Theory]
    [InlineData(1000, 256)]
    [InlineData(0, 256)]
    [InlineData(1024, 64)]
    [InlineData(1024, 200)]
    public void Measures_that_the_kernel_does_not_take_are_refused(int slots, int slotLength)
    {
        var open = () =>
            there.Run(() =>
                PacketSocket.Open(
                    "eth0", new PacketSocketOptions { Ring = new PacketRingOptions { Slots = slots, SlotLength = slotLength } }));

        open.Should().Throw<ArgumentException>();
    }

    private static byte[] Frame(int number, int payload, MacAddress source = default)
    {
        var frame = new byte[14 + payload];
        new MacAddress(0x0100_5E00_0016).Write(frame);
        source.Write(frame.AsSpan(6));
        (frame[12], frame[13]) = (Protocol >> 8, Protocol & 0xFF);
        BitConverter.TryWriteBytes(frame.AsSpan(14), number);
        frame[^1] = 0x5A;
        return frame;
    }

    private static int Number(ReceivedPacket packet) => BitConverter.ToInt32(packet.Bytes[14..]);

    /// <summary>Reads until there are as many as expected and no more.</summary>
    private static List<T> Read<T>(PacketSocket socket, int atLeast, Func<ReceivedPacket, T> pick)
    {
        var picked = new List<T>();
        var reader = socket.Reader();
        do
        {
            socket.WaitForPacket(picked.Count < atLeast ? Patience : TimeSpan.Zero);
            for (var count = reader.Receive(); count > 0; count = reader.Receive())
            {
                for (var i = 0; i < count; i++)
                    picked.Add(pick(reader[i]));
            }
        }
        while (picked.Count < atLeast);
        return picked;
    }

    private PacketSocket Open(bool ring, int buffer = 4 << 20) => there.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions
    {
        Protocol = Protocol,
        IgnoreOutgoing = true,
        ReceiveBufferBytes = buffer,
        Ring = ring ? Small : null,
    }));
}
