using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines;

/// <summary>Makes labs: the simulated world, Linux namespaces, Docker.</summary>
public interface ILabEngine
{
    /// <summary>The engine's name on the command line: simulated, namespaces, docker.</summary>
    string Name { get; }

    /// <summary>What its labs are like.</summary>
    EngineCapabilities Capabilities { get; }

    /// <summary>Whether labs can be made here by this process.</summary>
    /// <returns>Null when they can; otherwise what is missing.</returns>
    Unfitness? Check();

    /// <summary>Puts this process where it can make labs. To be called first thing: it may re-execute the program and not return.</summary>
    void Enter();

    /// <summary>
    /// Wires the topology. Nodes exist but have not run their startup yet: <see cref="IRunningLab.Start"/> does that.
    /// </summary>
    Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation);
}
