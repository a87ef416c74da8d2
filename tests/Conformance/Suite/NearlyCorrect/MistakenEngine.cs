using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>The simulated world, in which the device under test makes a mistake.</summary>
internal sealed class MistakenEngine(Func<Mistake> mistake) : ILabEngine
{
    private readonly SimulatedEngine engine = new();

    public string Name => engine.Name;

    public EngineCapabilities Capabilities => engine.Capabilities;

    public Unfitness? Check() => null;

    public void Enter()
    {
        // Nothing to enter.
    }

    public Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        var (lab, made) = (new SimulatedLab(topology, options), mistake());
        var interfaces = topology.Nodes.Single(each => each.Name == Bench.DeviceName).Interfaces;
        foreach (var (name, _, _) in interfaces)
            lab.Change(Bench.DeviceName, name, new MistakenPort(made, () => lab.Addresses(Bench.DeviceName, name)[0].Address, Send).Change);
        return Task.FromResult<IRunningLab>(new MistakenLab(lab, made));

        void Send(ReadOnlySpan<byte> packet) =>
            lab.Transmit(Bench.DeviceName, interfaces.First(each => each.Lan == Bench.Lan).Interface, packet);
    }

    /// <summary>A lab whose device takes other settings than it is asked for.</summary>
    private sealed class MistakenLab(IRunningLab lab, Mistake mistake) : DelegatingLab(lab)
    {
        public override Task StartDevice(string node, DeviceStart how, CancellationToken cancellation) =>
            base.StartDevice(node, mistake.Settings(how with { Timing = mistake.Timers(how.Timing) }), cancellation);

        public override async Task Listen(string node, string socket, Address group, SourceFilter filter, CancellationToken cancellation)
        {
            foreach (var each in mistake.Listens(filter))
                await base.Listen(node, socket, group, each, cancellation);
        }

        public override async Task<RouterState> RouterState(string node, CancellationToken cancellation)
        {
            var state = await base.RouterState(node, cancellation);
            return state with { Interfaces = [.. state.Interfaces.Select(mistake.Shows)] };
        }
    }
}
