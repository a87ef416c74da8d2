using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.LabRunner.Running;

/// <summary>The namespaces engine with labs that stay up after the run: for <c>run --keep</c>.</summary>
internal sealed class KeptLabs : ILabEngine
{
    private readonly NamespacesEngine engine = new();

    /// <inheritdoc/>
    public string Name => engine.Name;

    /// <summary>The lab that was made; null before.</summary>
    public LabRecord? Lab { get; private set; }

    /// <inheritdoc/>
    public async Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        var lab = await engine.Up(topology, options, cancellation).ConfigureAwait(false);
        lab.Detach();
        Lab = lab.Record;
        return lab;
    }
}
