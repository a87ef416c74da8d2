using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Running;

/// <summary>Plays one test after the other on labs of a pool, and judges them. For several threads.</summary>
internal sealed class TestPlayer(SuiteOptions options, LabPool pool)
{
    // What the machine has disturbed is played again.
    private const int MostAttempts = 3;

    private string? version;
    private int played = -1;

    /// <summary>The version that the device has reported in some lab; null when it reports none.</summary>
    internal string? DeviceVersion => version;

    /// <summary>Plays a test until it has a verdict.</summary>
    internal async Task<TestReport> Play(ConformanceTest test, CancellationToken cancellation)
    {
        if (Applicability.Lacking(test, options.Device) is { } lacking)
            return ReportOf.NotPlayed(test, Verdict.NotApplicable, lacking);
        if (options.Wired is not null && test.Unset.FirstOrDefault(options.Device.Timers.ContainsKey) is { } set)
        {
            return ReportOf.NotPlayed(
                test, Verdict.NotApplicable, $"The device was set to a {set} of its own: what it has by default does not show.");
        }

        var start = new DeviceStart
        {
            Timing = test.Timing(pool.RealTime ? SuiteTimers.Short : Timing.Default),
            Version = test.Version,
            Options = [.. test.Options, .. test.Preferred.Where(options.Device.Options.Contains)],
            Unset = test.Unset,
        };
        var timing = DeviceSettings.For(options.Device, start.Timing, start.Version, start.Unset).Timing;
        if (test.Unfit(new ExpectedTiming(timing)) is { } unfit)
            return ReportOf.NotPlayed(test, Verdict.NotApplicable, $"The device's timers do not show it: {unfit}.");
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await PlayOnce(test, start, timing, cancellation).ConfigureAwait(false);
            if (attempt == MostAttempts || !outcome.WasDisturbed)
                return outcome.Report with { Attempts = attempt };
        }
    }

    private async Task<TestOutcome> PlayOnce(ConformanceTest test, DeviceStart start, Timing timing, CancellationToken cancellation)
    {
        var lab = await pool.Take(cancellation).ConfigureAwait(false);
        var spoilt = true;
        // What it has scheduled must not go into the next one.
        using var playing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var place = new BenchPlace(
                lab, options.Device, NextPlan(), pool.StartsDevice, start, new LabOptions { Timing = timing, Seed = options.Seed },
                pool.RealTime, pool.RealTime ? options.Patience : null, Observer: null, playing.Token);
            var bench = test.Prepare(place);
            var (ended, by) = await Play(test, bench).ConfigureAwait(false);
            await bench.End().ConfigureAwait(false);
            if (version is null && lab is RealLab real)
                version = await real.DeviceVersion(Bench.DeviceName, cancellation).ConfigureAwait(false);
            var outcome = TestOutcome.Of(test, bench, lab, ended, by, options);
            spoilt = by is DeviceDiedException;
            return outcome;
        }
        finally
        {
            await playing.CancelAsync().ConfigureAwait(false);
            await pool.GiveBack(lab, spoilt).ConfigureAwait(false);
        }
    }

    // A device that is not started for each test still knows the groups of the one before.
    private AddressPlan NextPlan() =>
        options.Wired?.Plan.WithGroupsOf(Interlocked.Increment(ref played)) ?? AddressPlan.Of(options.Device.Protocols[0]);

    /// <summary>Plays the test to its end, or to where it could not go on.</summary>
    private static async Task<(TestEnding Ending, Exception? By)> Play(ConformanceTest test, Bench bench)
    {
        try
        {
            await test.Play(bench).ConfigureAwait(false);
            await bench.Finish().ConfigureAwait(false);
            return (TestEnding.Complete, null);
        }
        catch (ScenarioAbortedException notReached)
        {
            return (TestEnding.NotReached, notReached);
        }
        catch (NotApplicableException inapplicable)
        {
            return (TestEnding.NotApplicable, inapplicable);
        }
        catch (OutOfPatienceException tooLong)
        {
            return (TestEnding.TooLong, tooLong);
        }
        catch (DeviceDiedException died)
        {
            return (bench.HasBegun ? TestEnding.Died : TestEnding.NotStarted, died);
        }
        catch (LabSetupException notReady)
        {
            return (TestEnding.NotStarted, notReady);
        }
        catch (NodeRefusedException refused)
        {
            return (TestEnding.NotReached, refused);
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            // One test of hundreds: the others go on.
            return (TestEnding.Broken, defect);
        }
    }
}

/// <summary>How far a test was played.</summary>
internal enum TestEnding
{
    /// <summary>To its end.</summary>
    Complete,

    /// <summary>Until the device could not be brought to where the next step begins.</summary>
    NotReached,

    /// <summary>Until it turned out not to apply to the device.</summary>
    NotApplicable,

    /// <summary>Until the next step would have taken too long.</summary>
    TooLong,

    /// <summary>Until the device died.</summary>
    Died,

    /// <summary>Not at all: the device did not start.</summary>
    NotStarted,

    /// <summary>Until the suite itself failed.</summary>
    Broken,
}
