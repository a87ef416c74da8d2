using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// Makes what holds the nodes of a lab, and finds it again. It is the only way in which engines of real packets differ:
/// <see cref="RealEngine"/> wires the nodes, runs their startup, captures their frames and takes them down, whatever holds them.
/// </summary>
public interface INodeHolding
{
    /// <summary>The engine's name on the command line.</summary>
    string EngineName { get; }

    /// <summary>Tries whether this process can make labs. The answer may be cached.</summary>
    /// <returns>Null when it can; otherwise what is missing.</returns>
    Unfitness? Check();

    /// <summary>
    /// Puts this process where it can make labs, or where it can reach one that is there. May re-execute the program and not return.
    /// </summary>
    /// <param name="lab">The lab to reach; null for making one.</param>
    void Enter(LabRecord? lab);

    /// <summary>Makes what holds the LANs: a network namespace without interfaces, which nobody else uses.</summary>
    /// <exception cref="LabSetupException">It cannot be made.</exception>
    NodeHolder MakeFabric(LabRecord lab);

    /// <summary>
    /// Makes what holds a node: a network namespace without interfaces but the loopback, and a root directory of the node's own, in which
    /// the topology's folder is seen as /hostlab, its shared folder as /shared, the folder of the node's device, which it cannot change, at
    /// its own place, and the node's folder is laid over the rest. Called from several threads at once.
    /// </summary>
    /// <exception cref="LabSetupException">It cannot be made.</exception>
    NodeHolder MakeNode(LabRecord lab, Node node);

    /// <summary>Finds the first process of a holder again, from any process of the user.</summary>
    /// <param name="handle">The holder's <see cref="NodeHolder.Handle"/>.</param>
    /// <returns>Null when it has ended.</returns>
    ProcessReference? Find(string handle);
}
