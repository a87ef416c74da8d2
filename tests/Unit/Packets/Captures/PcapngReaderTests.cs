using System.Buffers.Binary;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using Xunit;

namespace MulticastLab.Tests.Packets.Captures;

/// <summary>What other programs write into pcapng files and ours does not.</summary>
public sealed class PcapngReaderTests
{
    private const string Section = "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 1c000000";
    private const string BigEndianSection = "0a0d0d0a 0000001c 1a2b3c4d 00010000 ffffffff ffffffff 0000001c";
    private const string Interface = "01000000 14000000 01000000 00000000 14000000";
    private const string Packet = "06000000 24000000 00000000 00000000 00000000 04000000 04000000 01020304 24000000";

    // draft-ietf-opsawg-pcapng, if_tsresol and if_tsoffset.
    [Theory]
    [InlineData(0, 0, 3, 3_000_000_000)]
    [InlineData(3, 0, 1_500, 1_500_000_000)]
    [InlineData(6, 0, 1_500_000, 1_500_000_000)]
    [InlineData(9, 0, 1_500_000_001, 1_500_000_001)]
    [InlineData(12, 0, 1_500_000_001_999, 1_500_000_001)]
    [InlineData(0x7F, 0, long.MaxValue, 0)]
    [InlineData(0x80, 0, 3, 3_000_000_000)]
    [InlineData(0x8A, 0, 1536, 1_500_000_000)]
    [InlineData(0xFF, 0, long.MaxValue, 0)]
    [InlineData(6, 10, 1_500_000, 11_500_000_000)]
    [InlineData(6, -10, 1_500_000, -8_500_000_000)]
    public void Stamps_are_in_the_resolution_of_their_interface(byte resolution, long offset, long stamp, long nanoseconds)
    {
        var offsetBytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(offsetBytes, offset);
        var high = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(high, (uint)(stamp >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(high.AsSpan(4), (uint)stamp);

        var packet = Read(
            Section
            + $"01000000 28000000 01000000 00000000 09000100 {resolution:x2}000000 0e000800 {Convert.ToHexString(offsetBytes)} 28000000"
            + $"06000000 20000000 00000000 {Convert.ToHexString(high)} 00000000 00000000 20000000").Single();

        packet.At.Should().Be(new Instant(nanoseconds));
    }

    [Fact]
    public void A_simple_packet_belongs_to_the_first_interface_and_has_no_stamp()
    {
        var packet = Read(Section + Interface + "03000000 14000000 03000000 01020300 14000000").Single();

        packet.InterfaceId.Should().Be(0);
        packet.At.Should().Be(Instant.Epoch);
        packet.HasTimestamp.Should().BeFalse();
        packet.Data.ToArray().Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_simple_packet_is_cut_at_the_snapshot_length()
    {
        var packet = Read(
            Section + "01000000 14000000 01000000 04000000 14000000" + "03000000 14000000 90000000 01020304 14000000").Single();

        packet.Data.ToArray().Should().Equal(1, 2, 3, 4);
        packet.OriginalLength.Should().Be(0x90);
    }

    // draft-ietf-opsawg-pcapng, Packet Block: interface and drops of 16 bits each, then as in the Enhanced Packet Block.
    [Fact]
    public void The_old_Packet_Block_is_read_with_its_drops_and_options()
    {
        var packets = Read(
            Section
                + Interface
                + Interface
                + "02000000 38000000 01000300 00000000 40420f00 02000000 09000000 01020000 01000300 6f6c6400 02000400 02000000 00000000 "
                + "38000000"
                + "02000000 24000000 0000ffff 00000000 40420f00 04000000 04000000 01020304 24000000");

        packets.Should().HaveCount(2);
        packets[0].InterfaceId.Should().Be(1);
        packets[0].Dropped.Should().Be(3);
        packets[0].At.Should().Be(new Instant(1_000_000_000));
        packets[0].Data.ToArray().Should().Equal(1, 2);
        packets[0].OriginalLength.Should().Be(9);
        packets[0].Comments.Should().Equal("old");
        packets[0].Direction.Should().Be(PacketDirection.Outbound);
        packets[1].InterfaceId.Should().Be(0);
        packets[1].Dropped.Should().BeNull();
    }

    [Fact]
    public void An_enhanced_packet_tells_of_lost_ones_by_an_option() =>
        Read(Section + Interface + "06000000 2c000000 00000000 00000000 00000000 00000000 00000000 04000800 05000000 00000000 2c000000")
            .Single().Dropped.Should().Be(5);

    [Fact]
    public void Unknown_blocks_and_options_are_skipped()
    {
        var packets = Read(
            Section
            + "0b000000 10000000 deadbeef 10000000"
            + "01000000 1c000000 01000000 00000000 34120400 deadbeef 1c000000"
            + "05000000 18000000 00000000 00000000 00000000 18000000"
            + Packet);

        packets.Should().ContainSingle().Which.Data.ToArray().Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public void Each_section_counts_its_interfaces_and_has_its_byte_order()
    {
        var packets = Read(
            Section + Interface + Packet
            + BigEndianSection + "00000001 00000014 00650000 00000000 00000014"
            + "00000006 00000024 00000000 00000000 000f4240 00000002 00000002 01020000 00000024");

        packets.Select(each => each.InterfaceId).Should().Equal(0, 1);
        packets[1].Interface.LinkType.Should().Be(LinkType.Raw);
        packets[1].At.Should().Be(new Instant(1_000_000_000));
        packets[1].Data.ToArray().Should().Equal(1, 2);
    }

    private static List<CapturedPacket> Read(string hex)
    {
        using var reader = CaptureReader.Open(new MemoryStream(Hex.Bytes(hex)));
        return [.. reader.ReadAll()];
    }
}
