using System.IO.Compression;
using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary><c>inspect</c> on captures of our own making.</summary>
public sealed class InspectCommandTests : IDisposable
{
    // A General Query of RFC 9776 §4.1: QRV 2, QQIC 125, Max Resp Code 100, from 10.0.0.1, TTL 1, Router Alert.
    private const string GeneralQuery =
        "01005e000001" + "020000000001" + "0800" +
        "46c00024000000000102" + "3a12" + "0a000001e0000001" + "94040000" +
        "1164" + "ec1e" + "00000000" + "027d0000";

    private readonly string folder = Directory.CreateTempSubdirectory("labrunner-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_table_has_number_time_LAN_sender_message_and_comments()
    {
        var path = Capture(writer =>
        {
            var lan = writer.AddInterface("A");
            writer.WritePacket(lan, new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery), ["from r1 eth0", "step 1: r1 starts"]);
            writer.WritePacket(lan, new Instant(2_500_000_000), Convert.FromHexString(GeneralQuery));
        });

        var ended = await Labrunner.Run("inspect", path);

        ended.Code.Should().Be(0);
        var lines = ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].Should().Be("# all of it");
        lines[1]
            .Should()
            .MatchRegex(@"^ +1 +0\.000000  A +r1 +10\.0\.0\.1 +→ 224\.0\.0\.1 +IGMPv3 General Query .*QRV 2.*QQI 125 s.*Max Resp 10 s");
        lines[2].Should().MatchRegex("^ +# step 1: r1 starts$");
        lines[3].Should().MatchRegex(@"^ +2 +1\.500000  A ");
        lines.Should().HaveCount(4);
    }

    [Fact]
    public async Task Copies_that_a_switch_passed_on_are_hidden_unless_asked_for()
    {
        var path = Capture(writer =>
        {
            var (a, b) = (writer.AddInterface("A"), writer.AddInterface("B"));
            writer.WritePacket(a, new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery), "from r1 eth0");
            writer.WritePacket(b, new Instant(1_000_020_000), Convert.FromHexString(GeneralQuery), "from sw eth1");
        });

        (await Labrunner.Run("inspect", path)).Out.Should().Contain("  A ").And.NotContain("  B ").And.Contain("1 copies");
        (await Labrunner.Run("inspect", path, "--all")).Out.Should().Contain("  A ").And.Contain("  B ").And.NotContain("copies");
    }

    [Fact]
    public async Task Json_has_the_field_names_of_Wireshark()
    {
        var path = Capture(writer =>
            writer.WritePacket(writer.AddInterface("A"), new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery), "step 1"));

        var ended = await Labrunner.Run("inspect", "--json", path);

        var frame = JsonNode.Parse(ended.Out)!.AsArray().Single()!;
        frame["frame"]!["frame.interface_name"]!.GetValue<string>().Should().Be("A");
        frame["frame"]!["frame.comment"]![0]!.GetValue<string>().Should().Be("step 1");
        frame["igmp"]!["igmp.qrv"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task A_tree_shows_every_field()
    {
        var path = Capture(writer =>
            writer.WritePacket(writer.AddInterface("A"), new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery)));

        var ended = await Labrunner.Run("inspect", "--tree", path);

        ended.Out[ended.Out.IndexOf("Ethernet,", StringComparison.Ordinal)..].TrimEnd().Should().Be("""
            Ethernet, 02:00:00:00:00:01 → 01:00:5e:00:00:01
                Destination: 01:00:5e:00:00:01
                Source: 02:00:00:00:00:01
                Type: 0x0800
            Internet Protocol Version 4, 10.0.0.1 → 224.0.0.1
                Version: 4
                Header Length: 24
                Differentiated Services Field: 0xc0
                    DSCP: 48
                    ECN: 0
                Total Length: 36
                Identification: 0x0000
                Flags: 0x00
                    Reserved bit: not set
                    Don't fragment: not set
                    More fragments: not set
                Fragment Offset: 0
                Time to Live: 1
                Protocol: 2
                Header Checksum: 0x3a12 (right)
                Header Checksum Status: 1
                Source Address: 10.0.0.1
                Destination Address: 224.0.0.1
                Option: Router Alert, 4 bytes
                    Type: 148
                    Length: 4
                    Router Alert: 0
            Internet Group Management Protocol
                IGMP Version: 3
                Type: 0x11 (Membership Query)
                Max Resp Time, tenths of a second: 100 (0x64)
                Checksum: 0xec1e (right)
                Checksum Status: 1
                Multicast Address: 0.0.0.0
                S (Suppress Router-Side Processing): not set
                QRV: 2
                QQIC: 125 (125 s)
                Num Src: 0
            """);
    }

    [Fact]
    public async Task A_file_that_is_no_capture_ends_with_3_and_says_where_it_is_wrong()
    {
        var path = Path.Combine(folder, "no.pcapng");
        await File.WriteAllTextAsync(path, "this is no capture", TestContext.Current.CancellationToken);

        var ended = await Labrunner.Run("inspect", path);

        ended.Code.Should().Be(3);
        ended.Out.Should().BeEmpty();
        ended.Error.Should().Contain(path).And.Contain("byte 0");
    }

    [Fact]
    public async Task A_cut_file_shows_what_is_whole_and_ends_with_3()
    {
        var path = Capture(writer =>
        {
            var lan = writer.AddInterface("A");
            writer.WritePacket(lan, new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery));
            writer.WritePacket(lan, new Instant(2_000_000_000), Convert.FromHexString(GeneralQuery));
        });
        await using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 10);

        var ended = await Labrunner.Run("inspect", path);

        ended.Code.Should().Be(3);
        ended.Out.Should().Contain("General Query");
        ended.Error.Should().Contain(path);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_3()
    {
        var ended = await Labrunner.Run("inspect", Path.Combine(folder, "nowhere.pcapng"));

        ended.Code.Should().Be(3);
        ended.Error.Should().Contain("nowhere.pcapng");
    }

    // draft-ietf-opsawg-pcap: two packets, of the third the file has a part.
    [Theory]
    [InlineData("--json")]
    [InlineData("--tree")]
    [InlineData("--all")]
    public async Task The_whole_frames_before_a_break_off_come_out_then_the_error_with_file_and_offset(string mode)
    {
        var path = Pcap(LinkType.Ethernet, GeneralQuery, GeneralQuery, GeneralQuery);
        await using (var file = File.OpenWrite(path))
            file.SetLength(file.Length - 1);

        var ended = await Labrunner.Run("inspect", path, mode);

        ended.Code.Should().Be(3);
        ended.Error.Should().Be($"labrunner: {path}: The file ends at byte 221, within a packet (at byte 156)\n");
        if (mode == "--json")
            JsonNode.Parse(ended.Out)!.AsArray().Select(frame => (int)frame!["frame"]!["frame.number"]!).Should().Equal(1, 2);
        else
            ended.Out.Split('\n').Count(line => line.Contains("IGMPv3 General Query", StringComparison.Ordinal)).Should().Be(2);
    }

    [Fact]
    public async Task A_file_without_packets_is_an_empty_array() =>
        JsonNode.Parse((await Labrunner.Run("inspect", "--json", Capture(_ => { }))).Out)!.AsArray().Should().BeEmpty();

    [Theory]
    [InlineData(147, "01020304", "Link type 147  4 bytes", "link type 147")]
    [InlineData(1, "ffffffffffff 020000000001 88cc 0102", "Ethernet type 0x88cc  2 bytes", "ethertype 0x88cc")]
    [InlineData(9, "ff03 c021 0102", "PPP protocol 0xc021 (LCP)  2 bytes", "PPP protocol 0xc021 (LCP)")]
    [InlineData(105, "0842 3000 01005e000001 020000000001 020000000002 1000 01", "802.11 protected data  1 bytes", "802.11 protected data")]
    public async Task What_is_not_decoded_is_said_with_its_number_in_every_way(int linkType, string frame, string line, string what)
    {
        var path = Pcap((LinkType)linkType, frame, frame, frame);

        var table = await Labrunner.Run("inspect", path);
        var json = await Labrunner.Run("inspect", "--json", path);
        var filtered = await Labrunner.Run("inspect", "--igmp", path);

        table.Code.Should().Be(0);
        table.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3).And.OnlyContain(each => each.EndsWith(line));
        JsonNode.Parse(json.Out)!.AsArray().Select(each => (string)each!["not-decoded"]!).Should().Equal(what, what, what);
        filtered.Out.Should().BeEmpty();
        foreach (var ended in new[] { table, json, filtered })
            ended
                .Error.Should()
                .Be($"labrunner: {path}: frame 1: {what} is not decoded\nlabrunner: {path}: {what} is not decoded: 3 frames\n");
    }

    [Fact]
    public async Task Of_many_kinds_that_are_not_decoded_the_first_are_said_one_by_one()
    {
        var path = Pcap(LinkType.Ethernet, [.. Enumerable.Range(0x9200, 300).Select(type => $"ffffffffffff 020000000001 {type:x4}")]);

        var ended = await Labrunner.Run("inspect", path);

        ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(102)
            .And.HaveElementAt(99, $"labrunner: {path}: frame 100: ethertype 0x9263 is not decoded")
            .And.HaveElementAt(101, $"labrunner: {path}: more of other kinds is not decoded: 200 frames");
    }

    // An Enhanced Packet Block with a timestamp of 2^64 - 1, one of an interface that is not described, a Simple Packet Block, a block of
    // type 11.
    [Fact]
    public async Task One_odd_value_does_not_end_a_file()
    {
        var path = Path.Combine(folder, "odd.pcapng");
        const string Frame = "ffffffffffff0200000000018100000788cc0000";
        await File.WriteAllBytesAsync(
            path,
            Convert.FromHexString(
                string.Concat(
                    "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "0100000014000000010000000000000014000000",
                    "060000003400000000000000", "ffffffffffffffff", "1400000014000000", Frame, "34000000", "060000003400000007000000",
                    "0000000000000000", "1400000014000000", Frame, "34000000", "030000002400000014000000", Frame, "24000000",
                    "0b0000000c0000000c000000", "060000003400000000000000", "00000000" + "80841e00", "1400000014000000", Frame, "34000000",
                    "060000003400000000000000", "00000000" + "c0c62d00", "1400000014000000", Frame, "34000000")),
            TestContext.Current.CancellationToken);

        var table = await Labrunner.Run("inspect", path);
        var json = await Labrunner.Run("inspect", "--json", path);

        table.Code.Should().Be(0);
        table
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]))
            .Should()
            .Equal("1 - 0", "2 - ?", "3 - 0", "4 0.000000 0", "5 1.000000 0");
        foreach (var ended in new[] { table, json })
        {
            ended
                .Error.Split('\n')
                .Should()
                .Contain([
                    $"labrunner: {path}: frame 1: The time stamp 18446744073709551615 lies outside the years 1678 to 2262 (at byte 60)",
                    $"labrunner: {path}: frame 2: A packet is of interface 7; 1 are described (at byte 100)",
                    $"labrunner: {path}: Blocks of type 11 (0x0000000b) are not understood and are skipped, with all that they hold (at "
                        + "byte 188)",
                ]);
        }

        var frames = JsonNode.Parse(json.Out)!.AsArray();
        frames
            .Select(frame => frame!["frame"]!["frame.time_epoch"]?.GetValue<string>())
            .Should()
            .Equal(null, null, null, "2.000000000", "3.000000000");
        frames.Select(frame => frame!["notices"]?.AsArray().Count).Should().Equal(1, 1, null, null, null);
    }

    [Fact]
    public async Task Stamps_at_the_ends_of_time_have_a_time_between_them()
    {
        var path = Capture(writer =>
        {
            var (a, b) = (writer.AddInterface("A"), writer.AddInterface("B"));
            writer.WritePacket(a, new Instant(long.MaxValue), Convert.FromHexString(GeneralQuery));
            writer.WritePacket(b, new Instant(0), Convert.FromHexString(GeneralQuery));
        });

        var ended = await Labrunner.Run("inspect", path);

        ended.Code.Should().Be(0);
        ended.Out.Should().Contain(" 0.000000 ").And.Contain(" -9223372036.854776 ").And.NotContain("copies");
    }

    [Fact]
    public async Task A_thousand_oddities_of_a_kind_are_not_told_one_by_one()
    {
        var path = Path.Combine(folder, "odd.pcapng");
        var packets = string.Concat(Enumerable.Repeat("06000000200000000700000000000000000000000000000000000000" + "20000000", 1000));
        await File.WriteAllBytesAsync(
            path, Convert.FromHexString("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000" + packets),
            TestContext.Current.CancellationToken);

        var ended = await Labrunner.Run("inspect", path);

        ended.Error.Split('\n').Count(line => line.Contains("A packet is of interface 7", StringComparison.Ordinal)).Should().Be(10);
        ended.Error.Should().EndWith($"labrunner: {path}: 990 more like these (UnknownInterface)\n");
    }

    [Fact]
    public async Task Frames_that_end_before_they_tell_whether_they_are_IGMP_are_counted()
    {
        var path = Capture(writer =>
        {
            var lan = writer.AddInterface("A");
            var query = Convert.FromHexString(GeneralQuery);
            writer.WritePacket(lan, new Instant(1), query);
            writer.WritePacket(lan, new Instant(2), query.AsSpan(0, 20), [], originalLength: query.Length);
            writer.WritePacket(lan, new Instant(3), query.AsSpan(0, 36), [], originalLength: query.Length);
            writer.WritePacket(lan, new Instant(4), query.AsSpan(0, 10));
        });

        var ended = await Labrunner.Run("inspect", "--igmp", path);

        ended.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3, "the comment on the whole, and two queries");
        ended
            .Error.Should()
            .Be(
                $"labrunner: {path}: 2 frames are not shown that end before they tell whether they are IGMP, the first is frame 2; "
                    + "without --igmp they are\n");
    }

    [Fact]
    public async Task A_fragment_of_IGMP_counts_as_IGMP()
    {
        // RFC 791 §3.1: offset 8, protocol 2.
        var path = Pcap(
            LinkType.Raw,
            Convert.ToHexString(Packet.WithHeaderChecksum(Hex.Bytes("4500001c 00010001 01020000 0a000001 e0000001 0000000000000000"))));

        (await Labrunner.Run("inspect", "--igmp", path)).Out.Should().Contain("Ipv4Fragment");
    }

    [Fact]
    public async Task Lost_packets_are_told()
    {
        var path = Path.Combine(folder, "old.pcapng");
        await File.WriteAllBytesAsync(
            path,
            Convert.FromHexString(
                string.Concat(
                    "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "0100000014000000010000000000000014000000",
                    "02000000540000000000" + "0500", "240a0600" + "00401e18", "3200000032000000", GeneralQuery, "0000", "54000000")),
            TestContext.Current.CancellationToken);

        var ended = await Labrunner.Run("inspect", path);

        ended.Out.Split('\n')[0].Should().Contain("IGMPv3 General Query");
        ended.Out.Split('\n')[1].Should().Be("      # lost between the frame before and this one: 5");
    }

    [Fact]
    public async Task A_capture_comes_from_standard_input()
    {
        var file = await File.ReadAllBytesAsync(Pcap(LinkType.Ethernet, GeneralQuery), TestContext.Current.CancellationToken);

        var whole = await Labrunner.RunOn(file, "inspect", "-");
        var cut = await Labrunner.RunOn(file[..^1], "inspect", "--json", "-");
        var nothing = await Labrunner.RunOn([], "inspect", "-");

        whole.Should().BeEquivalentTo(new { Code = 0, Error = "" });
        whole.Out.Should().Contain("IGMPv3 General Query");
        cut.Code.Should().Be(3);
        cut.Error.Should().StartWith("labrunner: standard input: The file ends at byte 89");
        nothing.Code.Should().Be(3);
    }

    [Theory]
    [InlineData("inspect", "-")]
    [InlineData("inspect", "--json", "-")]
    public async Task A_frame_from_standard_input_is_shown_when_it_comes(params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var process = Labrunner.StartOpen(new Dictionary<string, string?>(), arguments);
        var file = await File.ReadAllBytesAsync(
            Capture(writer => writer.WritePacket(writer.AddInterface("A"), new Instant(1), Convert.FromHexString(GeneralQuery))),
            cancellation);
        await process.StandardInput.BaseStream.WriteAsync(file, cancellation);
        await process.StandardInput.BaseStream.FlushAsync(cancellation);

        // The end of the input has not been seen.
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync(cancellation);
        while (line?.Contains("224.0.0.1", StringComparison.Ordinal) == false);
        line.Should().NotBeNull();

        process.StandardInput.Close();
        (await Labrunner.End(process)).Code.Should().Be(0);
    }

    [Fact]
    public async Task A_compressed_capture_is_read()
    {
        var path = Pcap(LinkType.Ethernet, GeneralQuery);
        var compressed = Path.Combine(folder, "named.as.you.like");
        await using (var to = new GZipStream(File.Create(compressed), CompressionLevel.Fastest))
            await to.WriteAsync(
                await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        var plain = await Labrunner.Run("inspect", path);

        (await Labrunner.Run("inspect", compressed)).Should().BeEquivalentTo(plain);
        (await Labrunner.RunOn(await File.ReadAllBytesAsync(compressed, TestContext.Current.CancellationToken), "inspect", "-"))
            .Should()
            .BeEquivalentTo(plain);
    }

    private string Pcap(LinkType linkType, params string[] frames)
    {
        var path = Path.Combine(folder, "test.pcap");
        using var writer = new PcapWriter(File.Create(path), linkType);
        for (var i = 0; i < frames.Length; i++)
            writer.WritePacket(new Instant(i), Hex.Bytes(frames[i]));
        return path;
    }

    private string Capture(Action<PcapngWriter> write)
    {
        var path = Path.Combine(folder, "test.pcapng");
        using var writer = new PcapngWriter(File.Create(path), "all of it");
        write(writer);
        return path;
    }
}
