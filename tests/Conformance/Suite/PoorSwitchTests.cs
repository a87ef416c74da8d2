using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Scenarios;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// Switches that do not snoop, on real packets: one that sends nothing on, and a hub, which sends everything on. Neither may pass a test.
/// The hub has to fail what a switch prunes, the silent one what it sends on.
/// </summary>
public sealed class PoorSwitchTests : IDisposable
{
    private const string Hub = """
        ip link delete hub 2>/dev/null || :
        ip link add name hub type bridge mcast_snooping 0
        for interface in $DEVICE_INTERFACES; do ip link set "$interface" master hub; done
        ip link set hub up
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("multicast-lab-poor-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Devices => new()
    {
        { "silent", "switch-sends-older-reports-to-router-port switch-sends-data-to-member" },
        { "hub", "switch-sends-older-reports-to-router-port switch-sends-data-to-member switch-keeps-groups-apart" },
    };

    public void Dispose() => folder.Delete(recursive: true);

    [NamespacesTheory]
    [MemberData(nameof(Devices))]
    public async Task Nothing_is_passed_by_a_switch_that_does_not_snoop(string kind, string fails)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "device.yaml"),
            $$"""
            title: {{kind}}
            role: switch
            protocols: [igmp]
            start: sh ./start
            ready: { output: "^ready$" }
            timers: { VERSION: { default: 3, min: 1, step: 1 } }
            options: [querier, immediate-leave]
            """,
            Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "start"), $"{(kind == "hub" ? Hub : "")}\necho ready\nexec sleep 1000000\n", Cancellation);

        var report = await SuiteRunner.Run(
            new SuiteOptions
            {
                Device = DeviceReader.Read(folder.FullName), Tests = TestCatalog.For(DeviceRole.Switch), Jobs = 16,
            },
            new NamespacesEngine(), observer: null, Cancellation);

        string.Join(' ', report.Tests.Where(each => each.Verdict == Verdict.Pass).Select(each => each.Test)).Should().BeEmpty();
        report.Tests.Where(each => each.Verdict == Verdict.Fail).Select(each => each.Test)
            .Should().Contain(fails.Split(' '));
    }
}
