using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>A topology folder of a test's own, and labs made of it.</summary>
internal sealed class SimulatedBench : IDisposable
{
    public static readonly Address G = Address.Parse("239.1.1.1");
    public static readonly Address S = Address.Parse("10.1.0.100");

    public const string Router = """
        ip address replace 10.1.0.1/24 dev eth0
        ip address replace 10.0.0.1/24 dev eth1
        router run --interface eth0 --interface eth1 --forward $ROUTER_OPTIONS &
        """;

    public const string Host = """
        ip address replace 10.0.0.11/24 dev eth0
        ip link set eth0 up
        hostagent run --interface eth0 $HOSTAGENT_OPTIONS &
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("multicast-lab-").FullName;

    /// <summary>source – U – r1 – A – h1, h2.</summary>
    public SimulatedBench WithRouterAndHosts() => With("lab.conf", """
            r1[0]="U"
            r1[1]="A"
            r1[image]="multicast-lab/router"
            h1[0]="A"
            h1[image]="multicast-lab/host"
            h2[0]="A"
            h2[image]="multicast-lab/host"
            source[0]="U"
            source[image]="multicast-lab/host"
            """)
        .With("r1.startup", Router).With("h1.startup", Host).With("h2.startup", Host.Replace(".11", ".12", StringComparison.Ordinal))
        .With("source.startup", Host.Replace("10.0.0.11", "10.1.0.100", StringComparison.Ordinal));

    public SimulatedBench With(string file, string text)
    {
        File.WriteAllText(Path.Combine(directory, file), text + "\n");
        return this;
    }

    /// <summary>The folder.</summary>
    public string Folder => directory;

    public string PathOf(string file) => Path.Combine(directory, file);

    public SimulatedLab Lab(int seed = 1) => new(TopologyReader.Read(directory), new LabOptions { Seed = seed });

    /// <summary>A lab in which every node was started.</summary>
    public async Task<SimulatedLab> Started(int seed = 1)
    {
        var lab = Lab(seed);
        foreach (var node in lab.Topology.Nodes)
            await lab.Start(node.Name, CancellationToken.None);
        return lab;
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);
}
