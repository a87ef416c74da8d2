using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using Xunit;

namespace MulticastLab.Tests.Packets.Captures;

/// <summary>What is written is read again: both formats, both byte orders, both resolutions.</summary>
public sealed class CaptureRoundTripTests
{
    private static readonly byte[] First = [1, 2, 3, 4, 5];
    private static readonly byte[] Second = [.. Enumerable.Range(0, 1500).Select(each => (byte)each)];
    private static readonly Instant At = new(1_700_000_000_123_456_789);

    [Theory]
    [InlineData(ByteOrder.LittleEndian)]
    [InlineData(ByteOrder.BigEndian)]
    public void Pcapng_keeps_interfaces_stamps_comments_and_directions(ByteOrder byteOrder)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, "the whole story", byteOrder, leaveOpen: true))
        {
            var lan = writer.AddInterface("lanA", "the LAN between r1 and h1");
            writer.WritePacket(lan, At, First, "querier-election, step 2\nr2 takes over ✓", PacketDirection.Outbound);
            var other = writer.AddInterface("lanB", linkType: LinkType.Raw);
            writer.WritePacket(other, new Instant(0), Second, ["one", "", "three"], PacketDirection.Inbound);
            writer.WritePacket(lan, new Instant(long.MaxValue), [], [], originalLength: 9000);
        }

        using var reader = CaptureReader.Open(Rewound(file));
        var packets = reader.ReadAll().ToList();

        reader.Format.Should().Be(CaptureFormat.Pcapng);
        reader.ByteOrder.Should().Be(byteOrder);
        reader.SectionComments.Should().Equal("the whole story");
        reader.Interfaces.Should().Equal(
            new CaptureInterface(0, LinkType.Ethernet, "lanA", "the LAN between r1 and h1"),
            new CaptureInterface(1, LinkType.Raw, "lanB", null));
        packets.Should().HaveCount(3);
        packets[0].InterfaceName.Should().Be("lanA");
        packets[0].At.Should().Be(At);
        packets[0].Data.ToArray().Should().Equal(First);
        packets[0].OriginalLength.Should().Be(5);
        packets[0].Comments.Should().Equal("querier-election, step 2\nr2 takes over ✓");
        packets[0].Direction.Should().Be(PacketDirection.Outbound);
        packets[1].InterfaceId.Should().Be(1);
        packets[1].At.Should().Be(Instant.Epoch);
        packets[1].Data.ToArray().Should().Equal(Second);
        packets[1].Comments.Should().Equal("one", "three");
        packets[1].Direction.Should().Be(PacketDirection.Inbound);
        packets[2].At.Should().Be(new Instant(long.MaxValue));
        packets[2].Data.Length.Should().Be(0);
        packets[2].OriginalLength.Should().Be(9000);
        packets[2].Comments.Should().BeEmpty();
        packets[2].Direction.Should().Be(PacketDirection.Unknown);
    }

    [Theory]
    [InlineData(ByteOrder.LittleEndian, true, 123_456_789)]
    [InlineData(ByteOrder.BigEndian, true, 123_456_789)]
    [InlineData(ByteOrder.LittleEndian, false, 123_456_000)]
    [InlineData(ByteOrder.BigEndian, false, 123_456_000)]
    public void Pcap_keeps_stamps_and_lengths(ByteOrder byteOrder, bool nanoseconds, long fraction)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapWriter(file, LinkType.Ethernet, nanoseconds, byteOrder, leaveOpen: true))
        {
            writer.WritePacket(At, First);
            writer.WritePacket(At, Second, originalLength: 9000);
        }

        using var reader = CaptureReader.Open(Rewound(file));
        var packets = reader.ReadAll().ToList();

        reader.Format.Should().Be(CaptureFormat.Pcap);
        reader.ByteOrder.Should().Be(byteOrder);
        reader.Interfaces.Should().Equal(new CaptureInterface(0, LinkType.Ethernet, null, null));
        reader.SectionComments.Should().BeEmpty();
        packets.Select(each => each.At).Should().Equal(
            new Instant(1_700_000_000_000_000_000 + fraction), new Instant(1_700_000_000_000_000_000 + fraction));
        packets.Select(each => each.OriginalLength).Should().Equal(5, 9000);
        packets[0].Data.ToArray().Should().Equal(First);
        packets[1].Data.ToArray().Should().Equal(Second);
    }

    [Fact]
    public void A_stream_that_gives_a_byte_at_a_time_is_read_all_the_same()
    {
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, leaveOpen: true))
            writer.WritePacket(writer.AddInterface("lanA"), At, Second, "a comment");

        using var reader = CaptureReader.Open(new DripStream(file.ToArray()));

        reader.ReadAll().Should().ContainSingle().Which.Data.ToArray().Should().Equal(Second);
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        using var pcapng = new PcapngWriter(new MemoryStream());
        using var pcap = new PcapWriter(new MemoryStream());
        var lan = pcapng.AddInterface("lanA");

        FluentActions
            .Invoking(() => pcapng.WritePacket(lan + 1, At, First))
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithParameterName("interfaceId");
        FluentActions.Invoking(() => pcapng.WritePacket(lan, new Instant(-1), First)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => pcapng.WritePacket(lan, At, new byte[(256 * 1024) + 1])).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => pcapng.WritePacket(lan, At, First, new string('x', 65536))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => pcap.WritePacket(new Instant(-1), First)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => pcap.WritePacket(Instant.Never, First)).Should().Throw<ArgumentOutOfRangeException>();
    }

    private static MemoryStream Rewound(MemoryStream file)
    {
        file.Position = 0;
        return file;
    }

    /// <summary>Gives one byte per read, as a slow pipe may.</summary>
    private sealed class DripStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
