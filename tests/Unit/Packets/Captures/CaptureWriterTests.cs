using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using Xunit;

namespace MulticastLab.Tests.Packets.Captures;

/// <summary>
/// What is written is right byte by byte: what our own reader forgives, such as options without an end, another program may not.
/// </summary>
public sealed class CaptureWriterTests
{
    private static readonly Instant At = new(0x0123_4567_89AB_CDEF);

    // Each block: type, length; body; options; length.
    [Fact]
    public void A_pcapng_file() => Pcapng(new RecordingStream()).Bytes.Should().Equal(Hex.Bytes(
        "0a0d0d0a 3c000000" + "4d3c2b1a 0100 0000 ffffffff ffffffff"
        + "0100 0100 78000000" + "0400 0d00 4d756c74 69636173 74204c61 62000000" + "0000 0000" + "3c000000"
        + "01000000 34000000" + "0100 0000 00000000"
        + "0200 0400 6c616e41" + "0300 0500 61204c41 4e000000" + "0900 0100 09000000" + "0000 0000" + "34000000"
        + "01000000 20000000" + "6500 0000 00000000" + "0900 0100 09000000" + "0000 0000" + "20000000"
        + "06000000 3c000000" + "00000000 67452301 efcdab89 05000000 05000000 01020304 05000000"
        + "0100 0100 79000000" + "0200 0400 02000000" + "0000 0000" + "3c000000"
        + "06000000 20000000" + "01000000 00000000 00000000 00000000 28230000" + "20000000"));

    [Fact]
    public void A_pcapng_file_with_the_high_byte_first() =>
        Pcapng(new RecordingStream(), ByteOrder.BigEndian)
            .Bytes.Should()
            .Equal(
                Hex.Bytes(
                    "0a0d0d0a 0000003c"
                        + "1a2b3c4d 0001 0000 ffffffff ffffffff"
                        + "0001 0001 78000000"
                        + "0004 000d 4d756c74 69636173 74204c61 62000000"
                        + "0000 0000"
                        + "0000003c"
                        + "00000001 00000034"
                        + "0001 0000 00000000"
                        + "0002 0004 6c616e41"
                        + "0003 0005 61204c41 4e000000"
                        + "0009 0001 09000000"
                        + "0000 0000"
                        + "00000034"
                        + "00000001 00000020"
                        + "0065 0000 00000000"
                        + "0009 0001 09000000"
                        + "0000 0000"
                        + "00000020"
                        + "00000006 0000003c"
                        + "00000000 01234567 89abcdef 00000005 00000005 01020304 05000000"
                        + "0001 0001 79000000"
                        + "0002 0004 00000002"
                        + "0000 0000"
                        + "0000003c"
                        + "00000006 00000020"
                        + "00000001 00000000 00000000 00000000 00002328"
                        + "00000020"));

    [Fact]
    public void A_pcap_file() => Pcap(new RecordingStream()).Bytes.Should().Equal(Hex.Bytes(
        "4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000" + "15cd5b07 03000000 02000000 28230000 0102"));

    [Fact]
    public void A_pcap_file_with_the_high_byte_first() => Pcap(new RecordingStream(), ByteOrder.BigEndian).Bytes.Should().Equal(Hex.Bytes(
        "a1b23c4d 0002 0004 00000000 00000000 00040000 00000001" + "075bcd15 00000003 00000002 00002328 0102"));

    // Whoever reads a file that is being written finds whole blocks.
    [Fact]
    public void Each_block_and_each_packet_is_written_in_one_piece()
    {
        Pcapng(new RecordingStream()).Pieces.Should().Equal(60, 52, 32, 60, 32);
        Pcap(new RecordingStream()).Pieces.Should().Equal(24, 18);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_the_end_the_stream_is_flushed_and_closed_unless_it_is_to_stay_open(bool leaveOpen)
    {
        var (pcapng, pcap) = (new RecordingStream(), new RecordingStream());

        new PcapngWriter(pcapng, leaveOpen: leaveOpen).Dispose();
        new PcapWriter(pcap, leaveOpen: leaveOpen).Dispose();

        foreach (var stream in (RecordingStream[])[pcapng, pcap])
            (stream.IsFlushed, stream.CanWrite).Should().Be((true, leaveOpen));
    }

    [Fact]
    public void Without_being_told_otherwise_the_stream_is_closed()
    {
        var (pcapng, pcap) = (new RecordingStream(), new RecordingStream());

        new PcapngWriter(pcapng).Dispose();
        new PcapWriter(pcap).Dispose();

        (pcapng.CanWrite, pcap.CanWrite).Should().Be((false, false));
    }

    [Fact]
    public void The_most_that_can_be_written_is_written()
    {
        var most = new byte[256 * 1024];
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, leaveOpen: true))
            writer.WritePacket(writer.AddInterface("lanA"), At, most, new string('x', 65_535));
        file.Position = 0;
        using var reader = CaptureReader.Open(file);

        var packet = reader.ReadAll().Should().ContainSingle().Subject;

        packet.Data.Length.Should().Be(most.Length);
        packet.Comments.Should().ContainSingle().Which.Length.Should().Be(65_535);
        using var pcap = new PcapWriter(new MemoryStream());
        pcap.Invoking(each => each.WritePacket(At, most)).Should().NotThrow();
        pcap.Invoking(each => each.WritePacket(At, new byte[most.Length + 1])).Should().Throw<ArgumentOutOfRangeException>();
    }

    // 16 MiB are 32 bytes of a packet without data, 255 comments of 65,536 bytes with their frames, one of 65,500 and the end of the
    // options.
    [Fact]
    public void A_block_that_no_reader_would_take_is_refused_and_nothing_of_it_is_written()
    {
        var file = new RecordingStream();
        using var writer = new PcapngWriter(file);
        var lan = writer.AddInterface("lanA");

        writer.WritePacket(lan, At, [], Comments(65_496));
        writer.Invoking(each => each.WritePacket(lan, At, [], Comments(65_497))).Should().Throw<ArgumentException>();
        writer
            .Invoking(each => each.WritePacket(-1, At, []))
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithParameterName("interfaceId");

        file.Pieces.Skip(2).Should().Equal(16 << 20);

        static List<string> Comments(int last) => [.. Enumerable.Repeat(new string('x', 65_532), 255), new string('x', last)];
    }

    private static RecordingStream Pcapng(RecordingStream stream, ByteOrder byteOrder = ByteOrder.LittleEndian)
    {
        using var writer = new PcapngWriter(stream, "x", byteOrder);
        var lan = writer.AddInterface("lanA", "a LAN");
        var other = writer.AddInterface("", linkType: LinkType.Raw);
        writer.WritePacket(lan, At, [1, 2, 3, 4, 5], "y", PacketDirection.Outbound);
        writer.WritePacket(other, Instant.Epoch, [], [], originalLength: 9000);
        return stream;
    }

    private static RecordingStream Pcap(RecordingStream stream, ByteOrder byteOrder = ByteOrder.LittleEndian)
    {
        using var writer = new PcapWriter(stream, byteOrder: byteOrder);
        writer.WritePacket(new Instant(123_456_789_000_000_003), [1, 2], originalLength: 9000);
        return stream;
    }

    /// <summary>Keeps what was written and in which pieces.</summary>
    private sealed class RecordingStream : MemoryStream
    {
        public byte[] Bytes => ToArray();

        public List<int> Pieces { get; } = [];

        public bool IsFlushed { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Pieces.Add(buffer.Length);
            base.Write(buffer);
        }

        public override void Flush() => IsFlushed = true;
    }
}
