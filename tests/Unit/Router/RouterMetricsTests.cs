using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Metrics;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>Metrics and log of the real router.</summary>
public sealed class RouterMetricsTests : IDisposable
{
    private static readonly Address H = Address.Parse("10.0.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public RouterMetricsTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    public async Task The_page_tells_what_is_on_the_wire()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --metrics 9464");
        ear.Report(H, RecordType.ToExclude, G);
        ear.Report(H, RecordType.Allow, Address.Parse("239.1.1.2"), Address.Parse("192.0.2.1"), Address.Parse("192.0.2.2"));
        ear.Report(H, RecordType.IsExclude, Address.Parse("232.1.1.1"));
        var state = await router.Until(it => it.Statistics.Received["report"] == 3, "the reports are there");

        var page = Read(IPAddress.Loopback);

        page["multicast_lab_interface_up", Eth0].Should().Be(1);
        page["multicast_lab_querier", Eth0].Should().Be(1);
        page["multicast_lab_groups", Eth0].Should().Be(2);
        page["multicast_lab_sources", Eth0].Should().Be(2);
        page["multicast_lab_timers", Eth0].Should().Be(4, "of the General Query, a group and two sources");
        page["multicast_lab_igmp_received_total", $"{Eth0},type=\"report\""].Should().Be(3);
        page["multicast_lab_igmp_sent_total", $"{Eth0},type=\"general-query\""].Should().Be(state.Statistics.Sent["general-query"]);
        page["multicast_lab_igmp_errors_total", $"{Eth0},cause=\"exclude-of-source-specific-group\""].Should().Be(1);
        page["multicast_lab_report_latency_seconds_count", Eth0].Should().Be(3);
        page["multicast_lab_report_latency_seconds_sum", Eth0].Should().BePositive();
        page["multicast_lab_query_latency_seconds_count", Eth0].Should().Be(state.Statistics.Sent["query"]);
        page["multicast_lab_log_lines_lost_total"].Should().Be(0);
        page["process_resident_memory_bytes"].Should().BePositive();
    }

    [Fact]
    public async Task It_is_served_on_the_loopback_alone()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --metrics 9464");

        FluentActions.Invoking(() => Read(IPAddress.Parse("10.0.0.1"), there)).Should().Throw<SocketException>();
        router.Log.Should().NotContain("without authentication");
    }

    [Fact]
    public async Task Told_otherwise_it_is_served_elsewhere_with_a_warning()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --metrics 10.0.0.1:9464");

        Read(IPAddress.Parse("10.0.0.1"), there)["multicast_lab_interface_up", Eth0].Should().Be(1);
        await router.UntilLog("warning metrics: served on 10.0.0.1:9464 to whoever can reach it, without authentication");
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_it_with_a_word()
    {
        using var first = await RouterProcess.StartReady(here, "--interface eth0 --metrics 9464");
        using var second = RouterProcess.Start(here, "--interface eth0 --metrics 9464");

        (await second.Exit()).Should().Be(1);
        second.Log.Should().Contain("no metrics: bind for 127.0.0.1:9464: EADDRINUSE");
    }

    [Fact]
    public async Task A_full_disk_for_the_log_is_survived_and_counted()
    {
        var control = Path.Combine(Directory.CreateTempSubdirectory("router-full-").FullName, "router.sock");
        using var process = here.Start(
            "/bin/sh", "-c", "exec \"$0\" run --interface eth0 --metrics 9464 --control \"$1\" 2>/dev/full", RouterProcess.Executable,
            control);
        try
        {
            using var ear = new IgmpEar(there);
            await Until(() => Read(IPAddress.Loopback)["multicast_lab_log_lines_lost_total"] >= 2, "the first lines are lost");
            ear.Report(H, RecordType.ToExclude, G);

            await Until(() => Read(IPAddress.Loopback)["multicast_lab_groups", Eth0] == 1, "the router goes on");
            process.HasExited.Should().BeFalse();
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Cancellation);
            Directory.Delete(Path.GetDirectoryName(control)!, recursive: true);
        }
    }

    [Fact]
    public async Task As_JSON_every_line_of_the_log_is_an_object_and_ready_is_one_of_them()
    {
        using var router = RouterProcess.Start(here, "--interface eth0 --log-format json");
        await Until(() => router.Log.Contains("\"message\":\"ready\"", StringComparison.Ordinal), "it is ready");

        foreach (var line in router.Log.Split('\n'))
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            json.RootElement.EnumerateObject().Select(each => each.Name).Should().Equal("time", "level", "subject", "message");
        }
    }

    private const string Eth0 = "interface=\"eth0\"";

    private static Task Until(Func<bool> condition, string what) =>
        Eventually.Is(() => Holds(condition), () => $"{what}: not within {Eventually.Patience}.");

    private static bool Holds(Func<bool> condition)
    {
        try
        {
            return condition();
        }
        catch (SocketException)
        {
            // It does not listen yet.
            return false;
        }
    }

    private Exposition Read(IPAddress address, PrivateNetwork? from = null) => Read(from ?? here, address);

    /// <summary>The page as it is read in a network.</summary>
    internal static Exposition Read(PrivateNetwork network, IPAddress address)
    {
        using var socket = network.Run(() =>
        {
            var connected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            connected.Connect(address, 9464);
            return connected;
        });
        socket.Send("GET /metrics HTTP/1.1\r\nHost: router\r\n\r\n"u8);
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        var answer = reader.ReadToEnd();
        answer.Should().StartWith("HTTP/1.1 200 OK").And.Contain("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
        return Exposition.Read(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }
}
