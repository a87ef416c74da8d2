using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Suite;

/// <summary>The suite of a role on our device of that role: every test shows what it is to show, and nothing is left open.</summary>
public abstract class SuiteTests(ReadAhead suite)
{
    private protected async Task Fulfils(string test)
    {
        var report = await suite.Report(test);
        // Minutes or an hour on the machine's clock: virtual time has them.
        if (report.TooLong)
            return;

        report.Verdict.Should().BeOneOf(
            [Verdict.Pass, Verdict.Observation], "{0}\nexpected: {1}\nseen: {2}\n{3}", report.Purpose, report.Expected, report.Seen,
            report.Reason);
    }
}

/// <summary>A device in a world for the cases of a class.</summary>
public abstract class DeviceSession(string device, ILabEngine engine) : IAsyncDisposable
{
    public ReadAhead Suite { get; } = new(device, engine);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Suite.DisposeAsync();
    }
}
