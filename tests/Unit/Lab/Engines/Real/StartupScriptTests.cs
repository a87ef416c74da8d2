using FluentAssertions;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using Xunit;

namespace MulticastLab.Tests.Lab.Engines.Real;

/// <summary>Where a startup has failed is read from what the shell has written.</summary>
public sealed class StartupScriptTests
{
    private static readonly Topology Topology = new() { Name = "t", Directory = "/labs/t", Nodes = [], Lans = [] };

    [Theory]
    // bash shows file and line of the traced command, also when the command itself complains after it.
    [InlineData(
        "+ /hostlab/r1.startup:1: ip link set eth0 up\n+ /hostlab/r1.startup:3: ip link set eth7 up\nCannot find device \"eth7\"\n",
        "/labs/t/r1.startup:3")]
    // Commands in a substitution have more plus signs.
    [InlineData("++ /hostlab/r1.startup:4: false\n", "/labs/t/r1.startup:4")]
    // bash, a syntax error: nothing is traced.
    [InlineData("/hostlab/r1.startup: line 7: syntax error: unexpected end of file\n", "/labs/t/r1.startup:7")]
    // dash: the trace has no line, its complaint has.
    [InlineData("+ /hostlab/r1.startup:: nosuch 1\n/hostlab/r1.startup: 3: nosuch: not found\n", "/labs/t/r1.startup:3")]
    [InlineData("+ /hostlab/shared.startup:: false\n", "/labs/t/shared.startup")]
    // An exec option of lab.conf.
    [InlineData("+ /hostlab/r1.startup:3: true\n+ lab.conf:: false\n", "/labs/t/lab.conf")]
    [InlineData("nothing of the kind\n", null)]
    public void The_last_command_is_found_in_the_log(string log, string? place) =>
        StartupScript.Place(Topology, log).Should().Be(place);

    [Fact]
    public void A_node_without_startup_runs_nothing() =>
        StartupScript.CommandFor(Topology, Node()).Should().BeNull();

    [Fact]
    public void Shared_startup_comes_first_then_the_nodes_own_then_the_options()
    {
        var node = Node() with
        {
            StartupFile = "/labs/t/r1.startup",
            Options = new Dictionary<string, IReadOnlyList<string>> { ["exec"] = ["echo 'one'", "two"] },
        };

        var command = StartupScript.CommandFor(Topology with { SharedStartupFile = "/labs/t/shared.startup" }, node)!;

        var lines = command[2].Split('\n');
        lines.Should().HaveCount(4);
        lines[0].Should().EndWith("'/hostlab/shared.startup'");
        lines[1].Should().EndWith("'/hostlab/r1.startup'");
        command.Skip(4).Should().Equal("echo 'one'", "two");
    }

    private static Node Node() => new() { Name = "r1", Kind = NodeKind.Plain, Interfaces = [] };
}
