using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A node for the program that runs on it, until the program is killed.</summary>
internal sealed class SimulatedMachine(
    SimulatedNode node, EventQueue clock, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables)
    : ISimulatedMachine
{
    private ISimulatedProgram? program;

    public IReadOnlyList<string> Arguments => arguments;

    public IReadOnlyDictionary<string, string> Variables => variables;

    public Instant Now => clock.Now;

    public IReadOnlyList<string> Interfaces => [.. node.Ports.Select(each => each.Name)];

    public void Run(Func<ISimulatedMachine, ISimulatedProgram> start) => program = start(this);

    public MacAddress MacOf(string interfaceName) => Port(interfaceName).Mac;

    public Address? AddressOf(string interfaceName) => Port(interfaceName).Address;

    public void Send(string interfaceName, ReadOnlyMemory<byte> frame) => Port(interfaceName).Send(frame);

    public void At(Instant when, Action what) => clock.At(when, () =>
    {
        if (program is not null)
            what();
    });

    public void Receive(SimulatedPort port, ReadOnlyMemory<byte> frame) => program?.Receive(port.Name, frame);

    /// <exception cref="InvalidOperationException">The program is none that listens.</exception>
    public void Listen(string socket, Address group, SourceFilter filter) =>
        (program as ISimulatedListener ?? throw new InvalidOperationException($"No program that listens runs on {node.Name}."))
            .Listen(socket, group, filter);

    public void End()
    {
        program?.End();
        program = null;
    }

    private SimulatedPort Port(string name) =>
        node.Port(name) ?? throw new ArgumentException($"{node.Name} has no interface {name}.", nameof(name));
}
