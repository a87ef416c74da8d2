using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using Xunit;

namespace MulticastLab.Conformance.Engine;

/// <summary>Whatever ends a lab, nothing is left behind that wipe does not clear, and other labs stay untouched (DESIGN §4).</summary>
public sealed class CleanUpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public async Task A_lab_that_is_taken_down_leaves_nothing()
    {
        using var registry = new Registry();
        using var folder = TopologyFolder.Line(3);
        var lab = await NamespacesLabTests.Up(folder, registry.Labs);
        await NamespacesLabTests.StartAll(lab);
        await lab.Execute("n1", "sleep 1000 >/dev/null 2>&1 &", Cancellation);
        registry.Processes().Should().HaveCount(4);

        await lab.DisposeAsync();

        registry.Processes().Should().BeEmpty();
        registry.Remains().Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(registry.Labs.Root).Should().BeEmpty();
    }

    [NamespacesFact]
    public async Task A_runner_killed_at_any_moment_leaves_nothing_that_wipe_does_not_clear()
    {
        const int Rounds = 12;
        var random = new Random(20240607);
        using var registry = new Registry();
        using var folder = TopologyFolder.Line(3);
        using var other = RunnerProcess.Start(registry.Labs.Root, folder.Path, "hold");
        await other.ReadLine(Cancellation);
        var otherId = await other.ReadLine(Cancellation);
        var otherProcesses = registry.Processes();
        otherProcesses.Should().HaveCount(4);

        for (var round = 0; round < Rounds; round++)
        {
            using var runner = RunnerProcess.Start(registry.Labs.Root, folder.Path);
            await runner.ReadLine(Cancellation);
            // The first lab takes longest, most of all its set-up; later rounds hit run and tear-down as well.
            if (round % 2 == 1)
                await runner.ReadLine(Cancellation);
            var moment = TimeSpan.FromMilliseconds(random.Next(0, 250));
            await Task.Delay(moment, TimeProvider.System, Cancellation);
            runner.Kill();

            registry.WaitForEndOfAllBut(otherProcesses);
            registry.Labs.Wipe();
            registry.Remains().Should().BeEmpty();
            Directory
                .EnumerateFileSystemEntries(registry.Labs.Root)
                .Select(Path.GetFileName)
                .Should()
                .Equal([otherId], $"the runner was killed after {moment}");
            registry.WaitForEndOfAllBut(otherProcesses);
            registry.Processes().Should().Contain(otherProcesses);
        }

        await using var attached = await RealEngine.Attach(registry.Labs.Find(otherId)!, Cancellation);
        (await attached.Execute("n2", "uname -n", Cancellation)).Output.Should().Be("n2\n");
    }

    [NamespacesFact]
    public async Task A_detached_lab_outlives_its_runner_until_it_is_taken_down()
    {
        using var registry = new Registry();
        using var folder = new TopologyFolder(
            ("lab.conf", "n1[0]=\"A\"\nn2[0]=\"A\"\n"), ("n1.startup", "sleep 1000 &\n"), ("n1.shutdown", "echo done > /shared/end\n"),
            ("shared/here", ""));
        using var runner = RunnerProcess.Start(registry.Labs.Root, folder.Path, "detach");
        await runner.ReadLine(Cancellation);
        var id = await runner.ReadLine(Cancellation);
        await runner.WaitForEnd(Cancellation);

        registry.Labs.Wipe().Should().BeEmpty();
        registry.Labs.List().Select(each => each.Id).Should().Equal(id);
        var record = registry.Labs.Find(id)!;
        record.IsAlive.Should().BeTrue();
        registry.Processes().Should().HaveCount(4);
        NodeCommand.Run(record, "n2", ["sh", "-c", "exit 7"]).Should().Be(7);

        LabRegistry.Down(record);

        registry.Processes().Should().BeEmpty();
        registry.Remains().Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(registry.Labs.Root).Should().BeEmpty();
        File.ReadAllText(Path.Combine(folder.Path, "shared/end")).Should().Be("done\n");
    }

    [NamespacesFact]
    public async Task A_lab_of_an_engine_that_this_program_does_not_have_is_listed_and_left_alone()
    {
        using var registry = new Registry();
        using var folder = TopologyFolder.Line(1);
        using var runner = RunnerProcess.Start(registry.Labs.Root, folder.Path, "detach");
        await runner.ReadLine(Cancellation);
        var id = await runner.ReadLine(Cancellation);
        await runner.WaitForEnd(Cancellation);
        var others = new LabRegistry([], registry.Labs.Root);

        others.List().Select(each => (each.Id, each.Engine, each.IsAlive)).Should().Equal((id, "namespaces", true));
        others.Wipe().Should().BeEmpty();
        var attach = () => RealEngine.Attach(others.Find(id)!, Cancellation);
        await attach.Should().ThrowAsync<LabSetupException>().WithMessage($"{id}: this program has no engine 'namespaces'.");
        registry.Labs.Find(id)!.IsAlive.Should().BeTrue();
    }

    [NamespacesFact]
    public async Task A_process_number_that_was_given_to_another_process_is_not_taken_for_a_lab()
    {
        using var registry = new Registry();
        using var folder = TopologyFolder.Line(1);
        await using var lab = await NamespacesLabTests.Up(folder, registry.Labs);
        var self = Environment.ProcessId;

        var stale = lab.Record with
        {
            Owner = new ProcessRecord(self, 1),
            Fabric = new ProcessRecord(self, 1).ToString(),
            Nodes = new Dictionary<string, string>(),
        };

        stale.IsAlive.Should().BeFalse();
    }
}
