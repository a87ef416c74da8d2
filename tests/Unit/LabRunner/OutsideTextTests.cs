using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests.Shared;
using Spectre.Console;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary>What comes from files, from the wire or from other programs does nothing to the terminal.</summary>
public sealed partial class OutsideTextTests : IDisposable
{
    // Renames the window, clears the screen, by C0 and by C1; goes back to the start of the line; turns the writing round; markup.
    private const string Hostile = "\u001b]0;owned\u0007\u001b[2J\u009b31m\rfront\b\u007f\u202egnp\u2066 [/] [bold]x [[y :warning:";
    private const string Shown = @"\u001b]0;owned\u0007\u001b[2J\u009b31m\u000dfront\u0008\u007f\u202egnp\u2066 [/] [bold]x [[y :warning:";

    private readonly string folder = Directory.CreateTempSubdirectory("labrunner-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Hostile, Shown)]
    [InlineData("fd00::bed:1", "fd00::bed:1")]
    [InlineData(":bed:cat:dog:", ":bed:cat:dog:")]
    public void As_markup_it_is_shown_as_it_is(string text, string shown)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;

        console.Markup($"[red]{OutsideText.Markup(text)}[/]");

        output.ToString().Should().Be(shown);
    }

    [Fact]
    public async Task A_guarded_writer_lets_nothing_through_however_it_is_written_to()
    {
        var output = new StringWriter();
        await using (var guarded = new GuardedWriter(output))
        {
            guarded.Write('\u001b');
            guarded.Write("a\u001b");
            guarded.Write("b\u001b".AsSpan());
            guarded.Write("c\u001b".ToCharArray());
            guarded.Write("d{0}", '\u001b');
            guarded.Write((object)"e\u001b");
            guarded.Write(new StringBuilder("f\u001b"));
            guarded.WriteLine("g\u001b");
            guarded.WriteLine("h{0}", "\u001b");
            guarded.WriteLine();
            await guarded.WriteLineAsync("i\u001b");
            await guarded.WriteAsync("j\u001b".AsMemory(), TestContext.Current.CancellationToken);
        }

        output
            .ToString()
            .ReplaceLineEndings("|")
            .Replace(@"\u001b", "!", StringComparison.Ordinal)
            .Should()
            .Be("!a!b!c!d!e!f!g!|h!||i!|j!");
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("inspect", "--tree")]
    [InlineData("inspect", "--json")]
    public async Task A_capture_does_nothing_to_a_pipe(params string[] arguments)
    {
        var ended = await Labrunner.Run([.. arguments, Capture()]);

        ended.Code.Should().Be(0);
        (ended.Out + ended.Error).Where(each => char.IsControl(each) && each != '\n').Should().BeEmpty();
        (ended.Out + ended.Error).Should().NotContainAny("\u202e", "\u2066");
        if (arguments.Contains("--json"))
            JsonNode.Parse(ended.Out)![0]!["frame"]!["frame.comment"]![0]!.GetValue<string>().Should().Be(Hostile);
        else
            ended.Out.Should().Contain("# " + Shown).And.Contain(@"[x]\u000a    2  0.0  A  forged");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--tree")]
    [InlineData("--json")]
    public async Task A_capture_does_nothing_to_a_terminal(string mode)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) of util-linux is not there to make a pseudo-terminal");
        var start = new ProcessStartInfo("/usr/bin/script",
            ["-qec", $"stty cols 250; exec {Path.Combine(AppContext.BaseDirectory, "labrunner")} inspect {mode} {Capture()}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        start.Environment.Remove("CI");
        using var process = Process.Start(start)!;

        var ended = await Labrunner.End(process);

        ended.Code.Should().Be(0);
        if (mode != "--json")
            ended.Out.Should().Contain("\u001b[", "it is a terminal").And.Contain("0;owned");
        // Colours are ours, and so is what the console sets the keys of the terminal to.
        Own().Replace(ended.Out, "").Where(each => char.IsControl(each) && each is not ('\n' or '\r')).Should().BeEmpty();
        ended.Out.Should().NotContainAny("\u202e", "\u2066", "⚠");
    }

    [Fact]
    public async Task A_topology_does_nothing_to_it_either()
    {
        var lab = Path.Combine(folder, "e\u001b[2Jvil");
        Directory.CreateDirectory(lab);
        await File.WriteAllTextAsync(
            Path.Combine(lab, "lab.conf"), "r1[0]=\"A\"\nr1[\u001b]0;x\u0007]=\"\u009b31m\"\n\u001b[2J=3\n",
            TestContext.Current.CancellationToken);

        foreach (
            var arguments in new string[][]
            {
                ["validate", lab],
                ["validate", "--json", lab],
                ["graph", lab],
                ["run", lab],
                ["inspect", lab],
                ["up", lab + "x"],
            })
        {
            var ended = await Labrunner.Run(arguments);

            ended.Code.Should().NotBe(0);
            (ended.Out + ended.Error).Should().NotBeEmpty();
            (ended.Out + ended.Error)
                .Where(each => char.IsControl(each) && each is not ('\n' or '\t'))
                .Should()
                .BeEmpty(string.Join(' ', arguments));
        }
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m|\x1b\[\?1[hl]\x1b[=>]")]
    private static partial Regex Own();

    private string Capture()
    {
        var path = Path.Combine(folder, "hostile.pcapng");
        using var writer = new PcapngWriter(File.Create(path), Hostile);
        var lan = writer.AddInterface("\u001b[1A[/red] [x]\n    2  0.0  A  forged", Hostile);
        writer.WritePacket(
            lan, new Instant(1), Convert.FromHexString("ffffffffffff02000000000188cc1b5b324a"), [Hostile, $"from \u001b[2J eth0"]);
        return path;
    }
}
