using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Shared;

/// <summary>A lab that is another one, but for what a test overrides.</summary>
internal abstract class DelegatingLab(IRunningLab lab) : IRunningLab
{
    public string Id => lab.Id;

    public Topology Topology => lab.Topology;

    public Instant Now => lab.Now;

    public TimeSpan Latency => lab.Latency;

    public IReadOnlyList<LabFrame> Frames => lab.Frames;

    public virtual long FramesLost => lab.FramesLost;

    public virtual IReadOnlyList<Disturbance> Disturbances => lab.Disturbances;

    public Task Start(string node, CancellationToken cancellation) => lab.Start(node, cancellation);

    public virtual Task StartDevice(string node, DeviceStart how, CancellationToken cancellation) =>
        lab.StartDevice(node, how, cancellation);

    public Task Kill(string node, CancellationToken cancellation) => lab.Kill(node, cancellation);

    public Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation) =>
        lab.SetLink(node, interfaceName, up, cancellation);

    public IReadOnlyList<Prefix> Addresses(string node, string interfaceName) => lab.Addresses(node, interfaceName);

    public Task<CommandResult> Execute(string node, string command, CancellationToken cancellation) =>
        lab.Execute(node, command, cancellation);

    public virtual Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation) =>
        lab.Transmit(lan, frame, at, cancellation);

    public void Withdraw() => lab.Withdraw();

    public virtual Task<RouterState> RouterState(string node, CancellationToken cancellation) => lab.RouterState(node, cancellation);

    public Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation) => lab.HostState(node, cancellation);

    public Task<string> Log(string node, CancellationToken cancellation) => lab.Log(node, cancellation);

    public virtual Task Listen(string node, string socket, Address group, SourceFilter filter, CancellationToken cancellation) =>
        lab.Listen(node, socket, group, filter, cancellation);

    public Task<IAsyncDisposable> Send(string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation) =>
        lab.Send(node, group, source, every, cancellation);

    public Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation) =>
        lab.Until(condition, timeout, cancellation);

    public Task PassUntil(Instant instant, CancellationToken cancellation) => lab.PassUntil(instant, cancellation);

    public void Detach() => lab.Detach();

    public ValueTask DisposeAsync() => lab.DisposeAsync();
}
