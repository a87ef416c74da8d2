using System.Globalization;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// A lab in the simulated world. Time passes only inside <see cref="Until"/> and <see cref="PassUntil"/>, which run what is due; every
/// returned task is complete. Not safe for use by several threads at once.
/// </summary>
public sealed class SimulatedLab : IRunningLab
{
    private readonly LabOptions options;
    private readonly EventQueue clock = new();
    private readonly Dictionary<string, SimulatedLan> lans = [];
    private readonly Dictionary<string, SimulatedNode> nodes = [];
    private List<LabFrame> frames = [];
    private readonly Dictionary<string, int> starts = [];
    private readonly Dictionary<string, Device> devices = [];
    private readonly IReadOnlyDictionary<string, Func<ISimulatedMachine, ISimulatedProgram>> programs;
    private int framesTaken;
    private ulong streams;
    private int withdrawals;
    private bool changed;

    /// <summary>Wires the topology.</summary>
    /// <param name="topology">What is wired.</param>
    /// <param name="options">How it is to be run.</param>
    /// <param name="programs">The programs that devices may name as <c>simulated</c>, by name; null for none.</param>
    /// <exception cref="InvalidFileException">A node is made of a device for which nothing stands here.</exception>
    public SimulatedLab(
        Topology topology, LabOptions options, IReadOnlyDictionary<string, Func<ISimulatedMachine, ISimulatedProgram>>? programs = null)
    {
        Topology = topology;
        this.options = options;
        this.programs = programs ?? new Dictionary<string, Func<ISimulatedMachine, ISimulatedProgram>>();
        foreach (var node in topology.Nodes.Where(node => node.Device is not null))
        {
            var device = DeviceReader.Read(node.Device!.Folder);
            if (device.Simulated is not { } simulated
                || (!SimulatedDevice.Cores.Contains(simulated) && !this.programs.ContainsKey(Words(simulated)[0])))
                throw new InvalidFileException([
                    new FileProblem(
                        node.Device.File, node.Device.Line, node.Device.Column,
                        $"the simulated engine cannot run the device of '{node.Name}': it needs real packets"),
                ]);
            devices.Add(node.Name, device);
        }

        Id = string.Create(CultureInfo.InvariantCulture, $"{topology.Name}-simulated-{options.Seed}");
        foreach (var lan in topology.Lans)
            lans.Add(lan, new SimulatedLan(lan, clock, RandomFor("lan " + lan), Capture));
        foreach (var description in topology.Nodes)
        {
            var node = new SimulatedNode(description, new NodeClock(clock), topology.SharedDirectory);
            nodes.Add(node.Name, node);
            foreach (var attachment in description.Interfaces)
            {
                var port = new SimulatedPort(node, attachment, lans[attachment.Lan]);
                node.Attach(port);
                port.Lan.Attach(port);
            }
        }
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public Topology Topology { get; }

    /// <inheritdoc/>
    public Instant Now => clock.Now;

    /// <inheritdoc/>
    /// <remarks>A frame passes each LAN at most once in each direction.</remarks>
    public TimeSpan Latency =>
        2 * lans.Values.Aggregate(TimeSpan.Zero, (sum, lan) => sum + SimulatedLan.PropagationDelay + lan.Impairment.Delay);

    /// <inheritdoc/>
    /// <remarks>None: virtual time waits for nobody.</remarks>
    public IReadOnlyList<Disturbance> Disturbances => [];

    /// <inheritdoc/>
    public IReadOnlyList<LabFrame> Frames => new ListSnapshot<LabFrame>(frames, frames.Count);

    /// <inheritdoc/>
    public long FramesLost => 0;

    /// <summary>Impairs a LAN from now on; <see cref="Impairment.None"/> makes it whole again.</summary>
    public void Impair(string lan, Impairment impairment) => Lan(lan).Impairment = impairment;

    /// <summary>Impairs one port from now on, in both directions.</summary>
    public void Impair(string node, string interfaceName, Impairment impairment) => Port(node, interfaceName).Impairment = impairment;

    /// <summary>Changes the frames that a node sends and gets at a port from now on: see <see cref="FrameChange"/>.</summary>
    public void Change(string node, string interfaceName, FrameChange change) => Port(node, interfaceName).Change = change;

    /// <summary>Makes a node's clock run too fast or, when negative, too slow, from the start of its daemons on.</summary>
    /// <param name="node">The node.</param>
    /// <param name="partsPerMillion">By how much: −100,000 to 100,000, which is a tenth.</param>
    /// <exception cref="InvalidOperationException">A daemon of the node runs: its time would jump.</exception>
    public void SetDrift(string node, int partsPerMillion)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(partsPerMillion), 100_000);
        if (Node(node) is { Router: not null } or { Host: not null })
            throw new InvalidOperationException($"A daemon runs on {node}: its clock cannot be changed.");
        Node(node).Clock.Drift = partsPerMillion;
    }

    /// <summary>
    /// Sends an IPv4 packet to a group out of a port as it is, whatever runs on the node: for what no daemon of ours would say.
    /// </summary>
    /// <exception cref="ArgumentException">The bytes are no IPv4 packet to a group.</exception>
    public void Transmit(string node, string interfaceName, ReadOnlySpan<byte> packet)
    {
        var port = Port(node, interfaceName);
        port.Send(SimulatedFrames.Of(packet, port));
    }

    /// <summary>Hands over the frames captured so far and forgets them: for runs that are longer than memory.</summary>
    public IReadOnlyList<LabFrame> TakeFrames()
    {
        var taken = frames;
        framesTaken += taken.Count;
        frames = [];
        return taken;
    }

    /// <summary>How many datagrams of a source to a group the node's receive filter has let through.</summary>
    public long Accepted(string node, Address source, Address group) => Host(node).Accepted(source, group);

    /// <inheritdoc/>
    /// <exception cref="InvalidFileException">The startup file has a command that this engine does not know.</exception>
    public Task Start(string node, CancellationToken cancellation)
    {
        var started = Node(node);
        RunStartup(started);
        if (devices.ContainsKey(node))
            Launch(started, new DeviceStart { Timing = options.Timing });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidFileException">The startup file has a command that this engine does not know.</exception>
    public Task StartDevice(string node, DeviceStart how, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(how);
        if (!devices.ContainsKey(node))
            throw new ArgumentException($"{node} is no device under test.", nameof(node));
        var started = Node(node);
        RunStartup(started);
        Launch(started, how);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Kill(string node, CancellationToken cancellation)
    {
        Node(node).Kill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation)
    {
        Port(node, interfaceName).SetUp(up);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Prefix> Addresses(string node, string interfaceName) => Node(node).Port(interfaceName)?.Addresses ?? [];

    /// <inheritdoc/>
    /// <remarks>
    /// The commands that startup files may hold (see <see cref="StartupInterpreter"/>), and <c>hostagent join|leave|allow|block</c>.
    /// Standard output is always empty.
    /// </remarks>
    public Task<CommandResult> Execute(string node, string command, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(command);
        var interpreter = InterpreterOf(Node(node));
        try
        {
            var complaint = interpreter.Run(command, node, Variables);
            return Task.FromResult(complaint is null ? new CommandResult(0, "", "") : new CommandResult(1, "", complaint + "\n"));
        }
        catch (InvalidFileException unknown)
        {
            throw new ArgumentException($"{node}: {unknown.Problems[0].Message}.", nameof(command), unknown);
        }
    }

    /// <inheritdoc/>
    public Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation)
    {
        LanFrame.Check(Topology, lan, frame);
        var (carrier, turn) = (Lan(lan), withdrawals);
        clock.At(at, () =>
        {
            if (turn == withdrawals && !cancellation.IsCancellationRequested)
                carrier.Transmit(from: null, frame);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Withdraw() => withdrawals++;

    /// <inheritdoc/>
    public Task<RouterState> RouterState(string node, CancellationToken cancellation) =>
        Task.FromResult((Node(node).Router ?? throw new InvalidOperationException($"No router runs on {node}.")).Dump());

    /// <inheritdoc/>
    public Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation) => Task.FromResult(Host(node).Dump());

    /// <inheritdoc/>
    public Task<string> Log(string node, CancellationToken cancellation) => Task.FromResult(string.Join('\n', Node(node).Log));

    /// <inheritdoc/>
    public Task Listen(string node, string socket, Address group, SourceFilter filter, CancellationToken cancellation)
    {
        if (Node(node).Machine is { } machine)
        {
            machine.Listen(socket, group, filter);
            return Task.CompletedTask;
        }

        try
        {
            Host(node).Listen(socket, group, filter);
            return Task.CompletedTask;
        }
        catch (ListenException refused)
        {
            throw new NodeRefusedException($"{node}: {refused.Message}", cause: refused);
        }
    }

    /// <inheritdoc/>
    public Task<IAsyncDisposable> Send(string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation)
    {
        var port = Node(node).Ports[0];
        return Task.FromResult<IAsyncDisposable>(
            new SimulatedStream(clock, port, source ?? port.Address ?? Address.AnyV4, group, every, ++streams));
    }

    /// <inheritdoc/>
    public async Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation)
    {
        var end = clock.Now + timeout;
        do
        {
            changed = false;
            if (await condition(cancellation))
                return true;
            while (!changed && clock.Step(end))
                cancellation.ThrowIfCancellationRequested();
        }
        while (changed);
        return await condition(cancellation);
    }

    /// <inheritdoc/>
    public Task PassUntil(Instant instant, CancellationToken cancellation)
    {
        while (clock.Step(instant))
            cancellation.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Detach() =>
        throw new NotSupportedException("A simulated lab cannot stay up: its time passes only while somebody plays on it.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var node in nodes.Values)
            node.Kill();
        return ValueTask.CompletedTask;
    }

    private void RunStartup(SimulatedNode node)
    {
        starts[node.Name] = starts.GetValueOrDefault(node.Name) + 1;
        var interpreter = InterpreterOf(node);
        foreach (var file in (ReadOnlySpan<string?>)[Topology.SharedStartupFile, node.Description.StartupFile])
        {
            if (file is not null)
                interpreter.Run(file, Variables);
        }
    }

    private void Launch(SimulatedNode node, DeviceStart how)
    {
        var device = devices[node.Name];
        var words = Words(device.Simulated!);
        if (programs.TryGetValue(words[0], out var program))
        {
            node.Machine = new SimulatedMachine(node, clock, words[1..], DeviceVariables.For(device, how));
            node.Machine.Run(program);
            return;
        }

        var settings = DeviceSettings.For(device, how.Timing, how.Version, how.Unset);
        var command = SimulatedDevice.CommandOf(device, node.Description, how, settings);
        try
        {
            InterpreterOf(node).Run(command, device.Name, how.Unset.Count == 0 ? Variables : []);
        }
        catch (InvalidFileException refused)
        {
            throw new DeviceDiedException(node.Name, device.Name, refused.Problems[0].Message);
        }
    }

    private static string[] Words(string simulated) => simulated.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private Dictionary<string, string> Variables => new()
    {
        [DaemonOptions.RouterVariable] = DaemonOptions.ForRouter(options.Timing),
        [DaemonOptions.HostAgentVariable] = DaemonOptions.ForHostAgent(options.HostStack, options.Timing),
    };

    private StartupInterpreter InterpreterOf(SimulatedNode node) =>
        new(node, () => changed = true, options, name => RandomFor($"{name} {starts.GetValueOrDefault(name)}"));

    private void Capture(SimulatedLan lan, SimulatedPort? from, ReadOnlyMemory<byte> frame)
    {
        frames.Add(
            new LabFrame(
                framesTaken + frames.Count + 1, clock.Now, lan.Name, from?.Node.Name ?? LabFrame.Tester, from?.Name ?? lan.Name, frame));
        changed = true;
    }

    internal SimulatedNode Node(string name) =>
        nodes.GetValueOrDefault(name)
        ?? throw new ArgumentException($"{Topology.Name} has no node {name}; it has {string.Join(", ", nodes.Keys)}.", nameof(name));

    private SimulatedLan Lan(string name) =>
        lans.GetValueOrDefault(name)
        ?? throw new ArgumentException($"{Topology.Name} has no LAN {name}; it has {string.Join(", ", lans.Keys)}.", nameof(name));

    private SimulatedPort Port(string node, string interfaceName) =>
        Node(node).Port(interfaceName) ?? throw new ArgumentException($"{node} has no interface {interfaceName}.", nameof(interfaceName));

    private SimulatedHost Host(string node) => Node(node).Host ?? throw new InvalidOperationException($"No host agent runs on {node}.");

    // FNV-1a: string.GetHashCode differs from run to run.
    internal Random RandomFor(string use) =>
        new(use.Aggregate(unchecked((int)2166136261) ^ options.Seed, (hash, letter) => unchecked((hash ^ letter) * 16777619)));
}
