using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>The router suite on our router: every test shows what it is to show, and nothing is left open.</summary>
public abstract class RouterSuiteTests(ReadAhead suite)
{
    private const string Device = "multicast-lab-router";

    public static TheoryData<string> Tests => SuiteCases.Of(DeviceRole.Router);

    private protected async Task Fulfils(string test)
    {
        var report = await suite.Report(test);

        report.Verdict.Should().BeOneOf(
            [Verdict.Pass, Verdict.Observation], "{0}\nexpected: {1}\nseen: {2}\n{3}", report.Purpose, report.Expected, report.Seen,
            report.Reason);
    }

    /// <summary>In virtual time, with the RFC's timers.</summary>
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class Simulated(Simulated.Session session) : RouterSuiteTests(session.Suite), IClassFixture<Simulated.Session>
    {
        [Theory]
        [MemberData(nameof(Tests))]
        public Task Shows(string test) => Fulfils(test);

        public sealed class Session() : DeviceSession(Device, new SimulatedEngine());
    }

    /// <summary>On real packets.</summary>
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class Real(Real.Session session) : RouterSuiteTests(session.Suite), IClassFixture<Real.Session>
    {
        [NamespacesTheory]
        [MemberData(nameof(Tests))]
        public Task Shows(string test) => Fulfils(test);

        public sealed class Session() : DeviceSession(Device, new NamespacesEngine());
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
