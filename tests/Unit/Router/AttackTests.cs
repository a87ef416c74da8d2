using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The real router under those who mean it harm: on the LAN and on its control socket.</summary>
public sealed class AttackTests : IDisposable
{
    private static readonly Address R = Address.Parse("10.0.0.100");
    private static readonly Address H = Address.Parse("10.0.0.2");
    private static readonly MacAddress AllSystems = MacAddress.ForGroup(Address.Parse("224.0.0.1"));

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();
    private readonly byte[] buffer = new byte[1500];

    public AttackTests() => here.WireTo(there, "10.0.0.100/24", "10.0.0.2/24");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    public async Task A_flood_of_a_hundred_thousand_groups_leaves_room_for_the_honest_and_cuts_off_who_does_not_read()
    {
        const int Flood = 100_000;
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(
            here, "--interface eth0 --max-groups 200000 --last-member-query-interval 0.2 --query-interval 200 --metrics 9464");
        using var deaf = await Subscribe(router);

        Report(ear, RecordType.ToExclude, Flood);
        await Until(router, "groups", Flood, "all of them are there");
        ear.Pending();

        // A member joins and leaves as if nothing had been.
        var honest = Address.Parse("239.255.0.1");
        ear.Report(H, RecordType.ToExclude, honest);
        await Until(router, "groups", Flood + 1, "the honest one is there");
        ear.Report(H, RecordType.ToInclude, honest);
        ear.Next(each => each.Type == IgmpType.MembershipQuery && each.Group == honest, "a query for the group that was left");
        await Until(router, "groups", Flood, "the honest one is gone");

        // All of it can be listed, again and again.
        for (var i = 0; i < 2; i++)
            (await router.State()).First().Groups.Should().HaveCount(Flood).And.BeInAscendingOrder(each => each.Group);

        // Another router with a lower address is followed.
        Query(ear, Address.Parse("10.0.0.50"));
        await Until(router, "querier", 0, "the lower address is the querier");
        (await router.State()).First().Querier.Should().Be(Address.Parse("10.0.0.50"));
        router.Log.Split('\n').Should().HaveCountLessThan(50);
        Page()["multicast_lab_control_cut_off_total"].Should().Be(1, "the listener that does not read");
        deaf.Dispose();
    }

    [Fact]
    public async Task At_its_limit_a_flood_costs_no_more_and_members_stay()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --max-groups 1000 --metrics 9464");
        var honest = Address.Parse("239.255.0.1");
        ear.Report(H, RecordType.ToExclude, honest);
        await Until(router, "groups", 1, "the honest one is there");

        Report(ear, RecordType.ToExclude, 100_000);
        await Until(router, "groups", 1000, "there is room for no more");
        await Until(router, "igmp_errors_total", 100_000 - 999, "the others were refused", ",cause=\"group-limit\"");

        ear.Report(H, RecordType.IsExclude, honest);
        (await router.Until(it => it.Group("239.255.0.1")!.UpTime > TimeSpan.Zero, "it is refreshed"))
            .First()
            .Groups.Should()
            .HaveCount(1000);
        router.Log.Split('\n').Count(line => line.Contains("limit", StringComparison.Ordinal)).Should().BeLessThan(5);
    }

    [Fact]
    public async Task Forged_queries_are_counted_followed_as_the_RFC_says_and_do_not_fill_the_log()
    {
        const int Forged = 5_000;
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(
            here,
            "--interface eth0 --query-interval 1 --query-max-response-time 0.5 --last-member-query-interval 0.2 --robustness-variable 2 "
                + "--metrics 9464");

        // Higher addresses and 0.0.0.0 (which a switch asks with) elect nobody: RFC 9776 §6.6.2.
        for (var i = 0; i < Forged; i++)
            Query(ear, i % 2 == 0 ? Address.FromV4(R.V4Bits + 1 + (uint)(i % 100)) : Address.AnyV4);
        await Until(router, "igmp_received_total", Forged, "all are heard", ",type=\"query\"");
        (await router.State()).First().IsQuerier.Should().BeTrue();

        // Ever lower ones do, each in turn.
        for (var i = 0; i < Forged; i++)
            Query(ear, Address.FromV4(R.V4Bits - 1 - (uint)i));
        await Until(router, "igmp_received_total", 2 * Forged, "all are heard", ",type=\"query\"");
        (await router.Until(it => it.First().Querier == Address.FromV4(R.V4Bits - Forged), "the lowest of them is the querier"))
            .First()
            .IsQuerier.Should()
            .BeFalse();

        router
            .Log.Split('\n')
            .Count(line => line.Contains("querier", StringComparison.Ordinal))
            .Should()
            .BeLessThan(30, "a cause that says too much is held back");
        // Nobody stands behind them: after the Other Querier Present Interval, 2 × 1 s + 0.5 s / 2 (§8.5), this router asks again.
        await router.Until(it => it.First().IsQuerier, "it takes over");
        Page()["multicast_lab_log_lines_suppressed_total"].Should().BeGreaterThan(Forged - 50);
    }

    [Fact]
    public async Task A_forged_query_with_the_S_flag_lowers_no_timer_and_one_without_it_can_be_answered()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --query-interval 100 --last-member-query-interval 1");
        var group = Address.Parse("239.1.1.1");
        ear.Report(H, RecordType.ToExclude, group);
        await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");

        Query(ear, Address.Parse("10.0.0.50"), group, suppress: true);
        await router.Until(it => it.Statistics.Received["query"] == 1, "it is heard");
        (await router.State()).Group("239.1.1.1")!.Expires.Should().BeGreaterThan(TimeSpan.FromSeconds(100), "RFC 9776 §6.6.1");

        Query(ear, Address.Parse("10.0.0.50"), group, suppress: false);
        await router.Until(it => it.Group("239.1.1.1")!.Expires <= TimeSpan.FromSeconds(2), "it is lowered to the Last Member Query Time");
        ear.Report(H, RecordType.IsExclude, group);
        await router.Until(it => it.Group("239.1.1.1")!.Expires > TimeSpan.FromSeconds(100), "a member has answered");
    }

    [Fact]
    public Task Clients_that_hammer_the_control_socket_do_not_keep_queries_waiting() =>
        Undisturbed.Run(async () =>
        {
            const int Clients = 10;
            using var ear = new IgmpEar(there);
            using var router = await RouterProcess.StartReady(
                here, "--interface eth0 --query-interval 0.5 --query-max-response-time 0.2 --metrics 9464");
            Report(ear, RecordType.ToExclude, 500);
            ear.Next(each => each.IsGeneralQuery && each.Source == R, "a General Query");
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var hammering = Enumerable
                .Range(0, Clients)
                .Select(number => Task.Run(() => Hammer(router.ControlPath, number, enough.Token), Cancellation))
                .ToList();

            var stamps = Enumerable
                .Range(0, 9)
                .Select(_ => ear.Next(each => each.IsGeneralQuery && each.Source == R, "a General Query").At)
                .ToList();

        await enough.CancelAsync();
        (await Task.WhenAll(hammering)).Sum().Should().BeGreaterThan(Clients, "they were served all the while");
        stamps.Zip(stamps.Skip(1), (one, next) => next - one).Should().OnlyContain(
            interval => interval > TimeSpan.FromSeconds(0.25) && interval < TimeSpan.FromSeconds(0.75), "of the Query Interval of 0.5 s");
    });

    [Fact]
    public async Task Nonsense_on_the_control_socket_is_refused_and_the_next_client_served()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        using var silent = Connect(router.ControlPath);
        using var half = Connect(router.ControlPath);
        half.Send("{\"command\":"u8);

        foreach (
            var line in (byte[][])
                [
                    "GET / HTTP/1.1\n"u8.ToArray(), [0xFF, 0xFE, 0, 1, (byte)'\n'], "[]\n"u8.ToArray(), "{\"command\":7}\n"u8.ToArray(),
                    Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("[", 10_000)) + "\n"),
                    Encoding.ASCII.GetBytes(new string('x', (1 << 20) + 10))])
        {
            using var client = Connect(router.ControlPath);
            SendAll(client, line);
            ReadToEnd(client).Should().StartWith("{\"ok\":false,\"error\":");
        }

        (await router.State()).First().Up.Should().BeTrue();
    }

    /// <summary>Asks, and talks nonsense in between, until it is enough.</summary>
    /// <returns>How often it was answered.</returns>
    private static async Task<int> Hammer(string path, int number, CancellationToken enough)
    {
        var answers = 0;
        while (!enough.IsCancellationRequested)
        {
            using var client = Connect(path);
            SendAll(client, (number % 3) switch
            {
                0 => "{\"command\":\"show\"}\n"u8.ToArray(),
                1 => "{\"command\":\"show\",\"what\":\"summary\"}\n"u8.ToArray(),
                _ => "nonsense\n"u8.ToArray(),
            });
            var got = new byte[64 * 1024];
            if (await client.ReceiveAsync(got, CancellationToken.None) > 0)
                answers++;
        }

        return answers;
    }

    private static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)RouterProcess.Patience.TotalMilliseconds,
        };
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static void SendAll(Socket client, byte[] bytes)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
                sent += client.Send(bytes.AsSpan(sent));
        }
        catch (SocketException)
        {
            // It has been refused before it was through; what was said of it can still be read.
        }
    }

    private static string ReadToEnd(Socket client)
    {
        var text = new StringBuilder();
        var got = new byte[4096];
        try
        {
            while (client.Receive(got) is > 0 and var count)
                text.Append(Encoding.UTF8.GetString(got, 0, count));
        }
        catch (SocketException)
        {
            // Reset, with what it has not read; the answer came before.
        }

        return text.ToString();
    }

    private static async Task<Socket> Subscribe(RouterProcess router)
    {
        var socket = Connect(router.ControlPath);
        await socket.SendAsync("{\"command\":\"events\"}\n"u8.ToArray(), Cancellation);
        var got = new byte[100];
        Encoding.UTF8.GetString(got, 0, await socket.ReceiveAsync(got, Cancellation)).Should().Be("{\"ok\":true}\n");
        return socket;
    }

    /// <summary>Reports groups 239.1.0.0, 239.1.0.1 …, as many as fit into a packet at a time.</summary>
    private void Report(IgmpEar ear, RecordType type, int groups)
    {
        const int PerPacket = 180;
        var (first, to) = (Address.Parse("239.1.0.0").V4Bits, Address.Parse("224.0.0.22"));
        foreach (var some in Enumerable.Range(0, groups).Chunk(PerPacket))
        {
            var report = new ReportContent([.. some.Select(i => new RecordContent(type, Address.FromV4(first + (uint)i), []))]);
            ear.Send(buffer.AsSpan(0, IgmpWriter.WriteReport(buffer, report, H, to)), MacAddress.ForGroup(to));
        }
    }

    private void Query(IgmpEar ear, Address from, Address? group = null, bool suppress = false)
    {
        var (asked, to) = (group ?? Address.AnyV4, group ?? Address.Parse("224.0.0.1"));
        var query = new QueryContent(Generation.Sources, TimeSpan.FromSeconds(1), asked, suppress, 2, TimeSpan.FromSeconds(1), []);
        ear.Send(buffer.AsSpan(0, IgmpWriter.WriteQuery(buffer, query, from, to)), group is null ? AllSystems : MacAddress.ForGroup(to));
    }

    private async Task Until(RouterProcess router, string metric, double value, string what, string labels = "")
    {
        using var limit = new CancellationTokenSource(RouterProcess.Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var found = Page()[$"multicast_lab_{metric}", $"interface=\"eth0\"{labels}"];
            if (found.Equals(value))
                return;
            limit.IsCancellationRequested.Should().BeFalse($"{what}: {metric} is {found}, not {value}. Log: {router.Log}");
            await pace.WaitForNextTickAsync(Cancellation);
        }
    }

    private Metrics.Exposition Page() => RouterMetricsTests.Read(here, IPAddress.Loopback);
}
