using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>
/// The engine of real packets: every node has network, mount, PID and UTS namespaces of its own on this machine, every LAN is a bridge in
/// a network namespace of the lab's.
/// </summary>
/// <remarks>
/// A lab ends with the process that made it, however that ends, unless it is <see cref="RealLab.Detach">detached</see>.
/// </remarks>
public sealed class NamespacesEngine : ILabEngine
{
    private const string FabricName = "fabric";

    private readonly LabRegistry registry;

    /// <summary>An engine whose labs are in the user's registry, or in another one.</summary>
    public NamespacesEngine(LabRegistry? registry = null) => this.registry = registry ?? LabRegistry.Default;

    /// <inheritdoc/>
    public string Name => "namespaces";

    /// <inheritdoc/>
    /// <exception cref="EnvironmentUnfitException">This process cannot make namespaces here.</exception>
    /// <exception cref="LabSetupException">Something of the lab cannot be made; what was made is gone again.</exception>
    async Task<IRunningLab> ILabEngine.Up(Topology topology, LabOptions options, CancellationToken cancellation) =>
        await Up(topology, options, cancellation).ConfigureAwait(false);

    /// <inheritdoc cref="ILabEngine.Up"/>
    /// <exception cref="EnvironmentUnfitException">This process cannot make namespaces here.</exception>
    /// <exception cref="LabSetupException">Something of the lab cannot be made; what was made is gone again.</exception>
    public async Task<RealLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(options);
        if (EngineAvailability.Check() is { } unfitness)
            throw new EnvironmentUnfitException(unfitness);
        return await Task.Run(() => Make(topology, options, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes hold of a living lab that another process has made. The capture begins now.</summary>
    /// <exception cref="LabSetupException">Part of the lab does not live.</exception>
    public static async Task<RealLab> Attach(LabRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        var lab = await Task.Run(() => Hold(record), cancellation).ConfigureAwait(false);
        await lab.Adopt(cancellation).ConfigureAwait(false);
        return lab;
    }

    private static RealLab Hold(LabRecord record)
    {
        var holders = new List<NamespaceHolder>();
        try
        {
            var fabric = Hold(record, FabricName, record.Fabric);
            foreach (var node in record.Topology.Nodes)
                Hold(record, node.Name, record.Nodes.GetValueOrDefault(node.Name));
            return new RealLab(record, fabric, holders[1..], OpenCapture(fabric), owned: false);
        }
        catch
        {
            holders.ForEach(each => each.Dispose());
            throw;
        }

        NamespaceHolder Hold(LabRecord record, string name, ProcessRecord? process)
        {
            var holder = (process is null ? null : NamespaceHolder.Find(name, process))
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
            record = registry.Create(topology, Name, environment);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LabSetupException($"The lab's directory cannot be made in {registry.Root}: {refused.Message}", refused);
        }

        var made = new List<NamespaceHolder>();
        try
        {
            MakeHolders(record, made, cancellation);
            var fabric = made.Single(each => each.Name == FabricName);
            var nodes = topology.Nodes.Select(node => made.Single(each => each.Name == node.Name && each != fabric)).ToList();
            var capture = OpenCapture(fabric);
            try
            {
                Fabric.Wire(fabric, nodes, topology);
                record = record with
                {
                    Fabric = ProcessRecord.Of(fabric.Process),
                    Nodes = nodes.ToDictionary(each => each.Name, each => ProcessRecord.Of(each.Process)),
                };
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
            RealLab.End(made);
            LabRegistry.Remove(record.Directory);
            if (failure is OperationCanceledException)
                throw;
            var cause = failure is AggregateException several ? several.InnerExceptions[0] : failure;
            throw new LabSetupException($"{topology.Name}: {cause.Message}{logs}", cause);
        }
    }

    /// <summary>Nodes are made side by side: making a namespace waits for other processors now and then.</summary>
    private static void MakeHolders(LabRecord record, List<NamespaceHolder> made, CancellationToken cancellation)
    {
        var jobs = record.Topology.Nodes.Select(node => (Func<NamespaceHolder>)(() => MakeNode(record, node)))
            .Prepend(() => MakeFabric(record)).ToList();
        Parallel.ForEach(jobs, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, job =>
        {
            var holder = job();
            lock (made)
                made.Add(holder);
        });
    }

    private static NamespaceHolder MakeFabric(LabRecord record)
    {
        using var log = FileDescriptor.OpenAppending(Path.Combine(record.Directory, "logs", ".fabric"));
        var fabric = NamespaceHolder.Create(FabricName, NamespaceKinds.Network, Path.Combine(record.Directory, "hold"), log, KernelSettings.ApplyToFabric);
        try
        {
            Fabric.AddBridges(fabric, record.Topology);
            return fabric;
        }
        catch
        {
            RealLab.End([fabric]);
            throw;
        }
    }

    private static NamespaceHolder MakeNode(LabRecord record, Node node)
    {
        var topology = record.Topology;
        using var log = FileDescriptor.OpenAppending(record.LogFile(node.Name));
        return NamespaceHolder.Create(node.Name, NamespaceKinds.Network | NamespaceKinds.Mount | NamespaceKinds.Uts, "/run/multicast-lab.hold", log, () =>
        {
            if (OperatingSystem.IsWindows())
                throw new PlatformNotSupportedException();
            KernelSettings.ApplyTo(node);
            NamespaceThread.SetHostName(node.Name);
            var root = new NodeRoot(Path.Combine(record.Directory, "stage"), Privilege.InUserNamespace);
            root.Enter(
                [NodeEnvironment.ProgramDirectory, NodeEnvironment.RuntimeDirectory], topology.Directory,
                node.OverlayDirectory, topology.SharedDirectory is { } shared ? Path.GetFullPath(shared) : null);
        });
    }

    private static PacketSocket OpenCapture(NamespaceHolder fabric) => NamespaceThread.RunIn(fabric.Process, NamespaceKinds.Network, LabCapture.Open);

    private static string LogsOf(LabRecord record)
    {
        var texts = Directory.EnumerateFiles(Path.Combine(record.Directory, "logs")).Order(StringComparer.Ordinal)
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file).Trim())).Where(each => each.Text.Length > 0);
        return string.Concat(texts.Select(each => $"\n{each.Name}: {each.Text}"));
    }
}
