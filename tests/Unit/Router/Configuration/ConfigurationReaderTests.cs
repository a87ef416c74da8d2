using FluentAssertions;
using MulticastLab.Daemon.Settings;
using MulticastLab.Packets.Text;
using MulticastLab.Daemon.Configuration;
using Xunit;

namespace MulticastLab.Tests.Router.Configuration;

/// <summary>What a configuration file says, and what is told of one that is wrong: every fault with its line and column.</summary>
public sealed class ConfigurationReaderTests
{
    [Fact]
    public void An_interface_without_settings_has_the_defaults()
    {
        var options = Read("interfaces:\n  eth0:\n  eth1: {}\n");

        options.Interfaces.Select(each => each.Name).Should().Equal("eth0", "eth1");
        options.Interfaces.Should().AllSatisfy(each => each.Settings.Should().Be(RouterInterfaceSettings.Table.Defaults));
        options.Forward.Should().BeFalse();
        options.ControlPath.Should().BeNull();
    }

    [Fact]
    public void What_stands_at_an_interface_goes_before_the_defaults()
    {
        var options = Read("""
            forward: true
            control: /run/lab/router.sock
            defaults:
              query-interval: 60
              robustness-variable: 3
            interfaces:
              eth0:
                query-interval: 12.5
              eth1:
            """);

        options.Forward.Should().BeTrue();
        options.ControlPath.Should().Be("/run/lab/router.sock");
        var (first, second) = (options.Interfaces[0].Settings.Timing, options.Interfaces[1].Settings.Timing);
        (first.QueryInterval, first.RobustnessVariable).Should().Be((TimeSpan.FromSeconds(12.5), 3));
        (second.QueryInterval, second.RobustnessVariable).Should().Be((TimeSpan.FromSeconds(60), 3));
        second.StartupQueryInterval.Should().Be(TimeSpan.FromSeconds(15), "it follows the Query Interval (RFC 9776 §8.6)");
        second.StartupQueryCount.Should().Be(3, "it follows the Robustness Variable (§8.7)");
    }

    [Fact]
    public void A_part_can_be_named_and_used_again() =>
        Read("interfaces: {eth0: &quick {query-interval: 20}, eth1: *quick}")
            .Interfaces[1]
            .Settings.Timing.QueryInterval.Should()
            .Be(TimeSpan.FromSeconds(20));

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_told_with_its_line_and_column(string text, string expected)
    {
        var read = () => Read(text);

        read.Should().Throw<InvalidFileException>().WithMessage(expected);
    }

    public static TheoryData<string, string> Faults() =>
        new()
        {
            // What is not YAML.
            { "interfaces:\n  eth0:\n\tquery-interval: 3\n", "r.yaml:3:1: not YAML: *tab*" },
            { "interfaces:\n  eth0:\n    control: \"open\n", "r.yaml:3:14: not YAML: *" },
            { "interfaces:\n  eth0:\n   version: 3\n    query-interval: 3\n", "r.yaml:4:*: not YAML: *" },
            { "interfaces: [a, {b: c}\nx: 1", "r.yaml:1:*: not YAML: *" },
            { "eth0: }", "r.yaml:1:7: not YAML: *" },
            { "interfaces: *x", "r.yaml:1:13: not YAML: nothing is named &x" },
            { "? [a]\n: b\n", "r.yaml:1:3: not YAML: a key is a word" },
            { "interfaces: {eth0: }\n---\nx: y\n", "r.yaml:2:1: not YAML: a second document begins; one file is one configuration" },
            { "interfaces: " + new string('[', 10_000), "r.yaml:1:44: not YAML: more than 32 levels" },
            // What has another shape.
            { "", "r.yaml:1:1: there must be at least one interface under interfaces" },
            { "forward: true", "r.yaml:1:1: there must be at least one interface under interfaces" },
            { "forward: true\ninterfaces:\n", "r.yaml:2:1: there must be at least one interface under interfaces" },
            { "- eth0", "r.yaml:1:1: the configuration must be a mapping (name: value), not a list" },
            { "interfaces: eth0", "r.yaml:1:13: interfaces must be a mapping (name: value), not a single value" },
            { "interfaces: [eth0]", "r.yaml:1:13: interfaces must be a mapping (name: value), not a list" },
            { "interfaces: {eth0: 3}", "r.yaml:1:20: eth0 must be a mapping (name: value), not a single value" },
            // Unknown names.
            { "interfaces:\n  eth0:\n    querry-interval: 3", "r.yaml:3:5: eth0 has no 'querry-interval'; did you mean query-interval?" },
            { "interfaces:\n  eth0:\n    robustness: 3", "r.yaml:3:5: eth0 has no 'robustness'" },
            { "defaults: {verison: 3}\ninterfaces: {eth0: }", "r.yaml:1:12: defaults has no 'verison'; did you mean version?" },
            {
                "query-interval: 3\ninterfaces: {eth0: }",
                "r.yaml:1:1: the configuration has no 'query-interval'; it belongs under defaults or an interface"
            },
            {
                "querry-interval: 3\ninterfaces: {eth0: }",
                "r.yaml:1:1: the configuration has no 'querry-interval'; did you mean query-interval (under defaults or an interface)?"
            },
            { "interface: {eth0: }", "r.yaml:1:1: the configuration has no 'interface'; did you mean interfaces?" },
            { "interfaces: {eth0: {forward: true}}", "r.yaml:1:21: eth0 has no 'forward'; it belongs at the top level" },
            { "interfaces: {sixteen-letters-: }", "r.yaml:1:14: 'sixteen-letters-' cannot be the name of an interface" },
            { "interfaces: {\"a/b\": }", "r.yaml:1:14: 'a/b' cannot be the name of an interface" },
            // Twice.
            { "interfaces: {eth0: , eth1: , eth0: }", "r.yaml:1:30: 'eth0' is here twice, first in line 1" },
            { "interfaces:\n  eth0:\n    version: 3\n    version: 3\n", "r.yaml:4:5: 'version' is here twice, first in line 3" },
            // Types and ranges.
            { "forward: yes\ninterfaces: {eth0: }", "r.yaml:1:10: forward: must be true or false, not 'yes'" },
            { "control: router.sock\ninterfaces: {eth0: }", "r.yaml:1:10: control: must be an absolute path, not 'router.sock'" },
            { "control: [a]\ninterfaces: {eth0: }", "r.yaml:1:10: control: must be an absolute path, not a list" },
            {
                "interfaces: {eth0: {query-interval: fast}}",
                "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not 'fast'"
            },
            { "interfaces: {eth0: {query-interval: 0}}", "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not '0'" },
            { "interfaces: {eth0: {query-interval: -1}}", "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not '-1'" },
            {
                "interfaces: {eth0: {query-interval: 31745}}",
                "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not '31745'"
            },
            {
                "interfaces: {eth0: {query-interval: .inf}}",
                "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not '.inf'"
            },
            {
                "interfaces: {eth0: {query-interval: 1e2}}",
                "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not '1e2'"
            },
            {
                "interfaces: {eth0: {query-interval: \"60\"}}",
                "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not the text \"60\""
            },
            { "interfaces: {eth0: {query-interval: }}", "r.yaml:1:*: query-interval: must be seconds above 0, at most 31744, not empty" },
            {
                "interfaces: {eth0: {query-interval: {a: b}}}",
                "r.yaml:1:37: query-interval: must be seconds above 0, at most 31744, not a mapping"
            },
            {
                "interfaces: {eth0: {query-max-response-time: 3174.5}}",
                "r.yaml:1:46: query-max-response-time: must be seconds above 0, at most 3174.4, not '3174.5'"
            },
            { "interfaces: {eth0: {version: 4}}", "r.yaml:1:30: version: must be a whole number from 1 to 3, not '4'" },
            {
                "interfaces: {eth0: {robustness-variable: 2.0}}",
                "r.yaml:1:42: robustness-variable: must be a whole number from 1 to 255, not '2.0'"
            },
            {
                "interfaces: {eth0: {robustness-variable: 256}}",
                "r.yaml:1:42: robustness-variable: must be a whole number from 1 to 255, not '256'"
            },
            { "interfaces: {eth0: {require-router-alert: 1}}", "r.yaml:1:43: require-router-alert: must be true or false, not '1'" },
            { "interfaces: {eth0: {max-groups: 0}}", "r.yaml:1:33: max-groups: must be a whole number from 1, or unlimited, not '0'" },
            { "interfaces: {eth0: {immediate-leave: true}}", "r.yaml:1:38: immediate-leave: must be never, tracked or always, not 'true'" },
            {
                "interfaces: {eth0: {ssm-range: 232.0.0.0/8}}",
                "r.yaml:1:32: ssm-range: must be a list of prefixes such as 10.0.0.0/24, not '232.0.0.0/8'"
            },
            {
                "interfaces: {eth0: {ssm-range: [232.0.0.0/8, 232/8]}}",
                "r.yaml:1:46: ssm-range: must be a prefix such as 10.0.0.0/24, not '232/8'"
            },
            {
                "interfaces: {eth0: {group-policy: [allow 239.0.0.0/8]}}",
                "r.yaml:1:36: group-policy: must be a rule such as permit 239.1.0.0/16, not 'allow 239.0.0.0/8'"
            },
            {
                "interfaces: {eth0: {static-group: [{groop: 239.1.1.1}]}}",
                "r.yaml:1:36: static-group: must be a group such as 239.1.1.1, or *, not a mapping"
            },
            {
                "interfaces: {eth0: {static-group: [{group: 239.1.1.1, group: 239.1.1.1}]}}",
                "r.yaml:1:36: static-group: must be a group such as *, not a mapping"
            },
            {
                "interfaces: {eth0: {ssm-map: [{groups: 232.1.0.0/16}]}}",
                "r.yaml:1:31: ssm-map: must be a mapping such as *, not a mapping"
            },
            // What does not go together is told where it can be mended.
            {
                "interfaces:\n  eth0:\n    version: 3\n    query-interval: 5\n",
                "r.yaml:4:5: The Query Response Interval of * must be less than the Query Interval of * (RFC 9776 §8.3)."
            },
            { "defaults:\n  query-interval: 5\ninterfaces:\n  eth0:\n  eth1:\n", "r.yaml:2:3: The Query Response Interval of *" },
            {
                "defaults:\n  query-max-response-time: 20\ninterfaces:\n  eth0:\n    query-interval: 15\n",
                "r.yaml:5:5: The Query Response Interval of *"
            },
            {
                "interfaces: {eth0: {query-max-response-time: 0.01}}",
                "r.yaml:1:21: The Query Response Interval of * is too short to be expressed in a query (RFC 9776 §8.3)."
            },
            { "interfaces: {eth0: {immediate-leave: tracked}}", "r.yaml:1:21: Immediate leave of tracked hosts needs explicit tracking." },
            { "interfaces: {eth0: {static-group: [224.0.0.5]}}", "r.yaml:1:21: 224.0.0.5 is no group for a static group." },
            {
                "interfaces: {eth0: {join-group: [232.1.1.1]}}",
                "r.yaml:1:21: 232.1.1.1 is source-specific: a join of it needs a source (RFC 4604 §2)."
            },
        };

    // MAXVIFS of linux/mroute.h.
    [Theory]
    [InlineData(true, 32, null)]
    [InlineData(true, 33, "r.yaml:1:1: the kernel forwards between at most 32 interfaces, not 33")]
    [InlineData(false, 33, null)]
    public void The_kernel_forwards_between_32_interfaces_at_most(bool forwards, int interfaces, string? expected)
    {
        var text =
            $"forward: {(forwards ? "true" : "false")}\ninterfaces:\n"
                + $"{string.Concat(Enumerable.Range(0, interfaces).Select(i => $"  eth{i}:\n"))}";
        var read = () => Read(text);

        if (expected is null)
            read().Interfaces.Should().HaveCount(interfaces);
        else
            read.Should().Throw<InvalidFileException>().WithMessage(expected);
    }

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
    {
        var read = () => Read("""
            interfaces:
              eth1:
                version: 9
                hop-limit: 3
              eth0: 5
            forward: ture
            colour: red
            defaults:
              query-interval: fast
            """);

        read.Should()
            .Throw<InvalidFileException>()
            .Which.Problems.Select(each => (each.Line, each.Column))
            .Should()
            .Equal((3, 14), (4, 5), (5, 9), (6, 10), (7, 1), (9, 19));
    }

    [Fact]
    public void Whatever_the_text_it_is_read_or_refused()
    {
        // Pieces of the language in any order: no other exception, no endless reading.
        string[] pieces =
        [
            "interfaces", "eth0", ":", " ", "\n", "\n  ", "{", "}", "[", "]", ",", "&a ", "*a", "- ", "? ", "\"", "'", "#", "|", ">", "!",
            "%", "@", "\t", "---", "...", "query-interval", "3", "é", "\u0000", "<<"];
        var random = new Random(1);
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => pieces[random.Next(pieces.Length)]));
            try
            {
                Read(text);
            }
            catch (InvalidFileException refused)
            {
                refused
                    .Problems.Should()
                    .NotBeEmpty()
                    .And.AllSatisfy(each => (each.Line >= 1 && each.Column >= 1).Should().BeTrue("of {0}", text));
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{other.GetType().Name} of {text}");
            }
        }
    }

    private static RouterOptions Read(string text) => ConfigurationReader.Read("r.yaml", text);
}
