using System.Diagnostics;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Engines;

namespace MulticastLab.Conformance.Running;

/// <summary>Plays conformance tests on a device.</summary>
public static class SuiteRunner
{
    /// <summary>Plays the tests, several at once.</summary>
    /// <param name="options">Which tests, and how.</param>
    /// <param name="engine">In which world.</param>
    /// <param name="observer">Who watches; null for nobody.</param>
    /// <param name="cancellation">Ends the run: the report then has the tests that were over.</param>
    /// <exception cref="EnvironmentUnfitException">The engine cannot make labs here, or the device lacks something.</exception>
    /// <exception cref="LabSetupException">A lab cannot be made.</exception>
    public static async Task<SuiteReport> Run(
        SuiteOptions options, ILabEngine engine, ISuiteObserver? observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engine);
        var (started, clock) = (TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
        var reports = new List<TestReport>();
        string? version = null;
        var interrupted = false;
        var session = new SuiteSession(options, engine);
        await using (session.ConfigureAwait(false))
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Jobs, CancellationToken = cancellation };
            try
            {
                await Parallel.ForEachAsync(options.Tests, parallel, async (test, token) =>
                {
                    Tell(() => observer?.Began(test));
                    var report = await session.Play(test, token).ConfigureAwait(false);
                    Tell(() =>
                    {
                        reports.Add(report);
                        observer?.Ended(new TestEnd(test, report));
                    });
                }).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                interrupted = true;
            }

            version = session.DeviceVersion;
        }

        return new SuiteReport
        {
            Device = new ReportedDevice(
                options.Device.Name, options.Device.Title, version, options.Device.Role.ToString().ToLowerInvariant(),
                options.Wired is null ? options.Device.Folder : null),
            Protocol = options.Device.Protocols[0].Name.ToLowerInvariant(),
            Engine = engine.Name,
            Seed = options.Seed,
            Started = started,
            Seconds = Math.Round(Stopwatch.GetElapsedTime(clock).TotalSeconds, 1),
            Tests = reports,
            Interrupted = interrupted,
        }.Summed();

        void Tell(Action what)
        {
            lock (reports)
                what();
        }
    }
}
