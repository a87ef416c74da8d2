using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests;

namespace MulticastLab.Conformance.Suite;

/// <summary>A device in a world for the cases of a class.</summary>
public abstract class DeviceSession : IAsyncDisposable
{
    private const int MostAhead = 16;

    private readonly SuiteSession session;

    private protected DeviceSession(string device, ILabEngine engine)
    {
        var (folder, problem, _) = DeviceFolders.Find(device, Repository.Root);
        var options = new SuiteOptions
        {
            Device = DeviceReader.Read(folder ?? throw new ArgumentException(problem, nameof(device))),
            Tests = [],
            Jobs = MostAhead,
        };
        var tests = TestCatalog.For(options.Device.Role);
        session = new SuiteSession(options, engine);
        Suite = new ReadAhead<TestReport>(
            [.. tests.Select(each => each.Name)],
            (name, cancellation) => Play(tests.Single(each => each.Name == name), cancellation),
            MostAhead);
    }

    public ReadAhead<TestReport> Suite { get; }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Suite.DisposeAsync();
        await session.DisposeAsync();
    }

    // Beside other suites the machine may stall more often than the suite itself tries again.
    private async Task<TestReport> Play(ConformanceTest test, CancellationToken cancellation)
    {
        var report = await session.Play(test, cancellation);
        return report.Verdict == Verdict.Inconclusive ? await session.Play(test, cancellation) : report;
    }
}
