using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>The host suite on our host agent.</summary>
public abstract class HostSuiteTests(ReadAhead<TestReport> suite) : SuiteTests(suite)
{
    private const string Device = "multicast-lab-host";

    public static TheoryData<string> Tests => SuiteCases.Of(DeviceRole.Host);

    /// <summary>In virtual time, with the RFC's timers.</summary>
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class Simulated(Simulated.Session session) : HostSuiteTests(session.Suite), IClassFixture<Simulated.Session>
    {
        [Theory]
        [MemberData(nameof(Tests))]
        public Task Shows(string test) => Fulfils(test);

        public sealed class Session() : DeviceSession(Device, new SimulatedEngine());
    }

    /// <summary>On real packets.</summary>
    [Collection(nameof(OnRealPackets))]
    [TestCaseOrderer(typeof(CatalogOrder))]
    public sealed class Real(Real.Session session) : HostSuiteTests(session.Suite), IClassFixture<Real.Session>
    {
        [NamespacesTheory]
        [MemberData(nameof(Tests))]
        public Task Shows(string test) => Fulfils(test);

        public sealed class Session() : DeviceSession(Device, new NamespacesEngine());
    }
}
