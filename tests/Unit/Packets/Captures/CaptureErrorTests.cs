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

    public static TheoryData<string, string, CaptureError, int> Wrong => new()
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
        { "section header with two lengths", "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 20000000", CaptureError.BlockLengthMismatch, 0 },
        { "block type cut", Section + "0600", CaptureError.Truncated, 28 },
        { "block length cut", Section + "06000000 2400", CaptureError.Truncated, 28 },
        { "block length odd", Section + "01000000 15000000 01000000 00000000 00000000 15000000", CaptureError.BlockLength, 32 },
        { "block length zero", Section + "01000000 00000000", CaptureError.BlockLength, 32 },
        { "block of 4 GiB", Section + "01000000 fcffffff", CaptureError.TooLong, 32 },
        { "unknown block of 4 GiB", Section + "0b000000 fcffffff 00000000", CaptureError.Truncated, 28 },
        { "unknown block too short", Section + "0b000000 08000000", CaptureError.BlockLength, 32 },
        { "unknown block with two lengths", Section + "0b000000 10000000 00000000 14000000", CaptureError.BlockLengthMismatch, 28 },
        { "packet before its interface", Section + Packet, CaptureError.UnknownInterface, 28 },
        { "simple packet before its interface", Section + "03000000 10000000 00000000 10000000", CaptureError.UnknownInterface, 28 },
        { "packet longer than its block", Section + Interface + Packet.Replace("04000000 04000000", "05000000 05000000", StringComparison.Ordinal), CaptureError.PacketLength, 68 },
        { "packet of 4 GiB", Section + Interface + Packet.Replace("04000000 04000000", "ffffffff ffffffff", StringComparison.Ordinal), CaptureError.TooLong, 68 },
        { "simple packet longer than its block", Section + Interface + "03000000 14000000 08000000 01020304 14000000", CaptureError.PacketLength, 56 },
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

    [Fact]
    public void Every_error_is_in_the_catalogue() =>
        Wrong.Select(row => row.Data.Item3).Distinct().Should().BeEquivalentTo(Enum.GetValues<CaptureError>());

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
        byte[][] sound = [Hex.Bytes(Section + Interface + Packet + Packet), Hex.Bytes(Pcap + "00000000 00000000 04000000 04000000 01020304")];
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
