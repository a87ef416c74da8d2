using MulticastLab.Conformance;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Conformance;

/// <summary>
/// Our router in the simulated world, as a device whose folder says what a test needs, on a machine that behaves as a test needs.
/// </summary>
internal sealed class TestedDevice : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("multicast-lab-tested-");

    /// <param name="more">More lines of its <c>device.yaml</c>.</param>
    public TestedDevice(string more = "") => File.WriteAllText(
        Path.Combine(folder.FullName, Device.FileName),
        $"title: A router\nrole: router\nprotocols: [igmp]\nstart: none\nstate: none\nsimulated: router\n{more}");

    public string Folder => folder.FullName;

    /// <summary>What becomes of a test, played once or as often as the machine makes necessary.</summary>
    public async Task<TestReport> Play(ConformanceTest test, Machine? machine = null, string? reportFolder = null) =>
        (await Run(machine, reportFolder, test)).Tests.Single();

    /// <summary>What becomes of tests.</summary>
    public Task<SuiteReport> Run(Machine? machine, string? reportFolder, params ConformanceTest[] tests) => SuiteRunner.Run(
        new SuiteOptions { Device = DeviceReader.Read(folder.FullName), Tests = tests, Jobs = 1, ReportFolder = reportFolder },
        new EngineOf(machine ?? new Machine()), observer: null, CancellationToken.None);

    /// <summary>A test of these steps.</summary>
    public static RouterTest Test(Func<RouterBench, Task> play, params string[] requirements) =>
        new("a-test", requirements is [] ? ["V3-R-8.10-01"] : requirements, "It shows how tests are judged.", play);

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>How the machine behaves.</summary>
    public sealed class Machine
    {
        /// <summary>How many frames the capture has lost in each lab, and how many it has lost before.</summary>
        public Func<int, long> FramesLost { get; init; } = _ => 0;

        /// <summary>When each lab was kept waiting.</summary>
        public Func<int, IReadOnlyList<Disturbance>> Disturbances { get; init; } = _ => [];

        /// <summary>How much later than asked frames are sent.</summary>
        public TimeSpan SendsLate { get; init; }

        /// <summary>How many labs were made.</summary>
        public int Labs { get; set; }
    }

    private sealed class EngineOf(Machine machine) : ILabEngine
    {
        private readonly SimulatedEngine engine = new();

        public string Name => engine.Name;

        public EngineCapabilities Capabilities => engine.Capabilities;

        public Unfitness? Check() => null;

        public void Enter()
        {
            // Nothing to enter.
        }

        public async Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation) =>
            new LabOf(await engine.Up(topology, options, cancellation), machine, ++machine.Labs);
    }

    private sealed class LabOf(IRunningLab lab, Machine machine, int number) : IRunningLab
    {
        private bool begun;

        public string Id => lab.Id;

        public Topology Topology => lab.Topology;

        public Instant Now => lab.Now;

        public TimeSpan Latency => lab.Latency;

        public IReadOnlyList<LabFrame> Frames => lab.Frames;

        // What was lost before the test does not count.
        public long FramesLost => begun ? 5 + machine.FramesLost(number) : 5;

        public IReadOnlyList<Disturbance> Disturbances => machine.Disturbances(number);

        public Task Start(string node, CancellationToken cancellation) => lab.Start(node, cancellation);

        public Task StartDevice(string node, DeviceStart how, CancellationToken cancellation)
        {
            begun = true;
            return lab.StartDevice(node, how, cancellation);
        }

        public Task Kill(string node, CancellationToken cancellation) => lab.Kill(node, cancellation);

        public Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation) =>
            lab.SetLink(node, interfaceName, up, cancellation);

        public IReadOnlyList<Prefix> Addresses(string node, string interfaceName) => lab.Addresses(node, interfaceName);

        public Task<CommandResult> Execute(string node, string command, CancellationToken cancellation) =>
            lab.Execute(node, command, cancellation);

        public Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation) =>
            lab.Transmit(lan, frame, at + machine.SendsLate, cancellation);

        public Task<RouterState> RouterState(string node, CancellationToken cancellation) => lab.RouterState(node, cancellation);

        public Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation) =>
            lab.HostState(node, cancellation);

        public Task<string> Log(string node, CancellationToken cancellation) => lab.Log(node, cancellation);

        public Task Listen(
            string node, Address group, FilterMode mode, IReadOnlyCollection<Address> sources, CancellationToken cancellation) =>
            lab.Listen(node, group, mode, sources, cancellation);

        public Task<IAsyncDisposable> Send(
            string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation) =>
            lab.Send(node, group, source, every, cancellation);

        public Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation) =>
            lab.Until(condition, timeout, cancellation);

        public Task PassUntil(Instant instant, CancellationToken cancellation) => lab.PassUntil(instant, cancellation);

        public void Detach() => lab.Detach();

        public ValueTask DisposeAsync() => lab.DisposeAsync();
    }
}
