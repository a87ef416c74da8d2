using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
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
        lines[1].Should().MatchRegex(@"^ +1 +0\.000000  A +r1 +10\.0\.0\.1 +→ 224\.0\.0\.1 +IGMPv3 General Query .*QRV 2.*QQI 125 s.*Max Resp 10 s");
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
        var path = Capture(writer => writer.WritePacket(writer.AddInterface("A"), new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery), "step 1"));

        var ended = await Labrunner.Run("inspect", "--json", path);

        var frame = JsonNode.Parse(ended.Out)!.AsArray().Single()!;
        frame["frame"]!["frame.interface_name"]!.GetValue<string>().Should().Be("A");
        frame["frame"]!["frame.comment"]![0]!.GetValue<string>().Should().Be("step 1");
        frame["igmp"]!["igmp.qrv"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task A_tree_shows_every_field()
    {
        var path = Capture(writer => writer.WritePacket(writer.AddInterface("A"), new Instant(1_000_000_000), Convert.FromHexString(GeneralQuery)));

        var ended = await Labrunner.Run("inspect", "--tree", path);

        ended.Out.Should().Contain("Max Resp").And.Contain("QQIC").And.Contain("Router Alert");
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

    private string Capture(Action<PcapngWriter> write)
    {
        var path = Path.Combine(folder, "test.pcapng");
        using var writer = new PcapngWriter(File.Create(path), "all of it");
        write(writer);
        return path;
    }
}
