using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary><c>validate</c> and <c>graph</c>: topology folders, good and bad.</summary>
public sealed class TopologyCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("labrunner-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static TheoryData<string> Scenarios =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "topologies")).Select(each => Path.GetFileName(each)!)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Every_scenario_of_the_repository_is_valid(string scenario)
    {
        var ended = await Labrunner.Run("validate", Path.Combine(Repository.Root, "topologies", scenario));

        ended.Code.Should().Be(0);
        ended.Error.Should().BeEmpty();
        ended.Out.Should().Contain("is valid");
    }

    [Fact]
    public async Task An_invalid_folder_ends_with_3_and_every_problem_has_file_line_and_column()
    {
        Write("lab.conf", "r1[0]=\"A\"\nr1[0]=\"B\"\nr1[im-age]=\"multicast-lab/router\"\n");

        var ended = await Labrunner.Run("validate", folder);

        ended.Code.Should().Be(3);
        ended.Out.Should().BeEmpty();
        ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2)
            .And.OnlyContain(line => line.StartsWith(Path.Combine(folder, "lab.conf") + ":"));
        ended.Error.Should().MatchRegex(@"lab\.conf:2:\d+: ").And.MatchRegex(@"lab\.conf:3:\d+: .*image");
    }

    [Fact]
    public async Task Problems_are_told_as_json_too()
    {
        Write("lab.conf", "r1[im-age]=\"multicast-lab/router\"\n");

        var ended = await Labrunner.Run("validate", "--json", folder);

        ended.Code.Should().Be(3);
        var report = JsonNode.Parse(ended.Out)!;
        report["valid"]!.GetValue<bool>().Should().BeFalse();
        report["errors"]![0]!["line"]!.GetValue<int>().Should().Be(1);
        ended.Out.Should().StartWith($$"""
            {
              "valid": false,
              "name": null,
              "nodes": null,
              "lans": null,
              "errors": [
                {
            """);
    }

    [Fact]
    public async Task What_Kathara_passes_over_is_a_warning_in_text_and_in_json()
    {
        Write("lab.conf", "pc1[0]=\"A\"\npc1[cpu]=\"2\"\npc1[mem]=24\n");

        var (text, json) = (await Labrunner.Run("validate", folder), await Labrunner.Run("validate", "--json", folder));

        text.Code.Should().Be(0);
        text.Error.Should().Be($"""
            {folder}/lab.conf:2:5: 'cpu' is neither an interface number nor an option, and has no effect; did you mean 'cpus'? (warning)
            {folder}/lab.conf:3:5: the option 'mem' has no effect here (warning)

            """);
        json.Code.Should().Be(0);
        var report = JsonNode.Parse(json.Out)!;
        report["valid"]!.GetValue<bool>().Should().BeTrue();
        report["warnings"]!.AsArray().Select(each => each!["line"]!.GetValue<int>()).Should().Equal(2, 3);
        json.Out.Should().Be($$"""
            {
              "valid": true,
              "name": "{{Path.GetFileName(folder)}}",
              "nodes": [
                "pc1"
              ],
              "lans": [
                "A"
              ],
              "errors": [],
              "warnings": [
                {
                  "file": "{{folder}}/lab.conf",
                  "line": 2,
                  "column": 5,
                  "message": "'cpu' is neither an interface number nor an option, and has no effect",
                  "suggestion": "'cpus'"
                },
                {
                  "file": "{{folder}}/lab.conf",
                  "line": 3,
                  "column": 5,
                  "message": "the option 'mem' has no effect here",
                  "suggestion": null
                }
              ]
            }

            """);
    }

    [Theory]
    [InlineData("graph")]
    public async Task Other_commands_tell_an_invalid_folder_the_same_way(string command)
    {
        Write("lab.conf", "r1[im-age]=\"multicast-lab/router\"\n");

        var ended = await Labrunner.Run(command, folder);

        ended.Code.Should().Be(3);
        ended.Error.Should().StartWith(Path.Combine(folder, "lab.conf") + ":1:");
    }

    [Fact]
    public async Task A_scenario_that_is_not_there_is_a_usage_error_that_names_those_that_are()
    {
        var ended = await Labrunner.Run("graph", "querier-erection");

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain("querier-erection").And.Contain("querier-election");
    }

    [Fact]
    public async Task A_mermaid_graph_has_a_node_for_each_node_and_LAN_and_an_edge_for_each_interface()
    {
        Write("lab.conf", "r1[0]=\"A\"\nr1[1]=\"B\"\nr1[image]=\"multicast-lab/router\"\nh1[0]=\"B\"\n");
        Write("r1.startup", "ip address replace 10.0.0.1/24 dev eth0\nip link set eth0 up\n");

        var ended = await Labrunner.Run("graph", folder);

        ended.Out.Should().Be("""
            graph LR
              lan0((("LAN A")))
              lan1((("LAN B")))
              n0{{"r1<br/>router"}}
              n1["h1<br/>plain"]
              n0 ---|"eth0 10.0.0.1/24"| lan0
              n0 ---|"eth1"| lan1
              n1 ---|"eth0"| lan1

            """);
    }

    [Fact]
    public async Task A_dot_graph_is_one_undirected_graph()
    {
        var ended = await Labrunner.Run("graph", Path.Combine(Repository.Root, "topologies", "leave-with-gsq"), "--format", "dot");

        ended.Out.Should().StartWith("graph \"leave-with-gsq\" {").And.EndWith("}\n");
        ended.Out.Split('\n').Count(line => line.Contains(" -- ")).Should().Be(5);
    }

    [Fact]
    public async Task A_text_graph_lists_who_is_on_each_LAN()
    {
        var ended = await Labrunner.Run("graph", Path.Combine(Repository.Root, "topologies", "leave-with-gsq"), "--format", "text");

        ended.Out.Should().MatchRegex(@"LAN A\n\|   \+-- r1 +eth1  router  10\.0\.0\.1/24");
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);
}
