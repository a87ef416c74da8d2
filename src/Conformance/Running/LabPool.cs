using System.Collections.Concurrent;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Running;

/// <summary>
/// Labs for tests, each used by one at a time. On real packets a lab of routers or switches serves several tests, one after the other, as
/// making one takes longer than many a test; in the simulated world each test has a new one, so that its run does not depend on those
/// before.
/// </summary>
internal sealed class LabPool(ILabEngine engine, Device device, int seed) : IAsyncDisposable
{
    private readonly LabOptions options =
        new() { Timing = engine.Capabilities.UsesWallClock ? SuiteTimers.Short : Timing.Default, Seed = seed };

    // The memberships of a host's kernel outlive its programs: it goes on saying that they have ended.
    private readonly bool reuses = engine.Capabilities.UsesWallClock && device.Role != DeviceRole.Host;
    private readonly BenchFolder folder = new(device, new LabOptions().Dialect);
    private readonly ConcurrentBag<IRunningLab> idle = [];

    /// <summary>Whether the labs' time passes by itself.</summary>
    internal bool RealTime => engine.Capabilities.UsesWallClock;

    /// <summary>A lab in which nothing has been started.</summary>
    internal async Task<IRunningLab> Take(CancellationToken cancellation) =>
        idle.TryTake(out var lab) ? lab : await engine.Up(folder.Topology, options, cancellation).ConfigureAwait(false);

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
        folder.Dispose();
    }
}
