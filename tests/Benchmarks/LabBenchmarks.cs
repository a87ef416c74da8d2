using System.Diagnostics;
using System.Globalization;
using System.Text;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Topologies;
using MulticastLab.Tests;

namespace MulticastLab.Benchmarks;

/// <summary>How long labs take to come up and go down, and how fast virtual time passes.</summary>
internal static class LabBenchmarks
{
    public static IEnumerable<Row> Run()
    {
        var folder = Directory.CreateTempSubdirectory("multicast-lab-benchmark-").FullName;
        try
        {
            foreach (var row in EngineAvailability.Check() is { } unfit ? Skip($"{unfit}") : Namespaces(folder))
                yield return row;
            foreach (var row in Simulated(folder).Concat(Scenarios()))
                yield return row;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Row> Skip(string why)
    {
        Console.Error.WriteLine($"benchmarks: no namespaces here, so only the simulated half is measured: {why}");
        return [];
    }

    private static IEnumerable<Row> Namespaces(string folder)
    {
        foreach (var (nodes, aim) in new[] { (5, "≤ 0.15 s"), (50, "≤ 1 s") })
        {
            var topology = Plain(Path.Combine(folder, nodes.ToString(CultureInfo.InvariantCulture)), nodes);
            var (up, down) = (new double[5], new double[5]);
            for (var run = -1; run < up.Length; run++)
            {
                var start = Stopwatch.GetTimestamp();
                var lab = new NamespacesEngine().Up(topology, new LabOptions(), CancellationToken.None).GetAwaiter().GetResult();
                var isUp = Stopwatch.GetTimestamp();
                lab.DisposeAsync().AsTask().GetAwaiter().GetResult();
                if (run < 0)
                    continue;
                up[run] = Stopwatch.GetElapsedTime(start, isUp).TotalSeconds;
                down[run] = Stopwatch.GetElapsedTime(isUp).TotalSeconds;
            }

            yield return Bench.Of($"lab of {nodes} nodes with its fabric: up", up, "s", null, aim);
            yield return Bench.Of($"lab of {nodes} nodes with its fabric: down", down, "s", null, "≤ 0.3 s");
        }
    }

    private static IEnumerable<Row> Simulated(string folder)
    {
        var topology = RoutersAndHosts(Path.Combine(folder, "simulated"));
        var figures = new double[5];
        var hour = TimeSpan.FromHours(1);
        for (var run = -1; run < figures.Length; run++)
        {
            var lab = new SimulatedEngine().Up(topology, new LabOptions(), CancellationToken.None).GetAwaiter().GetResult();
            foreach (var node in topology.Nodes)
                lab.Start(node.Name, CancellationToken.None).GetAwaiter().GetResult();
            var start = Stopwatch.GetTimestamp();
            lab.PassUntil(lab.Now + hour, CancellationToken.None).GetAwaiter().GetResult();
            if (run >= 0)
                figures[run] = hour.TotalSeconds / Stopwatch.GetElapsedTime(start).TotalSeconds;
            lab.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        yield return Bench.Of("simulated seconds per second (3 routers, 2 hosts, default timers)", figures, "s/s");
    }

    private static IEnumerable<Row> Scenarios()
    {
        foreach (var scenario in ScenarioCatalog.BuiltIn.All)
        {
            var topology = TopologyReader.Read(Path.Combine(Repository.Root, "topologies", scenario.Name));
            var figures = new double[5];
            for (var run = -1; run < figures.Length; run++)
            {
                var start = Stopwatch.GetTimestamp();
                var result = ScenarioRunner
                    .Run(scenario, topology, new SimulatedEngine(), new RunOptions(), CancellationToken.None)
                    .GetAwaiter()
                    .GetResult();
                if (!result.Passed)
                    throw new InvalidOperationException(result.Describe());
                if (run >= 0)
                    figures[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            yield return Bench.Of($"{scenario.Name} simulated, default timers, verdict included", figures, "ms", null, "≤ 100 ms");
        }
    }

    private static Topology Plain(string folder, int nodes)
    {
        Directory.CreateDirectory(folder);
        var conf = new StringBuilder();
        for (var i = 0; i < nodes; i++)
            conf.AppendLine(CultureInfo.InvariantCulture, $"n{i}[0]=\"A\"");
        File.WriteAllText(Path.Combine(folder, "lab.conf"), conf.ToString());
        return TopologyReader.Read(folder);
    }

    private static Topology RoutersAndHosts(string folder)
    {
        Directory.CreateDirectory(folder);
        var conf = new StringBuilder();
        for (var i = 1; i <= 5; i++)
        {
            var (name, image, daemon) = i <= 3 ? ($"r{i}", "router", "router run --interface eth0 $ROUTER_OPTIONS &")
                : ($"h{i}", "host", "hostagent run --interface eth0 $HOSTAGENT_OPTIONS &");
            conf.AppendLine(CultureInfo.InvariantCulture, $"{name}[0]=\"A\"\n{name}[image]=\"multicast-lab/{image}\"");
            File.WriteAllText(Path.Combine(folder, name + ".startup"),
                $"ip address replace 10.0.0.{i}/24 dev eth0\nip link set eth0 up\n{daemon}\n");
        }

        File.WriteAllText(Path.Combine(folder, "lab.conf"), conf.ToString());
        return TopologyReader.Read(folder);
    }
}
