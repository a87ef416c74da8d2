using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// What holds a node (or the fabric) of a lab on real packets: a process with PID 1 of a PID namespace, and the namespaces that it is in.
/// When it ends, the kernel ends every other process of the PID namespace and takes down links, mounts and namespaces.
/// </summary>
/// <param name="name">The node's name, or "fabric".</param>
/// <param name="process">PID 1; owned by the holder from here on, as are the next two.</param>
/// <param name="network">The network namespace.</param>
/// <param name="links">A netlink socket in the network namespace that follows its links.</param>
public abstract class NodeHolder(string name, ProcessReference process, FileDescriptor network, LinkSocket links) : IDisposable
{
    /// <summary>The node's name, or "fabric".</summary>
    public string Name => name;

    /// <summary>PID 1. What it sees as its root is the node's.</summary>
    public ProcessReference Process => process;

    /// <summary>The network namespace.</summary>
    public FileDescriptor Network => network;

    /// <summary>A netlink socket in the network namespace.</summary>
    public LinkSocket Links => links;

    /// <summary>
    /// The handle by which <see cref="INodeHolding.Find"/> finds it again: kept in the lab's record, and understood by its engine alone.
    /// </summary>
    public abstract string Handle { get; }

    /// <summary>Lets it outlive this process.</summary>
    public abstract void Detach();

    /// <summary>
    /// Ends it, and with it everything in its namespaces; <see cref="ProcessReference.WaitForEnd"/> waits until that is done.
    /// </summary>
    public void End() => Process.Kill();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Closes this process's descriptors of it. Without <see cref="Detach"/> it ends, unless another process has made it.
    /// </summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
        Links.Dispose();
        Network.Dispose();
        Process.Dispose();
    }
}
