using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Topologies;
using MulticastLab.Tests;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance.Scenarios;

/// <summary>Plays a scenario of the catalogue.</summary>
internal static class ScenarioPlay
{
    public static ScenarioInfo Find(string scenario) =>
        ScenarioCatalog.BuiltIn.Find(scenario) ?? throw new ArgumentException($"No scenario is called {scenario}.");

    /// <summary>In virtual time, with the default timers.</summary>
    public static Task<ScenarioResult> Simulated(string scenario, int seed, CancellationToken cancellation, bool keepEvidence = false) =>
        ScenarioRunner.Run(
            Find(scenario), TopologyReader.Read(Repository.Topology(scenario)), new SimulatedEngine(),
            new RunOptions { Seed = seed, EvidenceDirectory = keepEvidence ? Evidence(scenario, "simulated") : null }, cancellation);

    /// <summary>On real packets, until there is a verdict.</summary>
    public static Task<ScenarioResult> OnRealPackets(string scenario, HostStack hosts, CancellationToken cancellation) =>
        ConclusiveRun.Of(
            () => ScenarioRunner.Run(
                Find(scenario), TopologyReader.Read(Repository.Topology(scenario)), new NamespacesEngine(),
                new RunOptions
                {
                    HostStack = hosts,
                    EvidenceDirectory = Evidence(scenario, hosts == HostStack.Kernel ? "namespaces-kernel" : "namespaces-user"),
                },
                cancellation),
            again => TriedAgain.Note(again.Describe()));

    private static string Evidence(string scenario, string world) => EvidenceFolder.Next(Repository.Evidence, scenario, world);
}
