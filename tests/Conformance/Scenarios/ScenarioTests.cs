using System.Collections.Concurrent;
using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Scenarios.Pages;
using MulticastLab.Tests;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance.Scenarios;

/// <summary>What every scenario has to pass in virtual time.</summary>
public sealed class ScenarioTests(ScenarioTests.FirstRuns runs) : IClassFixture<ScenarioTests.FirstRuns>
{
    public static TheoryData<string> Scenarios => ScenarioCases.All;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Passes_in_virtual_time_with_the_default_timers(string scenario)
    {
        var result = await runs.Of(scenario);

        result.Passed.Should().BeTrue("{0}", result.Describe());
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Its_simulated_run_is_the_verified_one(string scenario)
    {
        var result = await runs.Of(scenario);

        GoldenFiles.Compare(result, Repository.Captures, GoldenFiles.AcceptRequested).Should().BeNull("{0}", result.Describe());
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Its_page_is_what_the_run_makes_of_it(string scenario)
    {
        var result = await runs.Of(scenario);

        ScenarioPages.Compare(result, Repository.Root, GoldenFiles.AcceptRequested).Should().BeNull();
    }

    [Fact]
    public void The_pages_are_those_of_the_scenarios_and_their_index()
    {
        ScenarioPages.CompareIndex(ScenarioCatalog.BuiltIn, Repository.Root, GoldenFiles.AcceptRequested).Should().BeNull();
        ScenarioPages.Orphans(ScenarioCatalog.BuiltIn, Repository.Root).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Tshark_reads_its_capture_as_we_do(string scenario)
    {
        TsharkOracle.Require();

        var result = await runs.Of(scenario);

        TsharkOracle.Compare(result.CapturePath!).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_same_seed_gives_the_same_run(string scenario)
    {
        var first = await ScenarioPlay.Simulated(scenario, seed: 7, Cancellation);
        var second = await ScenarioPlay.Simulated(scenario, seed: 7, Cancellation);

        RunText.Of(second).Should().Be(RunText.Of(first));
        second.Frames.Select(frame => (frame.At, frame.Frame.Lan, Convert.ToHexString(frame.Frame.Bytes.Span)))
            .Should().Equal(first.Frames.Select(frame => (frame.At, frame.Frame.Lan, Convert.ToHexString(frame.Frame.Bytes.Span))));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Each_requirement_that_it_covers_is_shown_by_an_expectation(string scenario)
    {
        var result = await runs.Of(scenario);

        result.Expectations.SelectMany(each => each.Requirements).Distinct()
            .Should().BeEquivalentTo(result.Scenario.Requirements.Select(each => each.Id));
    }

    /// <summary>The run with seed 1 of each scenario, which several tests look at.</summary>
    public sealed class FirstRuns
    {
        private readonly ConcurrentDictionary<string, Task<ScenarioResult>> runs = new();

        internal Task<ScenarioResult> Of(string scenario) =>
            runs.GetOrAdd(scenario, name => ScenarioPlay.Simulated(name, seed: 1, CancellationToken.None, keepEvidence: true));
    }
}
