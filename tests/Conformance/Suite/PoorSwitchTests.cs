using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
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

    public void Dispose() => folder.Delete(recursive: true);

    // Side by side: they mostly wait.
    [NamespacesFact]
    public async Task Nothing_is_passed_by_a_switch_that_does_not_snoop()
    {
        var reports = await Task.WhenAll(Run("silent", ""), Run("hub", Hub));

        foreach (var report in reports)
            report.Tests.Where(each => each.Verdict == Verdict.Pass).Select(each => each.Test).Should().BeEmpty(report.Device.Title);
        Failed(reports[0]).Should().Contain(["switch-sends-older-reports-to-router-port", "switch-sends-data-to-member"]);
        Failed(reports[1]).Should()
            .Contain(["switch-sends-older-reports-to-router-port", "switch-sends-data-to-member", "switch-keeps-groups-apart"]);
    }

    private static IEnumerable<string> Failed(SuiteReport report) =>
        report.Tests.Where(each => each.Verdict == Verdict.Fail).Select(each => each.Test);

    private async Task<SuiteReport> Run(string kind, string wiring)
    {
        var device = folder.CreateSubdirectory(kind).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(device, "device.yaml"),
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
        await File.WriteAllTextAsync(Path.Combine(device, "start"), $"{wiring}\necho ready\nexec sleep 1000000\n", Cancellation);
        return await SuiteRunner.Run(
            new SuiteOptions { Device = DeviceReader.Read(device), Tests = TestCatalog.For(DeviceRole.Switch), Jobs = 16 },
            new NamespacesEngine(), observer: null, Cancellation);
    }
}
