using System.Text;
using FluentAssertions;
using MulticastLab.Router.Shell;
using Xunit;

namespace MulticastLab.Tests.Router.Shell;

/// <summary>Keys in, a line out; what the terminal shows is played back by a small model of one.</summary>
public sealed class LineEditorTests : ILiveValues
{
    private readonly History history = new(null);

    [Theory]
    [InlineData("abc\r", "abc")]
    [InlineData("ac\e[Db\r", "abc")]
    [InlineData("bc\x01" + "a\r", "abc")]
    [InlineData("ab\e[H\e[Fc\r", "abc")]
    [InlineData("ab\e[1~\e[4~c\r", "abc")]
    [InlineData("abx\x7f" + "c\r", "abc")]
    [InlineData("abxc\e[D\e[D\e[3~\r", "abc")]
    [InlineData("xabc\x01\x04\r", "abc")]
    [InlineData("one two\x17" + "abc\r", "one abc")]
    [InlineData("one two\x15" + "abc\r", "abc")]
    [InlineData("abc def\e[1;5D\e[D\x0b\r", "abc")]
    [InlineData("bc def\eb\eb" + "a\r", "abc def")]
    [InlineData("grüße\e[D\e[D\x7f" + "s\r", "grsße")]
    [InlineData("abc\e[24~\r", "abc")]
    [InlineData("abc\x03", "")]
    [InlineData("\x04", null)]
    [InlineData("", null)]
    public void A_line_is_edited(string keys, string? line) => Edit(keys).Line.Should().Be(line);

    [Fact]
    public void Earlier_lines_come_back_and_the_one_begun_is_kept()
    {
        history.Add("first");
        history.Add("second");
        history.Add("second");

        Edit("\e[A\r").Line.Should().Be("second");
        Edit("\e[A\e[A\r").Line.Should().Be("first", "the same line twice is one");
        Edit("\e[A\e[A\e[A\e[B\r").Line.Should().Be("second");
        Edit("beg\e[A\e[Bun\r").Line.Should().Be("begun");
    }

    [Fact]
    public void Earlier_lines_are_searched()
    {
        history.Add("show statistics");
        history.Add("show igmp groups");
        history.Add("status");

        Edit("\x12show\r").Line.Should().Be("show igmp groups");
        Edit("\x12show\x12\r").Line.Should().Be("show statistics");
        Edit("\x12stat\e[C detail\r").Line.Should().Be("status detail");
        Edit("ab\x12show\x03" + "c\r").Line.Should().Be("abc", "an interrupted search changes nothing");
    }

    [Fact]
    public void Tab_completes_as_far_as_it_is_clear()
    {
        Edit("sho\tst\t\r").Line.Should().Be("show statistics ");
        Edit("show igmp interface \t1\r").Line.Should().Be("show igmp interface eth1", "all interfaces begin alike");
        Edit("set eth0 query-i\t9\x01\e[C\r").Line.Should().Be("set eth0 query-interval 9");
        var (line, screen) = Edit("xyz\t\r");
        line.Should().Be("xyz");
        screen.Should().Contain("\a");
    }

    [Fact]
    public void Tab_twice_shows_what_there_is_to_choose_from() =>
        Edit("show i\t\t\r").Screen.Should().Contain("\r\nigmp  ip\r\n");

    [Fact]
    public void A_question_mark_tells_what_may_come_next_and_the_line_goes_on()
    {
        var (line, screen) = Edit("show igmp ?groups\r");

        line.Should().Be("show igmp groups");
        screen.Should().Contain("  groups     Groups with members\r\n");
        Edit("set eth0 x \"a?\"\r").Line.Should().Be("set eth0 x \"a?\"", "in quotes it is a character as any other");
    }

    [Fact]
    public void A_line_longer_than_the_terminal_shows_the_part_at_the_cursor()
    {
        var (line, screen) = Edit(new string('a', 60) + "end\r", width: 20);

        line.Should().HaveLength(63);
        screen.Should().EndWith("> aaaaaaaaaaaaaaend\e[K\r\e[19C\r\n");
    }

    [Fact]
    public void The_history_is_kept_in_a_file_of_its_owner()
    {
        var folder = Directory.CreateTempSubdirectory("history-").FullName;
        try
        {
            var file = Path.Combine(folder, "state", "history");
            var first = new History(file);
            for (var i = 0; i < 1100; i++)
                first.Add($"line {i}");

            new History(file).Lines.Should().HaveCount(1000).And.StartWith("line 100").And.EndWith("line 1099");
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            new History("/proc/no/such/file")
                .Invoking(each => each.Add("x"))
                .Should()
                .NotThrow("a history that cannot be kept is no reason not to work");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    IEnumerable<string> ILiveValues.Interfaces() => ["eth0", "eth1"];

    IEnumerable<string> ILiveValues.Groups() => [];

    private (string? Line, string Screen) Edit(string keys, int width = 80)
    {
        var terminal = new Terminal(Encoding.UTF8.GetBytes(keys), width);
        return (new LineEditor(terminal, history, ShellCommands.All, this).ReadLine("> "), terminal.Screen.ToString());
    }

    private sealed class Terminal(byte[] keys, int width) : ITerminal
    {
        private int read;

        public StringBuilder Screen { get; } = new();

        public int Width => width;

        public int Read() => read < keys.Length ? keys[read++] : -1;

        public void Write(string text) => Screen.Append(text);
    }
}
