using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A switch or a plain node: it is started, and nothing is asked of it.</summary>
public sealed class OtherNode : LabNode
{
    internal OtherNode(LabRun run, Node description)
        : base(run, description)
    {
    }
}
