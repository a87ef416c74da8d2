using FluentAssertions;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;
using MulticastLab.Tests;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance.Interop;

/// <summary>Plays interoperation scenarios, and what they ask of a run beyond what all scenarios do.</summary>
internal static class InteropRun
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Plays them side by side, as they wait most of the time; each has to pass.</summary>
    internal static async Task AllPass(params InteropScenario[] scenarios)
    {
        var results = await Task.WhenAll(
            scenarios.Select(each => ConclusiveRun.Of(() => Play(each), again => TriedAgain.Note(again.Describe()))));

        results.Where(each => !each.Passed).Select(each => each.Describe()).Should().BeEmpty();
    }

    /// <summary>Waits for a frame. When it does not come, the run ends here.</summary>
    internal static async Task<SeenFrame> Await(this LabRun run, FramePattern pattern, Moment since, TimeSpan within) =>
        await run.Seen(pattern, since, within)
            ?? throw new ScenarioAbortedException($"{pattern} was not seen within {within.InWords()} since {since}.");

    /// <summary>
    /// States that this long has passed between two instants, give or take the lab's latency. Otherwise the run ends here.
    /// </summary>
    internal static void Took(this LabRun run, string what, Instant from, Instant to, TimeSpan atLeast, TimeSpan atMost)
    {
        var took = to - from;
        if (!took.IsBetween(atLeast - run.Lab.Latency, atMost + run.Lab.Latency))
            throw new ScenarioAbortedException($"{what} came after {took.InWords()}, not after {atLeast.InWords()} to {atMost.InWords()}.");
    }

    private static async Task<ScenarioResult> Play(InteropScenario scenario)
    {
        using var folder = scenario.WriteTopology();
        var info = new ScenarioInfo(scenario.Name, ScenarioTheme.Election, $"Beside {scenario.Peer}", [], scenario.GetType());
        return await ScenarioRunner.Run(
            info, scenario, TopologyReader.Read(folder.Path), new NamespacesEngine(),
            new RunOptions { EvidenceDirectory = EvidenceFolder.Next(Repository.Evidence, scenario.Name, "namespaces") }, Cancellation);
    }
}
