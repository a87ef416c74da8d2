using MulticastLab.Lab.Engines.Real;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>
/// The engine of real packets on namespaces of this machine: every node has network, mount, PID and UTS namespaces of its own, every LAN is
/// a bridge in a network namespace of the lab's.
/// </summary>
public sealed class NamespacesEngine : RealEngine
{
    /// <summary>The engine's name on the command line.</summary>
    public const string EngineName = "namespaces";

    /// <summary>An engine whose labs are in the user's registry, or in another one.</summary>
    public NamespacesEngine(LabRegistry? registry = null)
        : base(new NamespaceHolding(), registry)
    {
    }
}
