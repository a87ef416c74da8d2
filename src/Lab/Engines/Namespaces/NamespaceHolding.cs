using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>Nodes held by namespaces of this machine, without any container daemon: each has a root of its own, laid over the
/// machine's.</summary>
public sealed class NamespaceHolding : INodeHolding
{
    /// <inheritdoc/>
    public string EngineName => NamespacesEngine.EngineName;

    /// <inheritdoc/>
    public Unfitness? Check() => EngineAvailability.Check();

    /// <inheritdoc/>
    /// <remarks>An ordinary user's program re-executes itself in a user namespace of its own, or in the lab's.</remarks>
    /// <exception cref="LinuxException">The program cannot be replaced.</exception>
    public void Enter(LabRecord? lab)
    {
        if (lab is null)
        {
            Reexec.IntoUserNamespace();
        }
        else if (lab.Fabric is { } fabric && Find(fabric) is { } process)
        {
            using (process)
                Reexec.Into(process);
        }
    }

    /// <inheritdoc/>
    public NodeHolder MakeFabric(LabRecord lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        using var log = FileDescriptor.OpenAppending(Path.Combine(lab.Directory, "logs", ".fabric"));
        return NamespaceHolder.Create(Fabric.Name, NamespaceKinds.Network, Path.Combine(lab.Directory, "hold"), log, static () => { });
    }

    /// <inheritdoc/>
    public NodeHolder MakeNode(LabRecord lab, Node node)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(node);
        var topology = lab.Topology;
        using var log = FileDescriptor.OpenAppending(lab.LogFile(node.Name));
        return NamespaceHolder.Create(
            node.Name,
            NamespaceKinds.Network | NamespaceKinds.Mount | NamespaceKinds.Uts,
            "/run/multicast-lab.hold",
            log,
            () =>
            {
                if (OperatingSystem.IsWindows())
                    throw new PlatformNotSupportedException();
                NamespaceThread.SetHostName(node.Name);
                var root = new NodeRoot(Path.Combine(lab.Directory, "stage"), Privilege.InUserNamespace);
                root.Enter(
                    NodeEnvironment.Directories, topology.Directory, node.OverlayDirectory,
                    topology.SharedDirectory is { } shared ? Path.GetFullPath(shared) : null, node.Device?.Folder);
            });
    }

    /// <inheritdoc/>
    public ProcessReference? Find(string handle) => ProcessRecord.Parse(handle)?.Find();
}
