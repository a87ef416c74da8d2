using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary><c>list</c>, <c>run</c> and what they refuse; in the simulated world, which is everywhere.</summary>
public sealed class RunCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("labrunner-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task List_has_every_topology_with_its_RFC_sections()
    {
        var ended = await Labrunner.Run("list", "--json");

        var list = JsonNode.Parse(ended.Out)!.AsArray();
        list.Select(each => (string)each!["name"]!).Should()
            .BeEquivalentTo(Directory.GetDirectories(Path.Combine(Repository.Root, "topologies")).Select(Path.GetFileName));
        var election = list.Single(each => (string)each!["name"]! == "querier-election")!;
        election.AsObject().Select(each => each.Key).Should()
            .Equal("name", "description", "runs", "topology", "rfc-sections", "requirements", "theme");
        ((string)election["theme"]!).Should().Be("election");
        ended.Out.Should().Contain("RFC 9776 §6.6.2", "what is no ASCII is no escape");
        election["runs"]!.GetValue<bool>().Should().BeTrue();
        election["rfc-sections"]!.AsArray().Select(each => (string)each!).Should().Contain("RFC 9776 §6.6.2");
    }

    [Fact]
    public async Task A_simulated_run_passes_and_leaves_evidence()
    {
        var ended = await Labrunner.Run("run", "querier-election", "--engine", "simulated", "--evidence", folder, "--json");

        ended.Code.Should().Be(0);
        ended.Error.Should().BeEmpty();
        var report = JsonNode.Parse(ended.Out)!;
        report["passed"]!.GetValue<bool>().Should().BeTrue();
        report["requirements"]!.AsArray().Should().NotBeEmpty().And.OnlyContain(each => (string)each!["verdict"]! == "pass");
        Names(report).Should().Be(
            "scenario engine host-stack seed passed verdict aborted seconds frames frames-lost inconclusive disturbances "
                + "steps[number title start end] expectations[text requirements judged problems] "
                + "requirements[id section level text verdict] evidence capture");
        report["host-stack"].Should().BeNull("a simulated host has no kernel");
        report["seed"]!.GetValue<int>().Should().Be(1);
        var states = await File.ReadAllLinesAsync(
            Path.Combine(report["evidence"]!.GetValue<string>(), "states.jsonl"), TestContext.Current.CancellationToken);
        states.Should().NotBeEmpty().And.AllSatisfy(line =>
            line.Should().MatchRegex("""^\{"at":"[0-9.]+","step":[0-9]+,"node":"r[1-3]","state":\{"ietf-igmp-mld:igmp":\{.*\}\}\}$"""));
        using var capture = CaptureReader.Open(report["capture"]!.GetValue<string>());
        capture.ReadAll().Should().HaveCount(report["frames"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_run_for_people_ends_with_the_verdict_and_the_evidence()
    {
        var ended = await Labrunner.Run("run", "querier-election", "--engine", "simulated", "--evidence", folder);

        ended.Code.Should().Be(0);
        ended.Out.Should().Contain("V3-R-6.6.2-01").And.Contain("PASSED").And.Contain($"Evidence: {folder}").And.NotContain("\u001b");
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_run_and_another_seed_another_one()
    {
        async Task<string> Text(string seed)
        {
            var ended = await Labrunner.Run(
                "run", "querier-election", "--engine", "simulated", "--seed", seed, "--evidence", folder, "--json");
            return await File.ReadAllTextAsync(
                Path.Combine(JsonNode.Parse(ended.Out)!["evidence"]!.GetValue<string>(), "run.txt"), TestContext.Current.CancellationToken);
        }

        var first = await Text("7");

        (await Text("7")).Should().Be(first);
        (await Text("8")).Should().NotBe(first);
    }

    [Fact]
    public async Task The_docker_engine_is_not_there_yet_and_the_user_is_told()
    {
        var ended = await Labrunner.Run("run", "querier-election", "--engine", "docker");

        ended.Code.Should().Be(4);
        ended.Error.Should().Contain("docker").And.Contain("--engine namespaces");
    }

    [Fact]
    public async Task A_simulated_lab_cannot_stay_up()
    {
        var ended = await Labrunner.Run("up", "querier-election", "--engine", "simulated");

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain("simulated").And.Contain("run");
    }

    [Fact]
    public async Task A_topology_without_a_scenario_can_not_be_run()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "lab.conf"), "r1[0]=\"A\"\n", TestContext.Current.CancellationToken);

        var ended = await Labrunner.Run("run", folder);

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain("no scenario");
    }

    [Theory]
    [InlineData("join", "h1", "10.0.0.1")]
    [InlineData("join", "h1", "239.1.1.1", "--include", "nonsense")]
    [InlineData("join", "h1", "239.1.1.1", "--include", "10.0.0.1", "--exclude", "10.0.0.2")]
    [InlineData("block", "h1", "239.1.1.1")]
    [InlineData("down", "querier-election", "--all")]
    [InlineData("run", "querier-election", "--engine", "quantum")]
    public async Task What_cannot_be_meant_is_a_usage_error(params string[] arguments)
    {
        var ended = await Labrunner.Run(arguments);

        ended.Code.Should().Be(2);
        ended.Out.Should().BeEmpty();
    }

    /// <summary>The names of an object's members in order, with those of the first object of each list.</summary>
    private static string Names(JsonNode document) => string.Join(' ', document.AsObject().Select(each =>
        each.Value is JsonArray { Count: > 0 } list && list[0] is JsonObject first ? $"{each.Key}[{Names(first)}]" : each.Key));
}
