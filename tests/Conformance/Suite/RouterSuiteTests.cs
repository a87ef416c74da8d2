using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>The router suite on our router.</summary>
public abstract class RouterSuiteTests(ReadAhead<TestReport> suite) : SuiteTests(suite)
{
    private const string Device = "multicast-lab-router";

    public static TheoryData<string> Tests => SuiteCases.Of(DeviceRole.Router);

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
    [Collection(nameof(OnRealPackets))]
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class Real(Real.Session session) : RouterSuiteTests(session.Suite), IClassFixture<Real.Session>
    {
        [NamespacesTheory]
        [MemberData(nameof(Tests))]
        public Task Shows(string test) => Fulfils(test);

        public sealed class Session() : DeviceSession(Device, new NamespacesEngine());
    }
}
