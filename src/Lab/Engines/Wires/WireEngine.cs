using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Wires;

/// <summary>
/// No lab but the machine's own interfaces, at whose far ends a device is that runs by itself. Only what the tester transmits is sent,
/// and one question for the device's Ethernet address on each interface.
/// </summary>
/// <param name="wires">The interfaces; the first is that of the LAN that is tested.</param>
public sealed class WireEngine(IReadOnlyList<Wire> wires) : ILabEngine
{
    /// <summary>The engine's name in reports.</summary>
    public const string EngineName = "wire";

    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new() { UsesWallClock = true };

    /// <inheritdoc/>
    public Unfitness? Check()
    {
        foreach (var wire in wires)
        {
            try
            {
                if (!LinkInfo.Read(wire.Interface).Up)
                    return new Unfitness($"The interface {wire.Interface} is down.", $"ip link set {wire.Interface} up");
                using var socket = PacketSocket.Open(wire.Interface, new PacketSocketOptions { Protocol = 0 });
            }
            catch (LinuxException refused) when (refused.Error == Errno.NoSuchDevice)
            {
                return new Unfitness($"This machine has no interface {wire.Interface}.", "ip link shows those that it has");
            }
            catch (LinuxException refused) when (refused.IsPermission)
            {
                return new Unfitness("Sending and capturing frames takes the capability CAP_NET_RAW.", "run it as root, with sudo");
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Enter()
    {
        // The machine's own interfaces are where this process is.
    }

    /// <inheritdoc/>
    /// <remarks>The topology's only node is the device; its interfaces get the Ethernet addresses that the device has.</remarks>
    /// <exception cref="LabSetupException">The device does not answer on an interface.</exception>
    public Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return Task.Run<IRunningLab>(
            () =>
            {
                var found = wires.ToDictionary(each => each.Lan, each => FindDevice(each, cancellation));
                var device = topology.Nodes[0];
                return new WireLab(
                    topology with
                    {
                        Nodes = [device with { Interfaces = [.. device.Interfaces.Select(each => each with { Mac = found[each.Lan] })] }],
                    },
                    wires);
            },
            cancellation);
    }

    private static MacAddress FindDevice(Wire wire, CancellationToken cancellation)
    {
        using var socket = PacketSocket.Open(wire.Interface);
        socket.Send(ArpProbe.Frame(LinkInfo.Read(wire.Interface).Mac, wire.Device.Address));
        MacAddress? found = null;
        socket.Listen(
            AnswersWithin, (in packet) => (found = ArpProbe.Answer(packet.Bytes, wire.Device.Address)) is not null, cancellation);
        return found ?? throw new LabSetupException(
            $"Nothing on {wire.Interface} answers for {wire.Device.Address} within {AnswersWithin.TotalSeconds:0} s (ARP): is the device "
                + "on, is that its address there, and is the cable in the right port?");
    }
}
