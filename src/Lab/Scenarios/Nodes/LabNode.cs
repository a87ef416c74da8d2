using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A node as scenarios handle it.</summary>
public abstract class LabNode
{
    private protected LabNode(LabRun run, Node description) => (Run, Description) = (run, description);

    /// <summary>The node's name.</summary>
    public string Name => Description.Name;

    /// <summary>The LAN of its first interface.</summary>
    public string Lan => Description.Interfaces[0].Lan;

    /// <summary>The LANs of its interfaces, in their order.</summary>
    public IEnumerable<string> Lans => Description.Interfaces.Select(each => each.Lan);

    /// <summary>The Ethernet address of its first interface.</summary>
    public MacAddress Mac => Description.Interfaces[0].Mac;

    private protected LabRun Run { get; }

    internal Node Description { get; }

    /// <summary>Runs the node's startup file; again after <see cref="Kill"/>.</summary>
    /// <returns>The moment just before.</returns>
    public Task<Moment> Start() => Run.Do($"{Name} starts", token => Run.StartNode(this, token));

    /// <summary>Ends the node's daemons without notice (as SIGKILL does).</summary>
    /// <returns>The moment just before.</returns>
    public Task<Moment> Kill() => Run.Do($"{Name} dies", token => Run.KillNode(this, token));

    /// <summary>
    /// Runs a command of the shell on the node (see <see cref="Engines.IRunningLab.Execute"/>). When it fails, the run ends here.
    /// </summary>
    /// <returns>The moment just before.</returns>
    public Task<Moment> Execute(string command) => Run.Do($"{Name} runs '{command}'", token => Run.Execute(this, command, token));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
