using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// Conformance tests of one device for a test class whose cases run one after the other. They mostly wait: when they are asked for in the
/// order of the catalogue, the next ones are begun before they are asked for, so that many run at once; a single one stays a single one.
/// </summary>
public sealed class ReadAhead : IAsyncDisposable
{
    private const int MostAhead = 16;

    private readonly IReadOnlyList<ConformanceTest> tests;
    private readonly SuiteSession session;
    private readonly CancellationTokenSource end = new();
    private readonly Dictionary<ConformanceTest, Task<TestReport>> begun = [];
    private int next;
    private int ahead;

    public ReadAhead(string device, ILabEngine engine)
    {
        var (folder, problem, _) = DeviceFolders.Find(device, Repository.Root);
        var options = new SuiteOptions
        {
            Device = DeviceReader.Read(folder ?? throw new ArgumentException(problem, nameof(device))),
            Tests = [],
            Jobs = MostAhead,
        };
        tests = TestCatalog.For(options.Device.Role);
        session = new SuiteSession(options, engine);
    }

    /// <summary>What comes of a test.</summary>
    public Task<TestReport> Report(string test)
    {
        var place = tests.Index().Single(each => each.Item.Name == test).Index;
        ahead = place == next ? Math.Min(Math.Max(1, ahead * 2), MostAhead) : 0;
        next = place + 1;
        for (var i = place; i <= place + ahead && i < tests.Count; i++)
            Begin(tests[i]);
        return begun[tests[place]];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await ((Task)Task.WhenAll(begun.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.DisposeAsync();
        end.Dispose();
    }

    private void Begin(ConformanceTest test)
    {
        if (!begun.ContainsKey(test))
            begun.Add(test, Task.Run(() => Play(test)));
    }

    // Beside other suites the machine may stall more often than the suite itself tries again.
    private async Task<TestReport> Play(ConformanceTest test)
    {
        var report = await session.Play(test, end.Token);
        return report.Verdict == Verdict.Inconclusive ? await session.Play(test, end.Token) : report;
    }
}
