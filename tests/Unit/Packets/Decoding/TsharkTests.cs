using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Packets.Igmp;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Decoding;

/// <summary>tshark sees in our captures what we see: every form of message that these tests know, valid and malformed.</summary>
public sealed class TsharkTests
{
    [Fact]
    public void Tshark_agrees_on_every_field_of_every_message_form() =>
        Agree([
            .. IgmpMessageTests.Queries.Select(row => Packet.Ethernet(Hex.Bytes(row.Data.Item2))),
            .. IgmpMessageTests.Reports.Select(row => Packet.Ethernet(Hex.Bytes(row.Data.Item2))),
            .. new[] { IgmpType.V1MembershipReport, IgmpType.V2MembershipReport, IgmpType.V2LeaveGroup }.Select(type =>
                Packet.Ethernet(
                    Packet.Written(buffer =>
                        IgmpWriter.WriteGroupMessage(
                            buffer, type, Address.Parse("239.129.1.1"), Packet.Source, Address.Parse("239.129.1.1"))))),
            .. MalformedTests.WrongMessages.Select(row => Packet.Ethernet(Packet.Igmp(row.Data.Item2))),
            .. MalformedTests.WrongHeaders.Select(row => Packet.Ethernet(Hex.Bytes(row.Data.Item2))),
            .. MalformedTests.Tolerated.Select(row => Packet.Ethernet(Packet.Igmp(row.Data.Item2))),
            .. FrameDecoderTests.Lines.Select(row => Packet.Ethernet(row.Data.Item1)),
            .. new[] { "94040000", "0194040000000000", "4404050094040000", "94040001", "01010101", "" }.Select(options =>
                Packet.Ethernet(Packet.WithOptions(options, Hex.Bytes("1164ec1e 00000000 027d0000")))),
            [.. Packet.Ethernet(Packet.Igmp("11640000 00000000")), .. new byte[14]],
        ]);

    [Fact]
    public void Tshark_agrees_on_every_code() =>
        Agree([
            .. Enumerable
                .Range(0, 256)
                .Select(code => Packet.Ethernet(Packet.Igmp([0x11, (byte)code, 0, 0, 0, 0, 0, 0, 2, (byte)code, 0, 0]))),
            .. Enumerable.Range(0, 256).Select(code => Packet.Ethernet(Packet.Igmp([0x11, (byte)code, 0, 0, 0, 0, 0, 0]))),
            .. Enumerable
                .Range(0, 256)
                .Select(flags => Packet.Ethernet(Packet.Igmp([0x11, 100, 0, 0, 0, 0, 0, 0, (byte)flags, 125, 0, 0]))),
            .. Enumerable
                .Range(0, 256)
                .Select(type => Packet.Ethernet(Packet.Igmp([0x22, 0, 0, 0, 0, 0, 0, 1, (byte)type, 0, 0, 0, 239, 1, 1, 1]))),
        ]);

    [Fact]
    public void Tshark_agrees_on_random_messages_that_we_write() => Agree(
    [
        .. MessageGenerators.Queries.Sample(300, 30).Select(query => Packet.Ethernet(Packet.Query(query))),
        .. MessageGenerators.Reports.Sample(300, 30).Select(report => Packet.Ethernet(Packet.Report(report))),
    ]);

    [Fact]
    public void Tshark_agrees_on_mutated_messages()
    {
        var random = new Random(3376);
        Agree([.. Enumerable.Range(0, 2000).Select(_ => Packet.Ethernet(Mutations.Message(random)))]);
    }

    [Fact]
    public void Tshark_agrees_on_every_link_layer()
    {
        List<(LinkType LinkType, byte[] Frame)> frames =
        [
            .. LinkFrames
                .Carriers.Where(row => row.Data.Item5)
                .Select(row => (row.Data.Item2, LinkFrames.Frame(row.Data.Item3, row.Data.Item4))),
            // Netlink and other versions of 802.11 they read as something else.
            .. LinkFrames
                .Named.Where(row =>
                    row.Data.Item1 is not (LinkType)147 and not LinkType.Undescribed
                    && row.Data.Item4 is not ("Linux cooked ARPHRD type 824" or "802.11 version 1"))
                .Select(row => (row.Data.Item1, Hex.Bytes(row.Data.Item2))),
        ];
        TsharkOracle.Require();
        WithFile(path =>
        {
            using (var writer = new PcapngWriter(File.Create(path)))
            {
                var interfaces = frames
                    .Select(each => each.LinkType)
                    .Distinct()
                    .ToDictionary(each => each, each => writer.AddInterface($"{each}", null, each));
                foreach (var (linkType, frame) in frames)
                    writer.WritePacket(interfaces[linkType], new Instant(1), frame);
            }

            TsharkOracle.Compare(path).Should().BeEmpty();
        });
    }

    [Fact]
    public void Tshark_agrees_on_frames_that_were_cut()
    {
        TsharkOracle.Require();
        WithFile(path =>
        {
            using (var writer = new PcapngWriter(File.Create(path)))
            {
                var lan = writer.AddInterface("lanA");
                foreach (
                    var frame in new[]
                    {
                        "11640000 00000000 027d0001 c0000201",
                        "22000000 00000001 05000001 e8010101 c0000201",
                        "17000000 ef010101",
                    }.Select(message => Packet.Ethernet(Packet.Igmp(message))))
                {
                    for (var kept = 14; kept < frame.Length; kept++)
                        writer.WritePacket(lan, new Instant(1), frame.AsSpan(0, kept), [], originalLength: frame.Length);
                }
            }

            TsharkOracle.Compare(path).Should().BeEmpty();
        });
    }

    [Fact]
    public void Tshark_agrees_on_the_old_Packet_Block_and_on_drops()
    {
        TsharkOracle.Require();
        WithFile(path =>
        {
            File.WriteAllBytes(
                path,
                Hex.Bytes(
                    "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffff ffffffff 1c000000 01000000 20000000 01000000 00000000 02000400 6c616e41 "
                        + "00000000 20000000"
                        + "02000000 30000000 00000300 240a0600 00401e18 04000000 04000000 01020304 01000300 6f6c6400 00000000 30000000"
                        + "02000000 24000000 0000ffff 240a0600 00401e18 04000000 04000000 01020304 24000000"
                        + "03000000 14000000 03000000 01020300 14000000"
                        + "06000000 2c000000 00000000 00000000 00000000 00000000 00000000 04000800 05000000 00000000 2c000000"));

            TsharkOracle.Compare(path).Should().BeEmpty();
        });
    }

    [Fact]
    public void Tshark_reads_interfaces_comments_and_stamps()
    {
        TsharkOracle.Require();
        foreach (var byteOrder in Enum.GetValues<ByteOrder>())
        {
            WithFile(path =>
            {
                using (var writer = new PcapngWriter(File.Create(path), "a section comment", byteOrder))
                {
                    var lanA = writer.AddInterface("lanA", "the first");
                    var lanB = writer.AddInterface("lanB", "the second");
                    var frame = Packet.Ethernet(Packet.Igmp("17000000 ef010101"));
                    writer.WritePacket(
                        lanB, new Instant(1_700_000_000_123_456_789), frame, "querier-election, V3-R-6.6.2-01: passed ✓",
                        PacketDirection.Outbound);
                    writer.WritePacket(lanA, new Instant(1_700_000_000_123_456_790), frame, ["one", "two"], PacketDirection.Inbound);
                    writer.WritePacket(lanA, Instant.Epoch, frame.AsSpan(0, 17));
                }

                TsharkOracle.Compare(path).Should().BeEmpty();
            });
        }
    }

    [Theory]
    [InlineData(ByteOrder.LittleEndian, true)]
    [InlineData(ByteOrder.BigEndian, true)]
    [InlineData(ByteOrder.LittleEndian, false)]
    [InlineData(ByteOrder.BigEndian, false)]
    public void Tshark_reads_pcap(ByteOrder byteOrder, bool nanoseconds)
    {
        TsharkOracle.Require();
        WithFile(path =>
        {
            using (var writer = new PcapWriter(File.Create(path), LinkType.Ethernet, nanoseconds, byteOrder))
                writer.WritePacket(new Instant(1_700_000_000_123_456_789), Packet.Ethernet(Packet.Igmp("17000000 ef010101")));

            TsharkOracle.Compare(path).Should().BeEmpty();
        });
    }

    // The oracle itself: it is shown another message than the one in the file.
    [Theory]
    [InlineData("11640000 00000000 037d0000", "ours igmp.checksum 0xeb1e at 40 of 2, theirs igmp.checksum 0xec1e at 40 of 2")]
    [InlineData("11640000 0000027d 00000000", "ours igmp.maddr 0.0.2.125 at 42 of 4, theirs igmp.maddr 0.0.0.0 at 42 of 4")]
    [InlineData("11640000 00000000 027d0000 00", "ip.len: ours 37, theirs 36")]
    [InlineData("11640000 00000000", "ours igmp.version 2, theirs igmp.version 3")]
    public void A_difference_is_found(string other, string difference)
    {
        TsharkOracle.Require();
        WithFile(path =>
        {
            using (var writer = new PcapngWriter(File.Create(path)))
                writer.WritePacket(writer.AddInterface("lanA"), Instant.Epoch, Packet.Ethernet(Packet.Igmp("11640000 00000000 027d0000")));

            TsharkOracle
                .Compare(path, _ => FrameDecoder.Decode(Packet.Ethernet(Packet.Igmp(other))))
                .Should()
                .Contain(each => each.Contains(difference));
        });
    }

    private static void Agree(IReadOnlyList<byte[]> frames)
    {
        TsharkOracle.Require();
        WithFile(path =>
        {
            using (var writer = new PcapngWriter(File.Create(path)))
            {
                var lan = writer.AddInterface("lanA");
                for (var i = 0; i < frames.Count; i++)
                    writer.WritePacket(lan, new Instant(i * 1_000_000_001L), frames[i]);
            }

            TsharkOracle.Compare(path).Should().BeEmpty();
        });
    }

    private static void WithFile(Action<string> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
