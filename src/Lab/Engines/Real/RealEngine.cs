using System.Collections.Concurrent;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>An engine of real packets: the shipped programs, the kernel's own hosts, a bridge for each LAN, the wall clock.</summary>
/// <remarks>
/// A lab ends with the process that made it, however that ends, unless it is <see cref="IRunningLab.Detach">detached</see>.
/// </remarks>
public class RealEngine : ILabEngine
{
    private readonly INodeHolding holding;
    private readonly LabRegistry registry;

    /// <summary>An engine whose nodes are held in this way.</summary>
    /// <param name="holding">What holds the nodes.</param>
    /// <param name="registry">Where its labs are kept; null for the user's registry.</param>
    public RealEngine(INodeHolding holding, LabRegistry? registry = null)
    {
        ArgumentNullException.ThrowIfNull(holding);
        this.holding = holding;
        this.registry = registry ?? new LabRegistry([holding]);
    }

    /// <inheritdoc/>
    public string Name => holding.EngineName;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } =
        new() { UsesWallClock = true, HasKernelHosts = true, LabsCanStay = true, StartsDevices = true, RunsPrograms = true };

    /// <summary>What holds the nodes of its labs.</summary>
    internal INodeHolding Holding => holding;

    /// <inheritdoc/>
    public Unfitness? Check() => holding.Check();

    /// <inheritdoc/>
    public void Enter() => holding.Enter(null);

    /// <inheritdoc/>
    /// <exception cref="EnvironmentUnfitException">This process cannot make labs here.</exception>
    /// <exception cref="LabSetupException">Something of the lab cannot be made; what was made has been removed again.</exception>
    async Task<IRunningLab> ILabEngine.Up(Topology topology, LabOptions options, CancellationToken cancellation) =>
        await Up(topology, options, cancellation).ConfigureAwait(false);

    /// <inheritdoc cref="ILabEngine.Up"/>
    /// <exception cref="EnvironmentUnfitException">This process cannot make labs here.</exception>
    /// <exception cref="LabSetupException">Something of the lab cannot be made; what was made has been removed again.</exception>
    public async Task<RealLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        if ((Check() ?? Missing(topology)) is { } unfitness)
            throw new EnvironmentUnfitException(unfitness);
        return await Task.Run(() => Make(topology, options, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Attaches to a running lab that another process has made. The capture begins now.</summary>
    /// <exception cref="LabSetupException">Part of the lab is not running.</exception>
    public static async Task<IRunningLab> Attach(LabRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        var lab = await Task.Run(() => Hold(record), cancellation).ConfigureAwait(false);
        await lab.Adopt(cancellation).ConfigureAwait(false);
        return lab;
    }

    private static Unfitness? Missing(Topology topology)
    {
        var missing = topology.Nodes.Select(node => node.Device?.Folder).OfType<string>().Distinct().Select(DeviceReader.Read)
            .Select(device => (device.Title, Requirements: device.Missing().ToList())).Where(each => each.Requirements.Count > 0).ToList();
        return missing.Count == 0
            ? null
            : new Unfitness(
                string.Join(' ', missing.Select(each => $"{each.Title} needs {string.Join(", ", each.Requirements)}.")),
                string.Join('\n', missing.SelectMany(each => each.Requirements).Select(each => each.Remedy).Distinct()));
    }

    private static RealLab Hold(LabRecord record)
    {
        var holding = record.Holding ?? throw new LabSetupException($"{record.Id}: this program has no engine '{record.Engine}'.");
        var holders = new List<NodeHolder>();
        try
        {
            var fabric = Hold(Fabric.Name, record.Fabric);
            foreach (var node in record.Topology.Nodes)
                Hold(node.Name, record.Nodes.GetValueOrDefault(node.Name));
            return new RealLab(record, fabric, holders[1..], OpenCapture(fabric), owned: false);
        }
        catch
        {
            holders.ForEach(each => each.Dispose());
            throw;
        }

        NodeHolder Hold(string name, string? handle)
        {
            var holder = (handle is null ? null : FoundHolder.Find(holding, name, handle))
                ?? throw new LabSetupException($"{record.Id}: {name} does not live. Take the lab down: labrunner down {record.Id}");
            holders.Add(holder);
            return holder;
        }
    }

    private RealLab Make(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        var environment = topology.Nodes.ToDictionary(
            node => node.Name, IReadOnlyDictionary<string, string> (node) => NodeEnvironment.For(node, options));
        LabRecord record;
        try
        {
            record = registry.Create(topology, holding, environment);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LabSetupException($"The lab's directory cannot be made in {registry.Root}: {refused.Message}", refused);
        }

        var made = new ConcurrentDictionary<string, NodeHolder>();
        try
        {
            MakeHolders(record, made, cancellation);
            var fabric = made[""];
            var nodes = topology.Nodes.Select(node => made[node.Name]).ToList();
            var capture = OpenCapture(fabric);
            try
            {
                Fabric.Wire(fabric, nodes, topology);
                record = record with { Fabric = fabric.Handle, Nodes = nodes.ToDictionary(each => each.Name, each => each.Handle) };
                LabRegistry.Save(record);
                cancellation.ThrowIfCancellationRequested();
                return new RealLab(record, fabric, nodes, capture, owned: true);
            }
            catch
            {
                capture.Dispose();
                throw;
            }
        }
        catch (Exception failure)
        {
            var logs = LogsOf(record);
            RealLab.End([.. made.Values]);
            LabRegistry.Remove(record.Directory);
            if (failure is OperationCanceledException)
                throw;
            var cause = failure is AggregateException several ? several.InnerExceptions[0] : failure;
            throw new LabSetupException($"{topology.Name}: {cause.Message}{logs}", cause);
        }
    }

    /// <summary>Nodes are made side by side: creating a namespace sometimes waits for other processors.</summary>
    /// <param name="record">The lab.</param>
    /// <param name="made">Takes the holders by their node's name; that of the fabric, which no node has, is empty.</param>
    /// <param name="cancellation">Stops with what was made so far.</param>
    private void MakeHolders(LabRecord record, ConcurrentDictionary<string, NodeHolder> made, CancellationToken cancellation)
    {
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach((Node?[])[null, .. record.Topology.Nodes], options, node =>
            made[node?.Name ?? ""] = node is null ? MakeFabric(record) : MakeNode(record, node));
    }

    private NodeHolder MakeFabric(LabRecord record) =>
        Furnish(holding.MakeFabric(record), KernelSettings.ApplyToFabric, fabric => Fabric.AddBridges(fabric, record.Topology));

    private NodeHolder MakeNode(LabRecord record, Node node) =>
        Furnish(holding.MakeNode(record, node), () => KernelSettings.ApplyTo(node), _ => { });

    private static NodeHolder Furnish(NodeHolder holder, Action set, Action<NodeHolder> finish)
    {
        try
        {
            NamespaceThread.RunIn(holder.Process, NamespaceKinds.Network, () =>
            {
                set();
                return true;
            });
            finish(holder);
            return holder;
        }
        catch
        {
            RealLab.End([holder]);
            throw;
        }
    }

    private static PacketSocket OpenCapture(NodeHolder fabric) =>
        NamespaceThread.RunIn(fabric.Process, NamespaceKinds.Network, LabCapture.OpenInFabric);

    private static string LogsOf(LabRecord record)
    {
        var texts = Directory
            .EnumerateFiles(Path.Combine(record.Directory, "logs"))
            .Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file).Trim()))
            .Where(each => each.Text.Length > 0);
        return string.Concat(texts.Select(each => $"\n{each.Name}: {each.Text}"));
    }
}
