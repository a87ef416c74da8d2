using System.Diagnostics;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Conformance.Engine;

/// <summary>
/// This test program once more, as a lab's runner that a test may kill: <c>Conformance run-lab REGISTRY TOPOLOGY [detach]</c>.
/// </summary>
internal sealed class RunnerProcess : IDisposable
{
    internal const string Argument = "run-lab";

    private readonly Process process;

    private RunnerProcess(Process process) => this.process = process;

    /// <summary>Takes a lab up, says so, and takes it down when standard input ends; round and round until killed.</summary>
    internal static async Task<int> Run(string[] arguments)
    {
        var engine = new NamespacesEngine(new LabRegistry([new NamespaceHolding()], arguments[0]));
        var topology = TopologyReader.Read(arguments[1]);
        Console.WriteLine("begin");
        if (arguments is [_, _, "detach"])
        {
            await using var detached = await Up();
            detached.Detach();
            Console.WriteLine(detached.Id);
            return 0;
        }

        while (true)
        {
            await using var lab = await Up();
            Console.WriteLine(lab.Id);
            if (arguments is [_, _, "hold"])
                await Console.In.ReadToEndAsync();
        }

        async Task<RealLab> Up()
        {
            var lab = await engine.Up(topology, new LabOptions(), CancellationToken.None);
            foreach (var node in topology.Nodes)
                await lab.Start(node.Name, CancellationToken.None);
            return lab;
        }
    }

    internal static RunnerProcess Start(string registry, string topology, params string[] mode)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(RunnerProcess).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(program, [Argument, registry, topology, .. mode])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        return new RunnerProcess(Process.Start(start)!);
    }

    /// <summary>The next line that it says: "begin" before its first lab, then the id of each lab that is up.</summary>
    internal async Task<string> ReadLine(CancellationToken cancellation) =>
        await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("The runner has ended.");

    internal void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    internal Task WaitForEnd(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}
