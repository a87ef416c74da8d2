using FluentAssertions;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>
/// The suite bites: every test that can fail is failed by a device that is right but for one mistake, and every mistake is noticed. Which
/// mistake fails which test stands in a file beside this one. In virtual time.
/// </summary>
public abstract class NearlyCorrectTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Conformance", "Suite", "NearlyCorrect");

    private readonly Device device;
    private readonly Func<IReadOnlyList<Mistake>> mistakes;

    private protected NearlyCorrectTests(string device, Func<IReadOnlyList<Mistake>> mistakes)
    {
        this.device = DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", device));
        this.mistakes = mistakes;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(Folder, $"{device.Name}.txt");

    /// <summary>The names of the mistakes, as cases.</summary>
    private protected static TheoryData<string> Names(IReadOnlyList<Mistake> mistakes) => [.. mistakes.Select(each => each.Name)];

    /// <summary>A mistake fails the tests that the file names for it.</summary>
    private protected async Task IsNoticed(string mistake)
    {
        var tests = Read().GetValueOrDefault(mistake) ?? [];
        tests.Should().NotBeEmpty("a mistake that no test notices is one that the suite lets through");

        var failed = await Play(mistake, tests.Select(each => TestCatalog.Find(each)!));

        string.Join(' ', tests.Except(failed)).Should().BeEmpty("a device with the mistake {0} fails these", mistake);
    }

    [Fact]
    public void Every_test_that_can_fail_is_failed_by_a_device_with_one_mistake() =>
        string.Join(' ', TestCatalog.For(device.Role).Where(each => !each.Observes).Select(each => each.Name)
            .Except(Read().Values.SelectMany(each => each)))
            .Should().BeEmpty("a test that has never been seen to fail may be one that cannot");

    /// <summary>
    /// Finds out which mistake fails which test, which takes minutes, and writes it down: to be run when tests or mistakes are new.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Write_which_test_is_failed_by_which_mistake()
    {
        var left = TestCatalog.For(device.Role).ToList();
        var lines = new List<string>();
        foreach (var mistake in mistakes())
        {
            // First those that nothing has failed yet: for most mistakes these will do.
            var failed = await Play(mistake.Name, left);
            left.RemoveAll(each => failed.Contains(each.Name));
            if (failed.Count == 0)
                failed = [.. (await Play(mistake.Name, TestCatalog.For(device.Role).Except(left))).Take(3)];
            lines.Add($"{mistake.Name}: {string.Join(' ', failed)}".TrimEnd());
        }

        await System.IO.File.WriteAllLinesAsync(File, lines, Cancellation);
    }

    private async Task<List<string>> Play(string mistake, IEnumerable<ConformanceTest> tests)
    {
        var options = new SuiteOptions { Device = device, Tests = [.. tests], Jobs = Environment.ProcessorCount };
        var engine = new MistakenEngine(() => mistakes().Single(each => each.Name == mistake));
        var report = await SuiteRunner.Run(options, engine, observer: null, Cancellation);
        return [.. report.Tests.Where(each => each.Verdict == Verdict.Fail).Select(each => each.Test).Order(StringComparer.Ordinal)];
    }

    private Dictionary<string, string[]> Read() =>
        System.IO.File.ReadLines(File).Select(line => line.Split(':')).ToDictionary(
            line => line[0], line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Routers with one mistake.</summary>
    public sealed class Routers() : NearlyCorrectTests("multicast-lab-router", () => RouterMistakes.All)
    {
        public static TheoryData<string> Mistakes => Names(RouterMistakes.All);

        [Theory]
        [MemberData(nameof(Mistakes))]
        public Task A_router_with_one_mistake_is_noticed(string mistake) => IsNoticed(mistake);
    }

    /// <summary>Hosts with one mistake.</summary>
    public sealed class Hosts() : NearlyCorrectTests("multicast-lab-host", () => HostMistakes.All)
    {
        public static TheoryData<string> Mistakes => Names(HostMistakes.All);

        [Theory]
        [MemberData(nameof(Mistakes))]
        public Task A_host_with_one_mistake_is_noticed(string mistake) => IsNoticed(mistake);
    }
}
