using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Running;

/// <summary>A device in a world, ready for tests; several may be played at once. Disposing it takes its labs down.</summary>
public sealed class SuiteSession : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string> known;
    private readonly LabPool pool;
    private readonly TestPlayer player;

    /// <summary>Prepares to play tests; labs are made when they are first needed.</summary>
    /// <param name="options">How they are played. Which tests, and how many at once, is left to the caller.</param>
    /// <param name="engine">In which world.</param>
    public SuiteSession(SuiteOptions options, ILabEngine engine)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(engine);
        known = options.Device.Known;
        pool = new LabPool(engine, options);
        player = new TestPlayer(options, pool);
    }

    /// <summary>The version that the device has reported so far; null when it has not.</summary>
    public string? DeviceVersion => player.DeviceVersion;

    /// <summary>Plays a test until it has a verdict.</summary>
    /// <exception cref="EnvironmentUnfitException">The engine cannot make labs here, or the device lacks something.</exception>
    /// <exception cref="LabSetupException">A lab cannot be made.</exception>
    public async Task<TestReport> Play(ConformanceTest test, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(test);
        var report = await player.Play(test, cancellation).ConfigureAwait(false);
        return report.Verdict == Verdict.Fail ? report with { Known = known.GetValueOrDefault(test.Name) } : report;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pool.DisposeAsync();
}
