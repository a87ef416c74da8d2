using MulticastLab.Lab.Engines.Simulated;

namespace MulticastLab.NaiveDevices;

/// <summary>
/// The naive router: an IGMPv3 router as one writes it in a week, without the project's cores, with all the mistakes of
/// <see cref="RouterMistakes"/> that it is not told to leave out. It forwards between its interfaces itself.
/// </summary>
internal sealed class NaiveRouter : ISimulatedProgram
{
    private readonly ISimulatedMachine machine;
    private readonly Dictionary<string, NaiveInterface> interfaces = [];

    internal NaiveRouter(ISimulatedMachine machine, NaiveSettings settings)
    {
        this.machine = machine;
        foreach (var name in settings.Interfaces.Count > 0 ? settings.Interfaces : machine.Interfaces)
            interfaces.Add(name, new NaiveInterface(machine, name, settings));
        foreach (var each in interfaces.Values)
            each.Start();
    }

    /// <inheritdoc/>
    public void Receive(string interfaceName, ReadOnlyMemory<byte> frame)
    {
        if (!interfaces.TryGetValue(interfaceName, out var arrival) || IgmpPacket.Read(frame.Span) is not { } packet)
            return;
        if (packet.IsIgmp)
            arrival.Receive(packet);
        else if (packet.Destination.IsMulticast && packet.TimeToLive > 1)
            Forward(arrival, frame, packet);
    }

    /// <inheritdoc/>
    public void End()
    {
        // It holds nothing.
    }

    private void Forward(NaiveInterface arrival, ReadOnlyMemory<byte> frame, IgmpPacket packet)
    {
        foreach (var each in interfaces.Values)
        {
            if (each != arrival && each.Forwards(packet.Source, packet.Destination))
                machine.Send(each.Name, IgmpPacket.Forwarded(frame.Span, machine.MacOf(each.Name)));
        }
    }
}
