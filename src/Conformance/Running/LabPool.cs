using System.Collections.Concurrent;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Running;

/// <summary>
/// Labs for tests, each used by one at a time. On real packets a lab of routers or switches serves several tests, one after the other, as
/// making one takes longer than many a test; in the simulated world each test has a new one, so that its run does not depend on those
/// before.
/// </summary>
internal sealed class LabPool(ILabEngine engine, SuiteOptions suite) : IAsyncDisposable
{
    private readonly LabOptions options =
        new() { Timing = engine.Capabilities.UsesWallClock ? SuiteTimers.Short : Timing.Default, Seed = suite.Seed };

    // The memberships of a host's kernel outlive its programs: it goes on saying that they have ended.
    private readonly bool reuses = engine.Capabilities.UsesWallClock && (suite.Device.Role != DeviceRole.Host || suite.Wired is not null);
    private readonly BenchFolder? folder = suite.Wired is null ? new(suite.Device, new LabOptions().Dialect) : null;
    private readonly ConcurrentBag<IRunningLab> idle = [];

    /// <summary>Whether the labs' time passes by itself.</summary>
    internal bool RealTime => engine.Capabilities.UsesWallClock;

    /// <summary>Whether the device is started for each test; otherwise it runs already.</summary>
    internal bool StartsDevice => engine.Capabilities.StartsDevices;

    private Topology Topology =>
        folder?.Topology ?? suite.Wired?.Topology ?? throw new InvalidOperationException("A device is in a lab, or on wires.");

    /// <summary>A lab in which nothing has been started.</summary>
    internal async Task<IRunningLab> Take(CancellationToken cancellation) =>
        idle.TryTake(out var lab) ? lab : await engine.Up(Topology, options, cancellation).ConfigureAwait(false);

    /// <summary>Gives a lab back: what runs there is ended.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="spoilt">Whether it cannot be used again.</param>
    internal async Task GiveBack(IRunningLab lab, bool spoilt)
    {
        try
        {
            if (reuses && !spoilt)
            {
                await lab.Kill(Bench.DeviceName, CancellationToken.None).ConfigureAwait(false);
                idle.Add(lab);
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // It does not end: its lab goes with it.
        }

        await lab.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes the labs down that were given back.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(idle.Select(each => each.DisposeAsync().AsTask())).ConfigureAwait(false);
        idle.Clear();
        folder?.Dispose();
    }
}
