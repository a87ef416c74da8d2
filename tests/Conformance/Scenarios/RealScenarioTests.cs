using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Suite;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Tests;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance.Scenarios;

/// <summary>What every scenario has to pass on real packets, several side by side.</summary>
public abstract class RealScenarioTests(RealScenarioTests.Session session)
{
    private protected async Task Passes(string scenario)
    {
        var result = await session.Runs.Result(scenario);

        result.Passed.Should().BeTrue("{0}", result.Describe());
        GoldenFiles.Compare(result, Repository.Captures).Should().BeNull("the capture is {0}", result.CapturePath);
        if (TsharkOracle.IsInstalled)
            TsharkOracle.Compare(result.CapturePath!).Should().BeEmpty();
    }

    /// <summary>The hosts speak the Linux kernel's IGMP.</summary>
    [Collection(nameof(OnRealPackets))]
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class KernelHosts(KernelHosts.Runs runs) : RealScenarioTests(runs), IClassFixture<KernelHosts.Runs>
    {
        public static TheoryData<string> Scenarios => ScenarioCases.PlayedBy(Played);

        private static IEnumerable<ScenarioInfo> Played =>
            ScenarioCatalog.BuiltIn.All.Where(each => each.Create().NotWithKernelHosts is null);

        [NamespacesTheory]
        [MemberData(nameof(Scenarios))]
        public Task Passes_on_real_packets_with_kernel_hosts(string scenario) => Passes(scenario);

        public sealed class Runs() : Session(Played, HostStack.Kernel);
    }

    /// <summary>The hosts speak our own core's IGMP.</summary>
    [Collection(nameof(OnRealPackets))]
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class UserSpaceHosts(UserSpaceHosts.Runs runs) : RealScenarioTests(runs), IClassFixture<UserSpaceHosts.Runs>
    {
        public static TheoryData<string> Scenarios => ScenarioCases.PlayedBy(ScenarioCatalog.BuiltIn.All);

        [NamespacesTheory]
        [MemberData(nameof(Scenarios))]
        public Task Passes_on_real_packets_with_user_space_hosts(string scenario) => Passes(scenario);

        public sealed class Runs() : Session(ScenarioCatalog.BuiltIn.All, HostStack.User);
    }

    /// <summary>The runs of a class.</summary>
    public abstract class Session : IAsyncDisposable
    {
        // Each is five programs and more, and has 200 ms for what takes no time.
        private const int MostAhead = 7;

        private protected Session(IEnumerable<ScenarioInfo> scenarios, HostStack hosts) =>
            Runs = new(
                [.. scenarios.Select(each => each.Name)],
                (name, cancellation) => ScenarioPlay.OnRealPackets(name, hosts, cancellation),
                MostAhead);

        public ReadAhead<ScenarioResult> Runs { get; }

        public ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            return Runs.DisposeAsync();
        }
    }
}
