using FluentAssertions;
using MulticastLab.Packets.Captures;
using Xunit;

namespace MulticastLab.Tests.Packets.Captures;

/// <summary>Wrong files: each gives its named error with the offset, none takes memory that it does not have bytes for.</summary>
public sealed class CaptureErrorTests
{
    private const string Section = "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 1c000000";
    private const string Interface = "01000000 14000000 01000000 00000000 14000000";
    private const string Packet = "06000000 24000000 00000000 00000000 00000000 04000000 04000000 01020304 24000000";
    private const string Pcap = "d4c3b2a1 02000400 00000000 00000000 00000400 01000000";

    public static TheoryData<string, string, CaptureError, int> Wrong =>
        new()
        {
            { "an empty file", "", CaptureError.Truncated, 0 },
            { "another kind of file", "7f454c46", CaptureError.UnknownFormat, 0 },
            { "pcap: version 3", "d4c3b2a1 03000400 00000000 00000000 00000400 01000000", CaptureError.UnsupportedVersion, 4 },
            { "pcap: header cut", "d4c3b2a1 02000400 00000000", CaptureError.Truncated, 0 },
            { "pcap: packet header cut", Pcap + "00000000 00000000 04", CaptureError.Truncated, 24 },
            { "pcap: packet cut", Pcap + "00000000 00000000 04000000 04000000 010203", CaptureError.Truncated, 24 },
            { "pcap: packet without a byte", Pcap + "00000000 00000000 04000000 04000000", CaptureError.Truncated, 24 },
            { "pcap: packet of 4 GiB", Pcap + "00000000 00000000 ffffffff 04000000", CaptureError.TooLong, 32 },
            { "byte-order magic", "0a0d0d0a 1c000000 11223344 01000000 ffffffff ffffffff 1c000000", CaptureError.ByteOrderMagic, 8 },
            { "version 2", "0a0d0d0a 1c000000 4d3c2b1a 02000000 ffffffff ffffffff 1c000000", CaptureError.UnsupportedVersion, 12 },
            { "section header too short", "0a0d0d0a 18000000 4d3c2b1a 01000000 ffffffff 18000000", CaptureError.BlockLength, 4 },
            { "section header cut", "0a0d0d0a 1c000000 4d3c2b1a 01000000", CaptureError.Truncated, 0 },
            { "section header of 2 GiB", "0a0d0d0a 00000080 4d3c2b1a 01000000 ffffffff ffffffff", CaptureError.TooLong, 4 },
            {
                "section header with two lengths",
                "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 20000000",
                CaptureError.BlockLengthMismatch,
                0
            },
            { "block type cut", Section + "0600", CaptureError.Truncated, 28 },
            { "block length cut", Section + "06000000 2400", CaptureError.Truncated, 28 },
            { "block length odd", Section + "01000000 15000000 01000000 00000000 00000000 15000000", CaptureError.BlockLength, 32 },
            { "block length zero", Section + "01000000 00000000", CaptureError.BlockLength, 32 },
            { "block of 4 GiB", Section + "01000000 fcffffff", CaptureError.TooLong, 32 },
            { "unknown block of 4 GiB", Section + "0b000000 fcffffff 00000000", CaptureError.Truncated, 28 },
            { "unknown block too short", Section + "0b000000 08000000", CaptureError.BlockLength, 32 },
            { "unknown block with two lengths", Section + "0b000000 10000000 00000000 14000000", CaptureError.BlockLengthMismatch, 28 },
            { "gzip: no compressed data", "1f8b0800 00000000 0003 ffffffff ffffffff", CaptureError.Compression, 0 },
            { "gzip: nothing after the header", "1f8b0800 00000000 0003", CaptureError.Compression, 0 },
        };

    // The block's length is right, so that what follows can be read.
    public static TheoryData<string, string, CaptureError, int> Odd => new()
    {
        { "packet before its interface", Section + Packet, CaptureError.UnknownInterface, 28 },
        { "simple packet before its interface", Section + "03000000 10000000 00000000 10000000", CaptureError.UnknownInterface, 28 },
        { "packet longer than its "
            + "block", Section + Interface + Packet.Replace("04000000 04000000", "05000000 05000000", StringComparison.Ordinal),
                CaptureError.PacketLength, 68 },
        { "packet of 4 GiB", Section + Interface + Packet.Replace("04000000 04000000", "ffffffff ffffffff", StringComparison.Ordinal),
            CaptureError.TooLong, 68 },
        { "simple packet longer than its block", Section + Interface + "03000000 14000000 08000000 01020304 "
            + "14000000", CaptureError.PacketLength, 56 },
        { "old packet before its "
            + "interface", Section + Packet.Replace("06000000 24", "02000000 24", StringComparison.Ordinal),
                CaptureError.UnknownInterface, 28 },
        {
            "option beyond its block",
            Section + "01000000 1c000000 01000000 00000000 02000800 6c616e41 1c000000",
            CaptureError.Options, 44
        },
        {
            "time stamp resolution of two bytes",
            Section + "01000000 1c000000 01000000 00000000 09000200 09000000 1c000000",
            CaptureError.Options, 44
        },
        {
            "option of a packet beyond its block",
            Section + Interface + Packet.Replace("24000000", "2c000000", StringComparison.Ordinal).Replace(
                "01020304", "01020304 01000800 6c616e41", StringComparison.Ordinal),
            CaptureError.Options, 80
        },
        {
            "option of the section cut off",
            "0a0d0d0a 20000000 4d3c2b1a 01000000 ffffffff ffffffff 01000400 20000000" + Interface,
            CaptureError.Options, 24
        },
        {
            "flags of two bytes",
            Section + Interface + Packet.Replace("24000000", "2c000000", StringComparison.Ordinal).Replace(
                "01020304", "01020304 02000200 01000000", StringComparison.Ordinal),
            CaptureError.Options, 80
        },
        { "unknown block", Section + Interface + "0b000000 10000000 deadbeef 10000000", CaptureError.UnknownBlock, 48 },
        { "custom block", Section + Interface + "ad0b0000 10000000 deadbeef 10000000", CaptureError.UnknownBlock, 48 },
        {
            "time stamp beyond the year 2262",
            Section + Interface + Packet.Replace("00000000 00000000 00000000", "00000000 ffffffff ffffffff", StringComparison.Ordinal),
            CaptureError.Timestamp, 60
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_file_gives_its_error_and_the_offset(string because, string hex, CaptureError error, int offset)
    {
        var thrown = FluentActions.Invoking(() => ReadAll(Hex.Bytes(hex))).Should().Throw<CaptureException>(because).Which;

        thrown.Error.Should().Be(error, because);
        thrown.Offset.Should().Be(offset, because);
        thrown.Message.Should().Contain($"at byte {offset}");
    }

    [Theory]
    [MemberData(nameof(Odd))]
    public void An_odd_block_is_told_with_its_offset_and_what_follows_is_read(string because, string hex, CaptureError error, int offset)
    {
        using var reader = CaptureReader.Open(new MemoryStream(Hex.Bytes(hex + Section + Interface + Packet)));
        var packets = reader.ReadAll().ToList();

        var notice = packets.SelectMany(each => each.Notices).Concat(reader.Notices).Should().ContainSingle(because).Subject;
        notice.Error.Should().Be(error, because);
        notice.Offset.Should().Be(offset, because);
        notice.Text.Should().EndWith($"(at byte {offset})");
        packets[^1].Data.ToArray().Should().Equal(1, 2, 3, 4);
        packets[^1].Notices.Should().BeEmpty();
    }

    [Fact]
    public void Every_error_is_in_the_catalogue() =>
        Wrong.Concat(Odd).Select(row => row.Data.Item3).Distinct().Should().BeEquivalentTo(Enum.GetValues<CaptureError>());

    [Fact]
    public void A_packet_whose_record_is_odd_is_there_with_what_can_be_read_of_it()
    {
        using var reader = CaptureReader.Open(new MemoryStream(Hex.Bytes(
            Section + Packet
            + Interface + Packet.Replace("00000000 00000000 00000000", "00000000 ffffffff ffffffff", StringComparison.Ordinal)
            + Packet.Replace("04000000 04000000", "09000000 09000000", StringComparison.Ordinal))));
        var packets = reader.ReadAll().ToList();

        packets.Should().HaveCount(3).And.OnlyContain(each => each.Data.ToArray().SequenceEqual(new byte[] { 1, 2, 3, 4 }));
        packets[0].Interface.Should().BeSameAs(CaptureInterface.Undescribed);
        packets[0].HasTimestamp.Should().BeFalse("its unit is not known");
        packets[1].HasTimestamp.Should().BeFalse();
        packets[2].OriginalLength.Should().Be(9);
    }

    [Fact]
    public void A_packet_of_more_than_256_KiB_in_a_sound_block_is_cut()
    {
        const int Length = (256 * 1024) + 4;
        var block = Length + 32;
        using var reader = CaptureReader.Open(new MemoryStream(
        [
            .. Hex.Bytes(Section + Interface + "06000000"), .. BitConverter.GetBytes(block), .. new byte[12],
            .. BitConverter.GetBytes(Length), .. BitConverter.GetBytes(Length), .. new byte[Length], .. BitConverter.GetBytes(block),
            .. Hex.Bytes(Packet),
        ]));

        var packets = reader.ReadAll().ToList();

        packets.Should().HaveCount(2);
        packets[0].Data.Length.Should().Be(256 * 1024);
        packets[0].OriginalLength.Should().Be(Length);
        packets[0].Notices.Should().ContainSingle().Which.Error.Should().Be(CaptureError.TooLong);
    }

    [Fact]
    public void Each_unknown_type_of_block_is_told_once_and_of_a_thousand_oddities_no_more()
    {
        var few = string.Concat(Enumerable.Repeat("0b000000 0c000000 0c000000 0c000000 0c000000 0c000000", 5));
        var many = string.Concat(Enumerable.Range(0, 5000).Select(each => $"{each & 0xFF:x2}{each >> 8:x2}0080 0c000000 0c000000"));

        Notices(Section + few).Select(each => each.Text[..25]).Should().Equal("Blocks of type 11 (0x0000", "Blocks of type 12 (0x0000");
        Notices(Section + many).Should().HaveCount(1001).And.OnlyHaveUniqueItems();

        static IReadOnlyList<CaptureNotice> Notices(string hex)
        {
            using var reader = CaptureReader.Open(new MemoryStream(Hex.Bytes(hex)));
            reader.ReadAll().Should().BeEmpty();
            return reader.Notices;
        }
    }

    [Fact]
    public void What_comes_before_the_cut_is_read()
    {
        using var reader = CaptureReader.Open(new MemoryStream(Hex.Bytes(Section + Interface + Packet + Packet[..20])));

        reader.Read()!.Data.ToArray().Should().Equal(1, 2, 3, 4);
        reader.Invoking(each => each.Read()).Should().Throw<CaptureException>();
    }

    [Fact]
    public void Mutated_files_give_packets_or_a_named_error_and_little_memory()
    {
        var random = new Random(9776);
        byte[][] sound =
        [Hex.Bytes(Section + Interface + Packet + Packet), Hex.Bytes(Pcap + "00000000 00000000 04000000 04000000 01020304")];
        var before = GC.GetAllocatedBytesForCurrentThread();

        const int Files = 20_000;
        for (var i = 0; i < Files; i++)
        {
            var bytes = (byte[])sound[i % 2].Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                ReadAll(bytes[..random.Next(bytes.Length + 1)]);
            }
            catch (CaptureException)
            {
                // What it should be.
            }
        }

        // A buffer of 64 KiB for each, and little more.
        ((GC.GetAllocatedBytesForCurrentThread() - before) / Files).Should().BeLessThan(128 * 1024);
    }

    private static int ReadAll(byte[] bytes)
    {
        using var reader = CaptureReader.Open(new MemoryStream(bytes));
        return reader.ReadAll().Count();
    }
}
