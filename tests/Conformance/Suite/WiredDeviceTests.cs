using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Conformance.Devices;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// <c>labrunner conformance --device external</c>, run where nothing is but the interfaces that lead to the device: in a node that shares
/// LANs with one that a lab has started long before.
/// </summary>
[Collection(nameof(OnRealPackets))]
public sealed class WiredDeviceTests : IDisposable
{
    private const string Machine = "machine";

    private readonly string report = Directory.CreateTempSubdirectory("wired-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(report, recursive: true);

    [DeviceFact("frr")]
    public async Task FRR_on_a_wire_gets_its_verdicts_and_the_frames_for_them()
    {
        await using var wired = await WiredLab.Up("frr");

        var (code, document) = await wired.Test(
            report, "--address", "10.0.0.9", "--upstream", "eth1", "--upstream-address", "192.0.2.254",
            "--only", "leave-asked-2-times", "lower-address-wins", "leave-ends-stream-after-lmqt", "starts-as-querier-beside-another",
            "higher-address-loses-as-number");

        code.Should().Be(0, "{0}", document);
        Verdicts(document).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["leave-asked-2-times"] = "pass",
            ["lower-address-wins"] = "pass",
            ["higher-address-loses-as-number"] = "pass",
            ["leave-ends-stream-after-lmqt"] = "pass",
            // It runs already, and cannot be started anew.
            ["starts-as-querier-beside-another"] = "not-applicable",
        });
        document["engine"]!.GetValue<string>().Should().Be("wire");
        document["device"]!["name"]!.GetValue<string>().Should().Be("external");
        document["tests"]!.AsArray().Where(each => each!["verdict"]!.GetValue<string>() == "pass").Should().OnlyContain(
            each => File.Exists(Path.Combine(report, each!["pcapng"]!.GetValue<string>())));
    }

    [NamespacesFact]
    public async Task A_router_is_found_by_its_queries_and_one_at_the_lowest_address_cannot_be_outvoted()
    {
        await using var wired = await WiredLab.Up("multicast-lab-router", "10.0.0.1/24");

        var (code, document) = await wired.Test(report, "--only", "leave-asked-2-times", "lower-address-wins");

        code.Should().Be(0, "{0}", document);
        document["device"]!["title"]!.GetValue<string>().Should().Contain("10.0.0.1");
        Verdicts(document).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["leave-asked-2-times"] = "pass",
            ["lower-address-wins"] = "not-applicable",
        });
    }

    [NamespacesFact]
    public async Task A_router_with_other_timers_than_it_is_said_to_have_fails()
    {
        await using var wired = await WiredLab.Up("multicast-lab-router");

        var (code, document) = await wired.Test(
            report, "--address", "10.0.0.9", "--timer", "LAST_MEMBER_QUERY_INTERVAL=2", "--only", "leave-asked-2-times");

        code.Should().Be(1, "{0}", document);
        Verdicts(document)["leave-asked-2-times"].Should().Be("fail");
    }

    [NamespacesFact]
    public async Task A_host_is_judged_by_what_it_joins_of_itself()
    {
        await using var wired = await WiredLab.Up("linux-host");
        await wired.Listen("239.1.2.3");

        var (code, document) = await wired.Test(
            report, "--role", "host", "--address", "10.0.0.9", "--only", "own-groups-are-all-reported", "own-group-is-answered-for-alone");

        code.Should().Be(0, "{0}", document);
        Verdicts(document).Values.Should().Equal("pass", "pass");
    }

    [NamespacesFact]
    public async Task Where_nobody_answers_for_the_address_nothing_is_tested()
    {
        await using var wired = await WiredLab.Up("multicast-lab-router");

        var (code, output) = await wired.Run("--address", "10.0.0.77", "--yes", "--only", "leave-asked-2-times");

        code.Should().NotBe(0);
        output.Should().Contain("Nothing on eth0 answers for 10.0.0.77");
    }

    private static Dictionary<string, string> Verdicts(JsonNode document) => document["tests"]!.AsArray().ToDictionary(
        each => each!["test"]!.GetValue<string>(), each => each!["verdict"]!.GetValue<string>());

    /// <summary>A device in a node of its own, and a node that the suite is run in.</summary>
    private sealed class WiredLab : IAsyncDisposable
    {
        private readonly TopologyFolder folder;
        private readonly RealLab lab;

        private WiredLab(TopologyFolder folder, RealLab lab) => (this.folder, this.lab) = (folder, lab);

        internal static async Task<WiredLab> Up(string device, string address = "10.0.0.9/24")
        {
            var folder = new TopologyFolder(
                ("lab.conf", $"""
                    dut[0]="A"
                    dut[1]="B"
                    dut[image]="device/{DeviceLab.Read(device).Folder}"
                    dut[env]="QUERY_INTERVAL=4"
                    dut[env]="QUERY_RESPONSE_INTERVAL=1"
                    dut[env]="LAST_MEMBER_QUERY_INTERVAL=0.5"
                    dut[env]="STARTUP_QUERY_INTERVAL=1"
                    dut[env]="OPTION_FORWARD=1"
                    {Machine}[0]="A"
                    {Machine}[1]="B"
                    """),
                ("dut.startup", $"ip address replace {address} dev eth0\nip address replace 192.0.2.254/24 dev eth1\n"));
            var lab = await new NamespacesEngine().Up(folder.Read(), new LabOptions(), Cancellation);
            var wired = new WiredLab(folder, lab);
            try
            {
                await lab.Start(Machine, Cancellation);
                await lab.Start("dut", Cancellation);
                return wired;
            }
            catch
            {
                await wired.DisposeAsync();
                throw;
            }
        }

        internal Task Listen(string group) => lab.Listen("dut", Address.Parse(group), Packets.SourceFilter.AnySource, Cancellation);

        /// <summary>Runs the suite, and returns its exit code and its document.</summary>
        internal async Task<(int Code, JsonNode Document)> Test(string report, params string[] options)
        {
            var (code, output) = await Run([
                "--timer", "QUERY_INTERVAL=4", "--timer", "QUERY_RESPONSE_INTERVAL=1", "--timer", "LAST_MEMBER_QUERY_INTERVAL=0.5", "--yes",
                "--report", report, "--json", .. options,
            ]);
            return (code, JsonNode.Parse(output) ?? throw new InvalidOperationException(output));
        }

        /// <summary>Runs the suite, and returns its exit code and what it has written.</summary>
        internal async Task<(int Code, string Output)> Run(params string[] options)
        {
            using var machine = lab.Record.FindNode(Machine)!;
            var start = new ProcessStartInfo("nsenter",
            [
                "--target", machine.Id.ToString(CultureInfo.InvariantCulture), "--net",
                Path.Combine(AppContext.BaseDirectory, "labrunner"), "conformance", "--device", "external", "--interface", "eth0",
                .. options,
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
            await process.WaitForExitAsync(Cancellation);
            return (process.ExitCode, await output + await error);
        }

        public async ValueTask DisposeAsync()
        {
            await lab.DisposeAsync();
            folder.Dispose();
        }
    }
}
