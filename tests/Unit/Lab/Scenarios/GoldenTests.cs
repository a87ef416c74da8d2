using FluentAssertions;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using Xunit;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>
/// Verified evidence: what differs is written beside it and shown, what is accepted is verified, what failed is never accepted.
/// </summary>
public sealed class GoldenTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("multicast-lab-").FullName;

    private string Verified => Path.Combine(directory, "leave-with-gsq.verified.txt");

    private string Received => Path.Combine(directory, "leave-with-gsq.received.txt");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Without_verified_evidence_the_run_is_received_and_can_be_accepted()
    {
        var run = await Play();

        GoldenFiles.Compare(run, directory).Should().Contain("has no verified evidence").And.Contain(GoldenFiles.AcceptVariable);
        File.Exists(Received).Should().BeTrue();

        GoldenFiles.Compare(run, directory, accept: true).Should().BeNull();
        GoldenFiles.Compare(run, directory).Should().BeNull();
        File.Exists(Received).Should().BeFalse("what was received before is verified now");
    }

    [Fact]
    public async Task A_changed_line_is_shown_with_those_around_it()
    {
        var run = await Play();
        GoldenFiles.Compare(run, directory, accept: true);
        Edit("## 2. The first host joins", "## 2. Nobody joins");

        GoldenFiles.Compare(run, directory).Should()
            .Contain("-## 2. Nobody joins").And.Contain("+## 2. The first host joins").And.Contain("  = r1 eth0: querier");
    }

    [Fact]
    public async Task Ends_of_lines_that_a_checkout_has_changed_are_no_difference()
    {
        var run = await Play();
        GoldenFiles.Compare(run, directory, accept: true);
        var text = await File.ReadAllTextAsync(Verified, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Verified, "\uFEFF" + text.ReplaceLineEndings("\r\n"), TestContext.Current.CancellationToken);

        GoldenFiles.Compare(run, directory).Should().BeNull();
    }

    [Fact]
    public async Task A_changed_capture_is_noticed()
    {
        var run = await Play();
        GoldenFiles.Compare(run, directory, accept: true);
        var capture = Path.Combine(directory, "leave-with-gsq.verified.pcapng");
        var bytes = await File.ReadAllBytesAsync(capture, TestContext.Current.CancellationToken);
        bytes.AsSpan()[bytes.AsSpan().IndexOf("step 2"u8)..]["step ".Length] = (byte)'9';
        await File.WriteAllBytesAsync(capture, bytes, TestContext.Current.CancellationToken);

        GoldenFiles.Compare(run, directory).Should().Contain("step 9: The first host joins").And.Contain("step 2: The first host joins");
    }

    [Fact]
    public async Task A_run_that_failed_is_not_accepted()
    {
        var run = await Play();

        GoldenFiles.Compare(run with { Aborted = "for a test" }, directory, accept: true).Should().NotBeNull();
        File.Exists(Verified).Should().BeFalse();
    }

    [Fact]
    public async Task Other_timers_and_seeds_are_compared_by_meaning()
    {
        GoldenFiles.Compare(await Play(), directory, accept: true);
        var other = await Play(
            seed: 9, new Timing { QueryInterval = TimeSpan.FromSeconds(60), LastMemberQueryInterval = TimeSpan.FromSeconds(2) });

        GoldenFiles.Compare(other, directory).Should().BeNull();

        Edit("A h2: TO_EX(239.1.1.1, {}) × 2", "A h2: TO_EX(239.1.1.1, {}) × 3");
        GoldenFiles
            .Compare(other, directory)
            .Should()
            .Contain("-   A h2: TO_EX(239.1.1.1, {}) × 3")
            .And.Contain("+   A h2: TO_EX(239.1.1.1, {}) × 2");
    }

    private void Edit(string old, string changed) =>
        File.WriteAllText(Verified, File.ReadAllText(Verified).Replace(old, changed, StringComparison.Ordinal));

    private static Task<ScenarioResult> Play(int seed = 1, Timing? timing = null) =>
        ScenarioRunner.Run(
            ScenarioCatalog.BuiltIn.Find("leave-with-gsq")!,
            TopologyReader.Read(Path.Combine(Repository.Root, "topologies", "leave-with-gsq")), new SimulatedEngine(),
            new RunOptions { Seed = seed, Timing = timing }, TestContext.Current.CancellationToken);
}
