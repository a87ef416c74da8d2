using FluentAssertions;
using MulticastLab.Router.Shell;
using Xunit;

namespace MulticastLab.Tests.Router.Shell;

/// <summary>Which command a line means, what may come next in it, and how a word is completed.</summary>
public sealed class CommandSetTests
{
    private static readonly ILiveValues Live = new TwoInterfaces();

    [Theory]
    [InlineData("show igmp groups", "show [ip] igmp groups [detail] [interface <interface>] [<group>]")]
    [InlineData("show ip igmp groups detail interface eth0 239.1.1.1", "show [ip] igmp groups [detail] [interface <interface>] [<group>]")]
    [InlineData("sh ig gr det", "show [ip] igmp groups [detail] [interface <interface>] [<group>]")]
    [InlineData("SHOW STAT", "show statistics")]
    [InlineData("show igmp interface eth0", "show [ip] igmp interface [<interface>]")]
    [InlineData("set eth0 query-interval 5 robustness-variable 3", "set <interface> {<setting> <value>}")]
    [InlineData("add mfc * 239.1.0.0/16 eth0 eth1 eth2=16", "add mfc <sources> <groups> <interface> {<output>}")]
    [InlineData("add membership 239.1.1.1 eth0", "add membership <group> <interface> [<source>]")]
    [InlineData("add membership eth0 232.1.1.1 192.0.2.1", "add membership <interface> <group> [<source>]")]
    public void A_line_means_a_command(string line, string pattern) =>
        ShellCommands.All.Find(Words(line)).Command.Pattern.Text.Should().Be(pattern);

    [Fact]
    public void Arguments_are_known_by_their_kind()
    {
        var (_, arguments) = ShellCommands.All.Find(Words("add mfc 10.0.0.2 239.1.1.1 eth0 eth1 eth2=16"));

        (arguments["sources"], arguments["groups"], arguments["interface"]).Should().Be(("10.0.0.2", "239.1.1.1", "eth0"));
        arguments.All("output").Should().Equal("eth1", "eth2=16");
    }

    [Theory]
    [InlineData("s", "Ambiguous command: 's' may be set or show or status")]
    [InlineData("fly", "Unknown command: fly (at 'fly'; expected: *")]
    [InlineData("show igmp", "Command incomplete: show igmp ... (expected: groups, interface, sources)")]
    [InlineData("show groupstate eth0", "Unknown command: show groupstate eth0 (at 'eth0'; expected: <group>)")]
    [InlineData("show statistics now", "Unknown command: show statistics now (at 'now'; nothing more is expected)")]
    [InlineData("set eth0 query-interval", "Command incomplete: set eth0 query-interval ... (expected: <value>)")]
    [InlineData("set eth0 query-interval 5 version", "Command incomplete: * (expected: <value>)")]
    public void A_line_that_is_no_command_is_told_why(string line, string message) =>
        FluentActions.Invoking(() => ShellCommands.All.Find(Words(line))).Should().Throw<ShellException>().WithMessage(message);

    [Theory]
    [InlineData("sho", "show")]
    [InlineData("show ", "configuration groupstate history igmp ip mcgroups mroute statistics vifs")]
    [InlineData("show i", "igmp ip")]
    [InlineData("show igmp interface ", "eth0 eth1")]
    [InlineData("sh ig gr ", "239.1.1.1 239.2.2.2 detail interface")]
    [InlineData("show igmp groups 239.2", "239.2.2.2")]
    [InlineData("clear groups interface e", "eth0 eth1")]
    [InlineData("set eth1 ro", "robustness-variable")]
    [InlineData("set eth1 require-router-alert ", "default false true")]
    [InlineData("set eth1 require-router-alert true im", "immediate-leave immediate-leave-scope")]
    [InlineData("set eth1 immediate-leave t", "tracked")]
    [InlineData("fly ", "")]
    public void A_word_is_completed_from_the_commands_and_the_running_router(string line, string candidates)
    {
        var words = ShellWords.Split(line);

        ShellCommands
            .All.Complete(words[..^1], words[^1], Live)
            .Should()
            .Equal(candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void What_may_come_next_is_told_with_its_meaning()
    {
        ShellCommands
            .All.Next(Words("show igmp"), "")
            .Select(each => $"{each.Word}: {each.Help}")
            .Should()
            .Equal("groups: Groups with members", "interface: Of one interface", "sources: Sources of groups");
        ShellCommands
            .All.Next(Words("show igmp groups"), "")
            .Select(each => $"{each.Word}: {each.Help}")
            .Should()
            .Equal(
                "<cr>: Groups with members (FRR's columns)", "<group>: A group, such as 239.1.1.1", "detail: With sources and timers",
                "interface: Of one interface");
        ShellCommands.All.Next(Words("show"), "st").Select(each => each.Word).Should().Equal("statistics");
    }

    [Fact]
    public void Every_command_of_the_shells_that_people_know_is_there()
    {
        // The interactive shell of a Python library for multicast routing, and that of a thesis router.
        string[] lines =
        [
            "add vif 1 eth1",
            "add mfc 10.0.0.2 239.1.1.1 eth0 eth1",
            "add membership 239.1.1.1 eth0",
            "del vif eth1",
            "del mfc 10.0.0.2 239.1.1.1 eth0",
            "drop membership 239.1.1.1 eth0",
            "list vifs",
            "list mfc",
            "status",
            "flush",
            "msgs",
            "help",
            "help add vif",
            "bye",
            "show mcgroups",
            "show groupstate 239.1.1.1",
            "man",
        ];

        foreach (var line in lines)
            ShellCommands.All.Find(Words(line)).Command.Help.Should().NotBeEmpty();
    }

    [Fact]
    public void The_documentation_has_all_commands() =>
        GeneratedText.ShouldHold("docs/router-shell.md", "commands", HelpText.Markdown(ShellCommands.All));

    [Theory]
    [InlineData("a  b ", "a|b|")]
    [InlineData("a", "a")]
    [InlineData("", "")]
    [InlineData("set x [permit 1, deny 2] y", "set|x|[permit 1, deny 2]|y")]
    [InlineData("x +{group: 232.1.1.1, source: 192.0.2.1}", "x|+{group: 232.1.1.1, source: 192.0.2.1}")]
    [InlineData("x \"a b\" 'c d' \"\"", "x|a b|c d|")]
    public void A_line_is_words(string line, string words) => string.Join('|', ShellWords.Split(line)).Should().Be(words);

    private static List<string> Words(string line) => ShellWords.SplitWhole(line);

    private sealed class TwoInterfaces : ILiveValues
    {
        public IEnumerable<string> Interfaces() => ["eth0", "eth1"];

        public IEnumerable<string> Groups() => ["239.1.1.1", "239.2.2.2"];
    }
}
