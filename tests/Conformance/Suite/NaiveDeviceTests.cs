using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Conformance.Running;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.NaiveDevices;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// The naive devices: the tests that are named for a mistake fail when it is made alone, and pass when none is. And both devices on real
/// packets.
/// </summary>
public sealed class NaiveDeviceTests : IDisposable
{
    private const string Router = "naive-router";
    private const string Host = "naive-host";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("multicast-lab-naive-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Mistakes
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var each in RouterMistakes.All.Where(each => each.Tests.Count > 0))
                cases.Add(Router, each.Name);
            foreach (var each in HostMistakes.All.Where(each => each.Tests.Count > 0))
                cases.Add(Host, each.Name);
            return cases;
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_found_by_its_tests(string device, string mistake)
    {
        var tests = MistakesOf(device).Single(each => each.Name == mistake).Tests;

        foreach (var test in tests)
        {
            var made = await Play(device, mistake, test, new SimulatedEngine(NaivePrograms.All));
            var left = await Play(device, "none", test, new SimulatedEngine(NaivePrograms.All));

            made.Verdict.Should().Be(Verdict.Fail, "{0}: {1}", test, made.Reason);
            left.Verdict.Should().Be(Verdict.Pass, "{0}\nexpected: {1}\nseen: {2}\n{3}", test, left.Expected, left.Seen, left.Reason);
        }
    }

    [Theory]
    [InlineData(Router)]
    [InlineData(Host)]
    public void A_device_has_its_mistakes_as_options(string device) =>
        Read(device).Options.Except(["forward", "none"]).Should().Equal(MistakesOf(device).Select(each => each.Name));

    [Theory]
    [InlineData(Router)]
    [InlineData(Host)]
    public async Task The_documentation_lists_a_devices_mistakes(string device)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "devices.md"), Cancellation);

        foreach (var each in MistakesOf(device))
        {
            lines.Should().Contain(
                $"| `{each.Name}` | {each.What} | {each.Section} | {string.Join(", ", each.Tests.Select(test => $"`{test}`"))} |");
        }
    }

    [NamespacesFact]
    public Task The_router_plays_on_real_packets() => PlaysForReal(Router, "tos-zero", "sent-as-internet-control");

    [NamespacesFact]
    public Task The_host_plays_on_real_packets() => PlaysForReal(Host, "tos-zero", "own-groups-sent-as-internet-control");

    private async Task PlaysForReal(string device, string mistake, string test)
    {
        var made = await Play(device, mistake, test, new NamespacesEngine());
        var left = await Play(device, "none", test, new NamespacesEngine());

        made.Verdict.Should().Be(Verdict.Fail, "{0}", made.Reason);
        left.Verdict.Should().Be(Verdict.Pass, "expected: {0}\nseen: {1}\n{2}", left.Expected, left.Seen, left.Reason);
    }

    // The shipped folder, but that the mistakes are named.
    private async Task<TestReport> Play(string device, string mistakes, string test, ILabEngine engine)
    {
        var named = folder.CreateSubdirectory(mistakes);
        var shipped = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "lab", "devices", device, Device.FileName), Cancellation);
        var program = device["naive-".Length..];
        await File.WriteAllTextAsync(
            Path.Combine(named.FullName, Device.FileName),
            shipped.Replace($"start: naive {program}", $"start: naive {program} --mistakes {mistakes}", StringComparison.Ordinal)
                .Replace($"simulated: {device}", $"simulated: {device} --mistakes {mistakes}", StringComparison.Ordinal),
            Cancellation);
        var read = DeviceReader.Read(named.FullName);
        await using var session = new SuiteSession(new SuiteOptions { Device = read, Tests = [], Jobs = 1 }, engine);
        return await session.Play(TestCatalog.For(read.Role).Single(each => each.Name == test), Cancellation);
    }

    private static IReadOnlyList<Mistake> MistakesOf(string device) => device == Router ? RouterMistakes.All : HostMistakes.All;

    private static Device Read(string device) => DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", device));
}
