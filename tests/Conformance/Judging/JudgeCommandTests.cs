using System.Diagnostics;
using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance.Judging;

/// <summary><c>labrunner conformance judge</c>.</summary>
public sealed class JudgeCommandTests : IDisposable
{
    private static readonly string Golden = Path.Combine(Repository.Root, "captures", "leave-with-gsq.verified.pcapng");

    private readonly string folder = Directory.CreateTempSubdirectory("labrunner-judge-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_device_that_keeps_the_rules_ends_with_0_and_the_report_says_how_often()
    {
        var ended = await Judge(Golden, "--address", "10.0.0.1");

        ended.Code.Should().Be(0, ended.Error);
        ended.Out.Should().Contain("leave-asked-about").And.Contain("1 of 1 leaves")
            .And.Contain("Query Interval 125 s: as its queries tell it");
    }

    [Fact]
    public async Task A_device_that_breaks_one_ends_with_1_and_the_filter_selects_the_frame()
    {
        TsharkOracle.Require();
        var ended = await Judge(Broken(), "--address", "10.0.0.1", "--json");

        ended.Code.Should().Be(1, ended.Error);
        var report = JsonNode.Parse(ended.Out)!;
        ((string)report["engine"]!).Should().Be("capture");
        var test = report["tests"]!.AsArray().Single(each => (string)each!["test"]! == "sent-with-ttl-1")!;
        ((string)test["verdict"]!).Should().Be("fail");
        var numbers = test["frames"]!.AsArray().Select(each => (int)each!);
        (await Tshark((string)test["pcapng"]!, (string)test["filter"]!)).Should().Equal(numbers).And.Equal(232);
    }

    [Fact]
    public async Task Without_an_address_or_with_one_that_says_nothing_the_speakers_are_listed()
    {
        var without = await Judge(Golden);
        var other = await Judge(Golden, "--address", "10.0.0.77");

        (without.Code, other.Code).Should().Be((2, 2));
        without.Out.Should().MatchRegex(@"10\.0\.0\.12 +ae:07:a9:fc:c9:28 +A +host +3 +0 +7");
        without.Error.Should().Contain("which of these is the device?").And.Contain("--address 10.0.0.1");
        other.Error.Should().Contain("nothing is from 10.0.0.77");
    }

    [Fact]
    public async Task A_file_that_is_cut_is_named_with_its_frame()
    {
        var cut = Path.Combine(folder, "cut.pcapng");
        var bytes = await File.ReadAllBytesAsync(Golden, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(cut, bytes[..^7], TestContext.Current.CancellationToken);
        using var reader = CaptureReader.Open(Golden);
        var frames = reader.ReadAll().Count();

        var ended = await Judge(cut, "--address", "10.0.0.1");

        ended.Code.Should().Be(3);
        ended.Error.Should().Contain($"cut.pcapng: frame {frames}: ");
    }

    [Fact]
    public async Task A_number_out_of_range_is_named()
    {
        (await Judge(Golden, "--address", "10.0.0.1", "--robustness-variable", "0")).Should()
            .BeEquivalentTo(new { Code = 2, Error = "labrunner: --robustness-variable is a number from 1 to 255\n" });
    }

    [Fact]
    public async Task The_report_has_the_capture_as_it_is_beside_it()
    {
        var ended = await Judge(Broken(), "--address", "10.0.0.1", "--report", Path.Combine(folder, "report"));

        ended.Code.Should().Be(1, ended.Error);
        var page = await File.ReadAllTextAsync(Path.Combine(folder, "report", "index.html"), TestContext.Current.CancellationToken);
        page.Should().Contain("sent-with-ttl-1").And.Contain("Query Interval 125 s: as its queries tell it");
        (await File.ReadAllBytesAsync(Path.Combine(folder, "report", "captures", "broken.pcap"), TestContext.Current.CancellationToken))
            .Should().Equal(await File.ReadAllBytesAsync(Broken(), TestContext.Current.CancellationToken));
    }

    private static Task<Labrunner.Ended> Judge(string file, params string[] options) =>
        Labrunner.Run(["conformance", "judge", file, .. options]);

    /// <summary>The capture as a pcap file with nanoseconds, with a TTL of 64 in the first query of the second leave.</summary>
    private string Broken()
    {
        var path = Path.Combine(folder, "broken.pcap");
        using var reader = CaptureReader.Open(Golden);
        using var writer = new PcapWriter(File.Create(path));
        foreach (var (packet, i) in reader.ReadAll().Select((packet, i) => (packet, i)))
        {
            var bytes = packet.Data.ToArray();
            if (i + 1 == 232)
            {
                bytes[22] = 64;
                // The header's sum stays as it was.
                var sum = (bytes[24] << 8 | bytes[25]) - (63 << 8);
                (bytes[24], bytes[25]) = ((byte)(sum >> 8), (byte)sum);
            }

            writer.WritePacket(packet.At, bytes);
        }

        return path;
    }

    private static async Task<List<int>> Tshark(string file, string filter)
    {
        using var process = Process.Start(new ProcessStartInfo("tshark", ["-r", file, "-Y", filter, "-T", "fields", "-e", "frame.number"])
        {
            RedirectStandardOutput = true,
        })!;
        var lines = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
