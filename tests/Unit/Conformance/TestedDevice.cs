using MulticastLab.Conformance;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;

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

        /// <summary>Whether frames that are to be sent later never are.</summary>
        public bool SendsNothingScheduled { get; init; }

        /// <summary>What a device shows of an interface's state.</summary>
        public Func<InterfaceState, InterfaceState> Shows { get; init; } = state => state;

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

    private sealed class LabOf(IRunningLab lab, Machine machine, int number) : DelegatingLab(lab)
    {
        private bool begun;

        // What was lost before the test does not count.
        public override long FramesLost => begun ? 5 + machine.FramesLost(number) : 5;

        public override IReadOnlyList<Disturbance> Disturbances => machine.Disturbances(number);

        public override Task StartDevice(string node, DeviceStart how, CancellationToken cancellation)
        {
            begun = true;
            return base.StartDevice(node, how, cancellation);
        }

        public override async Task<RouterState> RouterState(string node, CancellationToken cancellation)
        {
            var state = await base.RouterState(node, cancellation);
            return state with { Interfaces = [.. state.Interfaces.Select(machine.Shows)] };
        }

        public override Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation) =>
            machine.SendsNothingScheduled && at > Now
                ? Task.CompletedTask
                : base.Transmit(lan, frame, at + machine.SendsLate, cancellation);
    }
}
