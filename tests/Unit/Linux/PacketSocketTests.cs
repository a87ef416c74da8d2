using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>Packet sockets on a veth pair, each end in a namespace of its own.</summary>
public sealed class PacketSocketTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public PacketSocketTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    [Fact]
    public void A_frame_arrives_with_its_bytes_type_sender_and_stamp()
    {
        using var sender = here.Run(() => PacketSocket.Open("eth0"));
        using var receiver = there.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { IgnoreOutgoing = true }));
        using var batch = new PacketBatch(4, 32);
        var from = here.Run(() => LinkInfo.Read("eth0")).Mac;
        var frame = Frame(from, 0x88B5, new byte[46]);
        var before = KernelClock.RealTime;

        sender.Send(frame);

        receiver.WaitForPacket(Patience).Should().BeTrue();
        receiver.Receive(batch).Should().Be(1);
        var packet = batch[0];
        packet.Bytes.ToArray().Should().Equal(frame[..32], "the batch keeps 32 bytes of each packet");
        packet.OriginalLength.Should().Be(60);
        packet.Protocol.Should().Be(0x88B5);
        packet.Sender.Should().Be(from);
        packet.Type.Should().Be(PacketType.Multicast);
        packet.InterfaceIndex.Should().Be(there.Run(() => LinkInfo.Read("eth0")).Index);
        packet.At.Nanoseconds.Should().BeInRange(before.Nanoseconds, KernelClock.RealTime.Nanoseconds);
        receiver.Receive(batch).Should().Be(0);
    }

    // The kernel stamps only while a socket asks for it, and begins a moment after the first one has asked.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_packets_have_the_stamp_of_their_arrival_not_of_their_reading(bool ring)
    {
        using var sender = here.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { Protocol = 0 }));
        var options = new PacketSocketOptions { Protocol = 0x88B5, Ring = ring ? new PacketRingOptions { Slots = 1_024 } : null };
        var frame = Frame(here.Run(() => LinkInfo.Read("eth0")).Mac, 0x88B5, new byte[46]);
        for (var opening = 0; opening < 20; opening++)
        {
            // Meanwhile it stops, where no other test's socket has it go on.
            here.Ip("link show");
            using var receiver = there.Run(() => PacketSocket.Open("eth0", options));

            sender.Send(frame);

            receiver.WaitForPacket(Patience).Should().BeTrue();
            var arrived = KernelClock.RealTime;
            var reader = receiver.Reader();
            reader.Receive().Should().Be(1);
            reader[0].At.Should().BeLessThan(arrived);
        }
    }

    [Fact]
    public void The_filter_lets_only_its_protocols_pass_with_and_without_link_header()
    {
        using var sender = here.Run(() =>
            PacketSocket.Open("eth0", new PacketSocketOptions { LinkHeader = false, Filter = PacketFilter.Nothing }));
        using var framed = there.Run(() =>
            PacketSocket.Open("eth0", new PacketSocketOptions { Filter = PacketFilter.Of(Dialect.Igmp.Filter) }));
        using var bare = there.Run(() =>
            PacketSocket.Open("eth0", new PacketSocketOptions { LinkHeader = false, Filter = PacketFilter.Ipv4(17, 2) }));
        using var batch = new PacketBatch();
        var group = MacAddress.ForGroup(Address.Parse("224.0.0.22"));

        foreach (var protocol in (byte[])[2, 17, 6, 2])
        {
            var packet = new byte[20];
            packet[0] = 0x45;
            packet[9] = protocol;
            sender.Send(packet, PacketSocketOptions.Ipv4, group);
        }

        ReceiveAll(framed, batch, 2, packet => (int)packet.Bytes[14 + 9]).Should().Equal(2, 2);
        ReceiveAll(bare, batch, 3, packet => (int)packet.Bytes[9]).Should().Equal(2, 17, 2);
        ReceiveAll(sender, batch, 0, packet => packet.Bytes[9]).Should().BeEmpty();
    }

    [Fact]
    public void A_sequence_of_frames_is_sent_in_its_order_and_from_any_place_in_it()
    {
        using var sender = here.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { Protocol = 0 }));
        using var receiver = there.Run(() =>
            PacketSocket.Open("eth0", new PacketSocketOptions { IgnoreOutgoing = true, Protocol = 0x88B5 }));
        using var batch = new PacketBatch(1024);
        // More than the kernel takes with one call.
        using var frames = new FrameSequence([.. Enumerable.Range(0, 1_500).Select(i => Frame(default, 0x88B5, BitConverter.GetBytes(i)))]);

        sender.Send(frames, 0, frames.Count);
        ReceiveAll(receiver, batch, frames.Count, packet => BitConverter.ToInt32(packet.Bytes[14..]))
            .Should()
            .Equal(Enumerable.Range(0, 1_500));

        sender.Send(frames, 7, 2);
        sender.Send(frames, frames.Count, 0);
        ReceiveAll(receiver, batch, 2, packet => BitConverter.ToInt32(packet.Bytes[14..])).Should().Equal(7, 8);
        FluentActions.Invoking(() => sender.Send(frames, 1_499, 2)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Packets_that_do_not_fit_the_buffer_are_counted()
    {
        using var sender = here.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { Filter = PacketFilter.Nothing }));
        using var receiver = there.Run(() =>
            PacketSocket.Open("eth0", new PacketSocketOptions { ReceiveBufferBytes = 8192, IgnoreOutgoing = true }));
        using var batch = new PacketBatch(256);
        const int sent = 200;

        for (var i = 0; i < sent; i++)
            sender.Send(Frame(default, 0x88B5, new byte[1000]));

        SpinWait.SpinUntil(() => receiver.ReadStatistics().Received == sent, Patience).Should().BeTrue();
        var kept = receiver.Receive(batch);
        var (received, dropped) = receiver.ReadStatistics();
        kept.Should().BeLessThan(sent);
        received.Should().Be(sent);
        dropped.Should().Be(sent - kept);
        receiver.ReadStatistics().Should().Be((received, dropped), "reading the kernel's counters resets them, ours go on");
    }

    [Fact]
    public void A_missing_interface_is_named()
    {
        var open = () => here.Run(() => PacketSocket.Open("eth7"));

        open.Should().Throw<LinuxException>().WithMessage("*eth7*ENODEV*").Which.Error.Should().Be(Errno.NoSuchDevice);
    }

    [Fact]
    public void An_interface_tells_its_address_and_state()
    {
        here.Ip("link set eth0 mtu 1400");
        var link = here.Run(() => LinkInfo.Read("eth0"));

        link.Mtu.Should().Be(1400);
        link.Address.Should().Be(Address.Parse("10.0.0.1"));
        link.Up.Should().BeTrue();
        here.Ip("address del 10.0.0.1/24 dev eth0");
        here.Ip("link set eth0 down");
        link = here.Run(() => LinkInfo.Read("eth0"));
        link.Address.Should().BeNull();
        link.Up.Should().BeFalse();
    }

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    private static byte[] Frame(MacAddress source, ushort protocol, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[14 + payload.Length];
        new MacAddress(0x0100_5E00_0016).Write(frame);
        source.Write(frame.AsSpan(6));
        frame[12] = (byte)(protocol >> 8);
        frame[13] = (byte)protocol;
        payload.CopyTo(frame.AsSpan(14));
        return frame;
    }

    private static List<T> ReceiveAll<T>(PacketSocket socket, PacketBatch batch, int expected, Func<ReceivedPacket, T> pick)
    {
        var picked = new List<T>();
        while (picked.Count < expected && socket.WaitForPacket(Patience))
            Take();
        Take();
        return picked;

        void Take()
        {
            socket.Receive(batch);
            for (var i = 0; i < batch.Count; i++)
                picked.Add(pick(batch[i]));
        }
    }
}
