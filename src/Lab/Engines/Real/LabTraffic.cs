using System.Globalization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// The packets of a lab on the machine's clock: what is captured, what the tester sends, and waiting for either. Its loop also serves
/// what else a lab watches.
/// </summary>
internal sealed class LabTraffic : IDisposable
{
    private readonly Topology topology;
    private readonly Thread thread;
    private readonly LabCapture capture;
    private readonly TesterPorts tester;
    private readonly MachineWatch machine;
    private Exception? fault;
    private bool disposed;

    /// <param name="topology">What was wired.</param>
    /// <param name="captured">The socket that sees all frames.</param>
    /// <param name="originOf">Where a frame comes from.</param>
    /// <param name="openPort">Opens the tester's port on a LAN.</param>
    /// <param name="latency">See <see cref="IRunningLab.Latency"/>.</param>
    internal LabTraffic(
        Topology topology, PacketSocket captured, FrameOrigins originOf, Func<string, PacketSocket> openPort, TimeSpan latency)
    {
        this.topology = topology;
        capture = new LabCapture(captured, originOf, Loop, Changed.Fire);
        tester = new TesterPorts(openPort, Loop);
        machine = MachineWatch.Start(latency / 2);
        thread = new Thread(Serve) { IsBackground = true, Name = $"lab {topology.Name}" };
    }

    /// <summary>What serves the sockets, on a thread of its own once <see cref="Begin"/> was called.</summary>
    internal EventLoop Loop { get; } = new();

    /// <summary>Is fired with every frame, and by whoever knows of another change.</summary>
    internal Pulse Changed { get; } = new();

    /// <inheritdoc cref="IRunningLab.Frames"/>
    internal IReadOnlyList<LabFrame> Frames => capture.Frames;

    /// <inheritdoc cref="IRunningLab.FramesLost"/>
    internal long FramesLost => capture.CountLost();

    /// <inheritdoc cref="IRunningLab.Disturbances"/>
    internal IReadOnlyList<Disturbance> Disturbances => machine.Seen;

    /// <summary>How often a condition is evaluated although nothing has changed; infinite for never.</summary>
    internal TimeSpan PollInterval { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Begins to serve.</summary>
    internal void Begin() => thread.Start();

    /// <inheritdoc cref="IRunningLab.Transmit"/>
    internal async Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation)
    {
        LanFrame.Check(topology, lan, frame);
        ThrowFault();
        // The first frame on a LAN makes a port there.
        await Task.Run(() => tester.Transmit(lan, frame, at, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IRunningLab.Withdraw"/>
    internal void Withdraw() => tester.Withdraw();

    /// <inheritdoc cref="IRunningLab.Until"/>
    /// <exception cref="DeviceDiedException">A daemon has died meanwhile.</exception>
    internal async Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var deadline = KernelClock.Monotonic + timeout;
        while (true)
        {
            var next = Changed.Next;
            ThrowFault();
            if (await condition(cancellation).ConfigureAwait(false))
                return true;
            var left = deadline - KernelClock.Monotonic;
            if (left <= TimeSpan.Zero)
                return false;
            await next.WaitAsync(PollInterval < left && PollInterval > TimeSpan.Zero ? PollInterval : left, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc cref="IRunningLab.PassUntil"/>
    /// <remarks>Every frame with a timestamp up to the instant is in <see cref="Frames"/> then.</remarks>
    /// <exception cref="DeviceDiedException">A daemon has died meanwhile.</exception>
    internal async Task PassUntil(Instant instant, CancellationToken cancellation)
    {
        while (KernelClock.RealTime < instant)
        {
            var next = Changed.Next;
            ThrowFault();
            // A change may be a daemon's death; a timer may fire early by its resolution.
            var left = instant - KernelClock.RealTime + TimeSpan.FromMilliseconds(1);
            if (left > TimeSpan.Zero)
                await Task.WhenAny(Task.Delay(left, TimeProvider.System, cancellation), next).Unwrap().ConfigureAwait(false);
        }

        ThrowFault();
        capture.Flush();
    }

    /// <summary>Whoever uses the lab next learns of this; the first one counts.</summary>
    internal void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref fault, exception, null);
        Changed.Fire();
    }

    /// <summary>Throws what the lab has come to.</summary>
    internal void ThrowFault()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Volatile.Read(ref fault) is not { } found)
            return;
        throw found is DeviceDiedException died
            ? new DeviceDiedException(died)
            : new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The lab's own thread has failed: {found.Message}"), found);
    }

    /// <summary>Stops serving: nothing is captured or sent any more. What else the loop watches may be disposed of then.</summary>
    internal void End()
    {
        disposed = true;
        Loop.Stop();
        thread.Join();
    }

    /// <summary>Closes the sockets. After <see cref="End"/>.</summary>
    public void Dispose()
    {
        machine.Dispose();
        capture.Dispose();
        tester.Dispose();
        Loop.Dispose();
    }

    private void Serve()
    {
        try
        {
            Loop.Run();
        }
#pragma warning disable CA1031 // It is reported to whoever uses the lab next.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }
}
