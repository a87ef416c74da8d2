using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Lab.Engines.Wires;

/// <summary>
/// A device on the machine's own interfaces. It can be sent to and listened to, and nothing else: it is neither started nor ended, and
/// does not show its state.
/// </summary>
internal sealed class WireLab : IRunningLab
{
    private readonly Dictionary<int, Wire> byIndex;
    private readonly Dictionary<string, PacketSocket> ports = [];
    private readonly LabTraffic traffic;
    private readonly MacAddress[] device;
    private readonly string deviceName;
    private bool disposed;

    /// <param name="topology">The device, with its Ethernet addresses.</param>
    /// <param name="wires">The interfaces.</param>
    internal WireLab(Topology topology, IReadOnlyList<Wire> wires)
    {
        Topology = topology;
        deviceName = topology.Nodes[0].Name;
        device = [.. topology.Nodes[0].Interfaces.Select(each => each.Mac)];
        byIndex = wires.ToDictionary(each => LinkInfo.Read(each.Interface).Index);
        var captured = LabCapture.OpenOn([.. byIndex.Keys]);
        try
        {
            foreach (var wire in wires)
                ports.Add(wire.Lan, PacketSocket.Open(wire.Interface, new PacketSocketOptions { Protocol = 0, Promiscuous = true }));
        }
        catch
        {
            captured.Dispose();
            foreach (var port in ports.Values)
                port.Dispose();
            throw;
        }

        traffic = new LabTraffic(topology, captured, OriginOf, lan => ports[lan], Latency);
        traffic.Begin();
    }

    /// <inheritdoc/>
    public string Id => WireEngine.EngineName;

    /// <inheritdoc/>
    public Topology Topology { get; }

    /// <inheritdoc/>
    public Instant Now => KernelClock.RealTime;

    /// <inheritdoc/>
    public TimeSpan Latency { get; } = RealLab.UsualLatency;

    /// <inheritdoc/>
    public IReadOnlyList<LabFrame> Frames => traffic.Frames;

    /// <inheritdoc/>
    public long FramesLost => traffic.FramesLost;

    /// <inheritdoc/>
    public IReadOnlyList<Disturbance> Disturbances => traffic.Disturbances;

    /// <inheritdoc/>
    public Task Start(string node, CancellationToken cancellation) => throw Beyond("started");

    /// <inheritdoc/>
    /// <remarks>It runs already.</remarks>
    public Task StartDevice(string node, DeviceStart how, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>It goes on.</remarks>
    public Task Kill(string node, CancellationToken cancellation)
    {
        traffic.ThrowFault();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation) =>
        throw Beyond("told to set an interface up or down");

    /// <inheritdoc/>
    public IReadOnlyList<Prefix> Addresses(string node, string interfaceName) =>
        [.. byIndex.Values.Where(each => each.Interface == interfaceName).Select(each => each.Device)];

    /// <inheritdoc/>
    public Task<CommandResult> Execute(string node, string command, CancellationToken cancellation) =>
        throw Beyond("given commands");

    /// <inheritdoc/>
    public Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation) =>
        traffic.Transmit(lan, frame, at, cancellation);

    /// <inheritdoc/>
    public void Withdraw() => traffic.Withdraw();

    /// <inheritdoc/>
    public Task<RouterState> RouterState(string node, CancellationToken cancellation) => throw Beyond("asked for its state");

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation) =>
        throw Beyond("asked for its state");

    /// <inheritdoc/>
    public Task<string> Log(string node, CancellationToken cancellation) => Task.FromResult("");

    /// <inheritdoc/>
    public Task Listen(string node, string socket, Address group, SourceFilter filter, CancellationToken cancellation) =>
        throw Beyond("told to listen");

    /// <inheritdoc/>
    public Task<IAsyncDisposable> Send(string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation) =>
        throw Beyond("told to send");

    /// <inheritdoc/>
    public Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation) =>
        traffic.Until(condition, timeout, cancellation);

    /// <inheritdoc/>
    public Task PassUntil(Instant instant, CancellationToken cancellation) => traffic.PassUntil(instant, cancellation);

    /// <inheritdoc/>
    public void Detach() => throw new NotSupportedException("There is no lab that could stay.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        await Task.Run(traffic.End).ConfigureAwait(false);
        traffic.Dispose();
        foreach (var port in ports.Values)
            port.Dispose();
    }

    // Others may be on the wire: only what has the device's Ethernet address is the device's.
    private FrameOrigin OriginOf(in ReceivedPacket packet)
    {
        var wire = byIndex[packet.InterfaceIndex];
        var node = packet.Type == PacketType.Outgoing ? LabFrame.Tester
            : EthernetView.TryRead(packet.Bytes, out var frame) == PacketError.None && device.Contains(frame.Source) ? deviceName
            : LabFrame.Stranger;
        return new FrameOrigin(wire.Lan, node, node == LabFrame.Tester ? wire.Lan : wire.Interface);
    }

    private static NodeRefusedException Beyond(string what) => new($"A device on a wire cannot be {what}");
}
