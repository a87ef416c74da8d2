using System.Globalization;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon.Logging;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>The log: its format and levels; that it never blocks, hides nothing, and does not fill the disk.</summary>
public sealed class DaemonLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("router-log-").FullName;
    private Instant now = new(1_772_366_400_123_456_789);

    private string LogFile => Path.Combine(folder, "log");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_line_of_text_has_time_level_subject_and_message()
    {
        Logged(new LogOptions(), log => log.Info("eth0", "querier 10.0.0.1"))
            .Should().Equal("2026-03-01T12:00:00.123456Z info eth0: querier 10.0.0.1");
    }

    [Fact]
    public void A_line_of_JSON_has_the_same_under_stable_keys()
    {
        var line = Logged(new LogOptions { Format = LogFormat.Json }, log => log.Warning("eth0", "down: \"it\"\nis gone"))
            .Should()
            .ContainSingle()
            .Subject;

        using var json = JsonDocument.Parse(line);
        json.RootElement.EnumerateObject().Select(each => (each.Name, each.Value.GetString())).Should().Equal(
            ("time", "2026-03-01T12:00:00.123456Z"), ("level", "warning"), ("subject", "eth0"), ("message", "down: \"it\"\nis gone"));
    }

    [Fact]
    public void A_plain_line_has_the_program_and_the_message_alone() =>
        Logged(new LogOptions { Format = LogFormat.Plain }, log => log.Warning("eth0", "eth0\nis down"))
            .Should()
            .Equal("router: eth0 is down");

    [Theory]
    [InlineData("debug", 4)]
    [InlineData("info", 3)]
    [InlineData("warning", 2)]
    [InlineData("error", 1)]
    public void What_is_below_the_level_is_left_out(string level, int lines) => Logged(
        new LogOptions { Level = Enum.Parse<LogLevel>(level, ignoreCase: true) },
        log =>
        {
            log.Debug("eth0", "d");
            log.Info("eth0", "i");
            log.Warning("eth0", "w");
            log.Error("eth0", "e");
        }).Should().HaveCount(lines);

    [Fact]
    public void Ready_is_said_at_every_level()
    {
        Logged(new LogOptions { Level = LogLevel.Error }, log => log.Ready()).Should().Equal("router: ready");
        Logged(new LogOptions { Level = LogLevel.Error, Format = LogFormat.Json }, log => log.Ready())
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("\"message\":\"ready\"");
    }

    [Fact]
    public void A_message_cannot_make_a_line_of_its_own() =>
        Logged(new LogOptions(), log => log.Info("eth0", "one\ntwo")).Should().ContainSingle();

    [Fact]
    public void A_cause_that_says_too_much_is_held_back_and_told_and_others_are_not()
    {
        const int Said = 10_000;
        var lines = Logged(new LogOptions(), log =>
        {
            for (var i = 0; i < Said; i++)
                log.Info("eth0", $"querier {i}");
            log.Info("eth0", "another cause");
            now += LogThrottle.Every;
            for (var i = 0; i < 2; i++)
                log.Info("eth1", "another subject");
            log.Figures().Suppressed.Should().Be(Said - LogThrottle.Burst);
        });

        lines.Count(line => line.Contains("querier", StringComparison.Ordinal)).Should().Be(LogThrottle.Burst);
        lines.Should().Contain(line => line.Contains("another cause", StringComparison.Ordinal));
        lines[^1].Should().Contain($"eth0: ends with lines left out ({Said - LogThrottle.Burst} like this left out)");
    }

    [Fact]
    public void After_a_while_one_more_passes_and_tells_how_many_did_not()
    {
        var lines = Logged(new LogOptions(), log =>
        {
            for (var i = 0; i < 30; i++)
            {
                if (i == 29)
                    now += LogThrottle.Every;
                log.Info("eth0", "again");
            }
        });

        lines.Should().HaveCount(LogThrottle.Burst + 1);
        lines[^1].Should().EndWith($"again ({30 - 1 - LogThrottle.Burst} like this left out)");
    }

    [Fact]
    public void What_a_full_disk_took_is_counted_and_does_not_throw()
    {
        using var full = FileDescriptor.OpenAppending("/dev/full");
        using var log = new DaemonLog("router", full, () => now);
        for (var i = 0; i < 3; i++)
            log.Info("eth0", "lost");

        SpinWait.SpinUntil(() => log.Figures().Lost == 3, TimeSpan.FromSeconds(30)).Should().BeTrue("ENOSPC is counted");
    }

    [Fact]
    public void Without_standard_error_all_is_lost_and_counted()
    {
        using var log = new DaemonLog("router", null, () => now);
        log.Info("eth0", "lost");

        SpinWait.SpinUntil(() => log.Figures().Lost == 1, TimeSpan.FromSeconds(30)).Should().BeTrue();
    }

    [Fact]
    public async Task A_reader_that_does_not_read_keeps_nobody_waiting_and_is_told_later_what_it_missed()
    {
        var pipe = Path.Combine(folder, "pipe");
        Fifo.Make(pipe);
        // Both ends, so that neither open waits.
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        using var output = FileDescriptor.OpenAppending(pipe);
        using var log = new DaemonLog("router", output, () => now);
        var text = new string('x', 1000);
        const int Lines = 2_000;

        // Two million bytes into a pipe of 64 kB: only a writer that never waits gets through, since nobody reads yet.
        for (var i = 0; i < Lines; i++)
        {
            log.Info($"eth{i}", text);
        }

        var lost = log.Figures().Lost;
        lost.Should().BeInRange(1, Lines - 1);
        var read = Task.Run(async () =>
        {
            long told = 0;
            using var lines = new StreamReader(reader);
            while (told < lost && await lines.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.Split(" warning log: ") is [_, var loss] && loss.EndsWith(" lines lost: the reader is too "
                    + "slow", StringComparison.Ordinal))
                    told += long.Parse(loss.Split(' ')[0], CultureInfo.InvariantCulture);
            }

            return told;
        }, TestContext.Current.CancellationToken);
        (await read.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Should().Be(lost);
    }

    private List<string> Logged(LogOptions options, Action<DaemonLog> say)
    {
        File.Delete(LogFile);
        using (var output = FileDescriptor.OpenAppending(LogFile))
        using (var log = new DaemonLog("router", output, () => now, options))
            say(log);
        return [.. File.ReadAllLines(LogFile)];
    }
}
