using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// The switch suite on the kernel's bridge, on real packets. What its folder knows it to fail is judged as well; another kernel may pass.
/// </summary>
[Collection(nameof(OnRealPackets))]
[TestCaseOrderer(typeof(CatalogOrder))]
public sealed class SwitchSuiteTests(SwitchSuiteTests.Session session) : SuiteTests(session.Suite), IClassFixture<SwitchSuiteTests.Session>
{
    private const string Device = "linux-switch";

    private static readonly Device Switch = DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", Device));

    private readonly ReadAhead<TestReport> suite = session.Suite;

    public static TheoryData<string> Tests => SuiteCases.Of(DeviceRole.Switch);

    [NamespacesTheory]
    [MemberData(nameof(Tests))]
    public async Task Shows(string test)
    {
        if (!Switch.Known.ContainsKey(test))
            await Fulfils(test);
        else
            (await suite.Result(test)).Verdict.Should().BeOneOf(Verdict.Fail, Verdict.Pass);
    }

    public sealed class Session() : DeviceSession(Device, new NamespacesEngine());
}
