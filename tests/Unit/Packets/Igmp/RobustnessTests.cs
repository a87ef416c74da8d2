using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>Whatever bytes come in: no exception, no allocation, and a result.</summary>
public sealed class RobustnessTests
{
    private const int Count = 100_000;

    [Fact]
    public void A_hundred_thousand_hostile_packets_are_read_without_exception_or_allocation()
    {
        var random = new Random(20250301);
        var packets = new byte[Count][];
        for (var i = 0; i < Count; i++)
            packets[i] = i % 4 == 0 ? Mutations.Noise(random) : Mutations.AnyPacket(random);
        var seen = new int[Enum.GetValues<PacketError>().Length];
        Walk(packets[0], seen);
        Array.Clear(seen);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0L;
        foreach (var packet in packets)
            sum += Walk(packet, seen);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.Should().Be(0);
        sum.Should().NotBe(0);
        seen.Sum().Should().Be(Count);
        // The sample reaches every error of these layers, and enough of it is sound.
        seen[(int)PacketError.None].Should().BeGreaterThan(Count / 20);
        Enum.GetValues<PacketError>()
            .Where(each =>
                each.ToString().StartsWith("Ipv4", StringComparison.Ordinal) || each.ToString().StartsWith("Igmp", StringComparison.Ordinal)
            )
            .Append(PacketError.NotIgmp)
            .Where(error => seen[(int)error] == 0)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Hostile_frames_are_decoded_without_exception()
    {
        var random = new Random(4604);
        var links = Enum.GetValues<LinkType>();
        for (var i = 0; i < 20_000; i++)
        {
            var packet = i % 4 == 0 ? Mutations.Noise(random) : Mutations.AnyPacket(random);
            var frame = i % 2 == 0 ? Packet.Ethernet(packet) : packet;
            var linkType = i % 2 == 0 ? LinkType.Ethernet : links[i / 2 % links.Length];

            var decoded = FrameDecoder.Decode(frame, linkType);

            decoded.ToString().Should().NotBeNullOrEmpty();
            if (decoded.Layers.SelectMany(layer => layer.Children).Any(each => each.Offset < 0 || each.Offset + each.Length > frame.Length))
                Assert.Fail($"A field lies outside the frame {Convert.ToHexString(frame)}:\n{decoded.ToTree()}");
        }
    }

    [Fact]
    public void Every_beginning_of_a_packet_is_read_without_exception()
    {
        var packet = Packet.Igmp(
            "22000000 00000003 04000000 ef010101 05010002 e8010101 c0000201 c0000202 11223344 06000001 ef010102 c0000201 0000");
        var seen = new int[Enum.GetValues<PacketError>().Length];

        for (var length = 0; length < packet.Length; length++)
        {
            var cut = packet[..length];
            IgmpPacket
                .TryRead(cut, out _)
                .Should()
                .Be(
                    length < 20 ? PacketError.Ipv4TooShort
                    : length < 24 ? PacketError.Ipv4HeaderLength
                    : PacketError.Ipv4Truncated);
            if (length >= 24)
                Walk(Packet.Igmp(cut[24..]), seen);
        }
    }

    // Reads everything that a protocol core could read.
    private static long Walk(byte[] bytes, int[] seen)
    {
        if (Ipv4View.TryRead(bytes, out var ip) == PacketError.None && ip.Protocol == IpProtocol.Udp)
            _ = UdpView.TryRead(ip, out _);
        var error = IgmpPacket.TryRead(bytes, out var packet);
        seen[(int)error]++;
        if (error != PacketError.None)
            return 0;
        var sum = (long)packet.Envelope.Source.V4Bits + packet.Envelope.TimeToLive;
        switch (packet.Type)
        {
            case IgmpType.MembershipQuery:
                var query = packet.Query;
                sum += query.MaxResponseTime.Ticks + query.QueryInterval.Ticks + query.RobustnessVariable + (int)query.Kind;
                foreach (var source in query.Sources)
                    sum += source.V4Bits;
                break;
            case IgmpType.V3MembershipReport:
                foreach (var record in packet.Report)
                {
                    sum += record.Group.V4Bits + (long)record.Type;
                    foreach (var source in record.Sources)
                        sum += source.V4Bits;
                }

                break;
            default:
                sum += packet.Group.V4Bits;
                break;
        }

        return sum;
    }
}
