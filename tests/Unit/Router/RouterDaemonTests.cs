using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>
/// The real router between real interfaces: one end of a veth pair each for the router and for a host with the kernel's own IGMP.
/// </summary>
public sealed class RouterDaemonTests : IDisposable
{
    private const string ShortTimers = "--query-interval 1 --query-max-response-time 0.5 --last-member-query-interval 0.2";

    private static readonly Address R = Address.Parse("10.0.0.1");
    private static readonly Address H = Address.Parse("10.0.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public RouterDaemonTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    public async Task Its_first_word_is_a_General_Query_as_RFC_9776_section_4_1_has_it()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --robustness-variable 3 --query-interval 60");

        var query = ear.Pending().Should().NotBeEmpty("it is sent before the router says that it is ready").And.Subject.First();

        query.Source.Should().Be(R);
        IgmpPacket.TryRead(query.Packet, out var message).Should().Be(PacketError.None);
        message.Envelope.Should().Be(new Envelope(R, Address.Parse("224.0.0.1"), 1, RouterAlert: true));
        message.Type.Should().Be(IgmpType.MembershipQuery);
        message.Query.Generation.Should().Be(Generation.Sources);
        message.Query.Kind.Should().Be(QueryKind.General);
        message.Query.RobustnessVariable.Should().Be(3);
        message.Query.QueryInterval.Should().Be(TimeSpan.FromSeconds(60));
        message.Query.MaxResponseTime.Should().Be(TimeSpan.FromSeconds(10));
        message.Query.SuppressRouterSideProcessing.Should().BeFalse();
    }

    [Fact]
    public Task A_kernels_join_makes_a_group_and_its_leave_ends_it_after_the_last_member_queries() =>
        Undisturbed.Run(async () =>
        {
            using var ear = new IgmpEar(there);
            // A Robustness Variable of 1 makes the host say its leave once: every further one may restart the series of queries (RFC
            // 9776 §6.6.3.1).
            using var router = await RouterProcess.StartReady(
                here, $"--interface eth0 {ShortTimers} --robustness-variable 1 --last-member-query-count 2");

        using (Join(there, G))
        {
            var state = await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");
            state.Group("239.1.1.1")!.Mode.Should().Be(FilterMode.Exclude);
            state.Group("239.1.1.1")!.LastReporter.Should().Be(H);
            ear.Pending();
        }

            await router.Until(it => it.Group("239.1.1.1") is null, "the group is gone");
            var queries = ear.Pending().Where(each => each.Type == IgmpType.MembershipQuery && each.Group == G).ToList();
            queries.Should().HaveCount(2, "that is the Last Member Query Count (RFC 9776 §8.9)");
            (queries[1].At - queries[0].At)
                .Should()
                .BeCloseTo(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.15), "of the Last Member Query Interval (§8.8)");
        });

    [Fact]
    public async Task The_kernel_beside_the_router_has_no_membership_and_says_nothing()
    {
        using var ear = new IgmpEar(there);
        // What the router itself would say as a member of 224.0.0.22 could not be told from the kernel's words.
        using var router = await RouterProcess.StartReady(here, $"--interface eth0 {ShortTimers} --forward --join-routers-group false");
        using var member = Join(there, G);
        await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");
        for (var i = 0; i < 2; i++)
            ear.Next(each => each.IsGeneralQuery, "a General Query");

        // Groups of /proc/net/igmp are in host byte order: 010000E0 is 224.0.0.1, which every host is in and nobody reports.
        here.Run(() => File.ReadAllLines("/proc/thread-self/net/igmp")).Where(line => line.StartsWith("\t\t", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0]).Should().AllBe("010000E0");
        ear.All.Where(each => each.Source == R).Should().OnlyContain(each => each.Type == IgmpType.MembershipQuery);
    }

    [Fact]
    public Task Of_two_routers_the_lower_address_is_querier_and_the_other_follows_when_it_dies() => Undisturbed.Run(async () =>
    {
        using var second = await RouterProcess.StartReady(there, $"--interface eth0 {ShortTimers}");
        (await second.State()).First().IsQuerier.Should().BeTrue();
        using var first = await RouterProcess.StartReady(here, $"--interface eth0 {ShortTimers}");

        var beaten = await second.Until(it => !it.First().IsQuerier, "the higher address gives way");
        beaten.First().Querier.Should().Be(R);
        beaten.First().OtherQuerierPresentExpires.Should().BePositive();
        (await first.State()).First().IsQuerier.Should().BeTrue();
        using var ear = new IgmpEar(there);
        await first.Murder();

        await second.Until(it => it.First().IsQuerier, "the second takes over");
        ear.Next(each => each.Source == H && each.Type == IgmpType.MembershipQuery, "a query of the new querier");
    });

    [Fact]
    public async Task A_burst_of_ten_thousand_reports_is_heard_whole_and_by_no_more_threads()
    {
        const int Count = 10_000;
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        var threads = Threads(router.Id);
        var events = await router.Events();
        await using var listening = events;

        var first = Address.Parse("239.2.0.0").V4Bits;
        for (var i = 0U; i < Count; i++)
            ear.Report(H, RecordType.ToExclude, Address.FromV4(first + i));

        var added = new HashSet<string>();
        while (added.Count < Count && await events.MoveNextAsync().AsTask().WaitAsync(RouterProcess.Patience, Cancellation))
        {
            if (events.Current.GetProperty("kind").GetString() == "group-added")
                added.Add(events.Current.GetProperty("group").GetString()!);
        }

        var state = await router.State();
        state.First().Groups.Should().HaveCount(Count);
        state.Statistics.Received["report"].Should().Be(Count);
        state.Statistics.Error["receive-buffer-full"].Should().Be(0);
        Threads(router.Id).Should().BeLessThanOrEqualTo(threads + 1, "the runtime may add one of its own, the router none");
    }

    [Fact]
    public async Task Down_and_up_again_is_noticed_and_querying_begins_anew()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        await using var events = await router.Events();
        using var member = Join(there, G);
        await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");

        here.Ip("link set eth0 down");
        var down = await router.Until(it => !it.First().Up, "the interface is down");
        down.First().Groups.Should().BeEmpty("nobody can be known on a LAN that is away");
        ear.Pending();
        here.Ip("link set eth0 up");

        await router.Until(it => it.First().Up, "the interface is up");
        ear.Next(each => each.IsGeneralQuery && each.Source == R, "a General Query after the return");
        (await Kinds(events, until: "interface-up")).Should().ContainInOrder("group-added", "interface-down", "interface-up");
    }

    [Fact]
    public async Task A_new_address_is_queried_from()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0");

        here.Ip("address add 10.0.0.7/24 dev eth0");
        here.Ip("address del 10.0.0.1/24 dev eth0");
        here.Ip("address replace 10.0.0.7/24 dev eth0");

        ear.Next(each => each.IsGeneralQuery && each.Source == Address.Parse("10.0.0.7"), "a query from the new address");
        (await router.Until(it => it.First().Querier == Address.Parse("10.0.0.7"), "the new address is querier"))
            .First()
            .IsQuerier.Should()
            .BeTrue();
    }

    [Fact]
    public async Task An_interface_that_is_renamed_removed_and_made_again_is_survived()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0");

        here.Ip("link set eth0 down");
        here.Ip("link set eth0 name lan0");
        await router.Until(it => !it.First().Up, "the name is gone");
        here.Ip("link set lan0 name eth0");
        here.Ip("link set eth0 up");
        await router.Until(it => it.First().Up, "the name is back");
        here.Ip("link delete eth0");
        await router.Until(it => !it.First().Up, "the interface is gone");
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        await router.Until(it => it.First().Up, "an interface of that name is there");
        using var member = Join(there, G);
        await router.Until(it => it.Group("239.1.1.1") is not null, "it is served");

        (await router.Terminate()).Should().Be(0);
    }

    [Fact]
    public async Task An_interface_that_was_replaced_while_nobody_looked_is_served_anew()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        router.Pause();
        here.Ip("link delete eth0");
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        using var ear = new IgmpEar(there);

        router.Continue();

        ear.Next(each => each.IsGeneralQuery && each.Source == R, "a General Query on the new one");
        using var member = Join(there, G);
        await router.Until(it => it.Group("239.1.1.1") is not null, "it is heard");
    }

    [Fact]
    public Task A_report_that_came_before_a_timers_end_counts_however_late_the_router_wakes() => Undisturbed.Run(async () =>
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --query-interval 0.6 --query-max-response-time 0.5");
        await using var events = await router.Events();
        // Group Membership Interval: 2 × 0.6 + 2 × 0.5 = 2.2 s (RFC 9776 §8.4).
        ear.Report(H, RecordType.IsExclude, G);
        var reported = Stopwatch.StartNew();
        await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");

        // From the report on, since it may take a while to hear that the group is there.
        router.Pause();
        await Pass(1.5 - reported.Elapsed.TotalSeconds);
        ear.Report(H, RecordType.IsExclude, G);
        await Pass(2.5 - reported.Elapsed.TotalSeconds);
        ear.Report(H, RecordType.IsExclude, Address.Parse("239.9.9.9"));
        router.Continue();

        (await Kinds(events, until: "group-removed")).Should().Equal("group-added", "group-added", "group-removed");
    });

    [Fact]
    public async Task An_interface_without_an_address_is_waited_for()
    {
        here.Ip("address flush dev eth0");
        using var ear = new IgmpEar(there);
        using var router = RouterProcess.Start(here, "--interface eth0");
        await ControlIsThere(router);
        await router.Until(it => !it.First().Up, "it is not up");
        await router.UntilLog("waiting: it has no IPv4 address");
        router.Log.Should().NotContain("router: ready");

        here.Ip("address add 10.0.0.1/24 dev eth0");

        await router.Ready();
        ear.Next(each => each.IsGeneralQuery, "the first query");
    }

    [Fact]
    public async Task Its_own_packets_and_its_own_address_are_told_apart_from_others()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        var query = ear.Next(each => each.IsGeneralQuery, "the first query").Packet;
        var mac = here.Run(() => LinkInfo.Read("eth0")).Mac;
        using var raw = there.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { Filter = PacketFilter.Nothing }));
        var frame = new byte[14 + query.Length];
        MacAddress.ForGroup(Address.Parse("224.0.0.1")).Write(frame);
        frame[12] = 8;
        query.CopyTo(frame, 14);

        mac.Write(frame.AsSpan(6));
        raw.Send(frame);
        new MacAddress(0x0200_0000_0099).Write(frame.AsSpan(6));
        raw.Send(frame);

        var state = await router.Until(it => it.Statistics.Error["own-query"] == 1, "the query from its own address is refused");
        state.Statistics.Error["own-packet"].Should().Be(1, "a switch has sent it back");
        state.First().IsQuerier.Should().BeTrue();
    }

    [Fact]
    public async Task Packets_that_are_wrong_are_counted_by_cause()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --require-router-alert");
        var buffer = new byte[100];
        var report = buffer.AsSpan(0, IgmpWriter.WriteReport(
            buffer, new ReportContent([new RecordContent(RecordType.IsExclude, G, [])]), H, Address.Parse("224.0.0.22")));
        var to = MacAddress.ForGroup(Address.Parse("224.0.0.22"));
        report[^1] ^= 1;

        ear.Send(report, to);

        var state = await router.Until(it => it.Statistics.Error["total"] == 1, "it is counted");
        state.Statistics.Error["checksum"].Should().Be(1);
        state.First().Groups.Should().BeEmpty();
    }

    [Fact]
    public async Task SIGTERM_ends_it_with_zero_and_nothing_is_left()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0");

        (await router.Terminate()).Should().Be(0);

        Directory.GetFileSystemEntries(Path.GetDirectoryName(router.ControlPath)!).Should().BeEmpty();
    }

    [Fact]
    public async Task After_a_kill_the_next_one_takes_the_place()
    {
        using var killed = await RouterProcess.StartReady(here, "--interface eth0");
        await killed.Murder();
        File.Exists(killed.ControlPath).Should().BeTrue();

        using var next = here.Start(RouterProcess.Executable, "run", "--interface", "eth0", "--control", killed.ControlPath);
        while (await next.StandardError.ReadLineAsync(Cancellation) is { } line && line != "router: ready")
        {
        }

        (await killed.State()).First().Up.Should().BeTrue("it is the next one that answers");
        next.Kill();
        await next.WaitForExitAsync(Cancellation);
    }

    [Fact]
    public async Task A_second_one_on_the_same_control_socket_is_refused()
    {
        using var first = await RouterProcess.StartReady(here, "--interface eth0");

        var (exit, output) = await Fails("run", "--interface", "eth0", "--control", first.ControlPath);

        exit.Should().Be(1);
        output.Should().Contain($"belongs to a running daemon (process {first.Id})");
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_named_with_those_that_are()
    {
        var (exit, output) = await Fails("run", "--interface", "eth9", "--control", "/nonexistent/router.sock");

        exit.Should().Be(1);
        output.Should().Contain("there is no interface eth9; there are eth0, lo");
    }

    [Theory]
    [InlineData("--mroutes", "[phyints]\nnames = eth0,\n  eth9\n", "3:3")]
    [InlineData("--mroutes", "[phyints]\r\nnames=eth0,eth9 , eth8\r\n", "2:12")]
    [InlineData("--config", "forward: true\ninterfaces:\n  eth0:\n  eth9: {version: 3}\n", "4:3")]
    public async Task An_interface_that_a_file_names_and_that_is_not_there_is_told_with_its_place(string option, string text, string place)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        var (exit, output) = await Fails([
            "run", "--control", "/nonexistent/router.sock", option, file,
            .. option == "--mroutes" ? ["--forward"] : Array.Empty<string>()]);

        File.Delete(file);
        exit.Should().Be(3);
        output.Should().Be($"{file}:{place}: there is no interface eth9; there are eth0, lo\n");
    }

    [Fact]
    public async Task A_control_socket_that_cannot_be_made_is_named()
    {
        var (exit, output) = await Fails("run", "--interface", "eth0", "--control", "/nonexistent/router.sock");

        exit.Should().Be(1);
        output.Should().Contain("no control socket: open for /nonexistent/router.sock.lock: ENOENT").And.NotContain("ready");
    }

    [Fact]
    public async Task Without_the_capability_it_says_which_and_how()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv (util-linux) is not installed");
        using var process = here.Start(
            "/usr/bin/setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw", RouterProcess.Executable, "run", "--interface", "eth0",
            "--control", "/tmp/none.sock");
        var output = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        process.ExitCode.Should().Be(4);
        output.Should().Contain("CAP_NET_RAW").And.Contain("setcap");
    }

    [Fact]
    public async Task Show_prints_tables_and_the_dump()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        using var member = Join(there, G);
        await router.Until(it => it.Group("239.1.1.1") is not null, "the group is there");

        (await Output("show", "groups", "--control", router.ControlPath))
            .Should()
            .MatchRegex(@"eth0 +239\.1\.1\.1 +EXCL +00:0\d:\d\d +0 +3 +00:00:\d\d +10\.0\.0\.2\n");
        (await Output("show", "interfaces", "--control", router.ControlPath))
            .Should()
            .MatchRegex(@"eth0 +up +10\.0\.0\.1 +3 +local +10\.0\.0\.1 +00:00:\d\d +00:00:\d\d +- +1\n");
        (await Output("show", "statistics", "--control", router.ControlPath)).Should().MatchRegex(@"sent general-query +1\n");
        (await Output("show", "groups", "--json", "--control", router.ControlPath))
            .Should()
            .StartWith("{\"ietf-igmp-mld:igmp\":{")
            .And.Contain("\"239.1.1.1\"");
    }

    [Fact]
    public async Task Another_user_is_refused_even_where_the_file_would_let_him_in()
    {
        Assert.SkipUnless(
            File.Exists("/usr/bin/setpriv") && Environment.IsPrivilegedProcess,
            "setpriv (util-linux) and root are needed to become another user");
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        const UnixFileMode Everybody = (UnixFileMode)0x1FF;
        File.SetUnixFileMode(router.ControlPath, Everybody);
        File.SetUnixFileMode(Path.GetDirectoryName(router.ControlPath)!, Everybody);

        using var process = here.Start(
            "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", RouterProcess.Executable, "show", "groups", "--control",
            router.ControlPath);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.SkipWhen(error.Contains("setpriv:", StringComparison.Ordinal), error);
        process.ExitCode.Should().Be(1);
        error.Should().Contain("the daemon").And.Contain("closed the connection");
    }

    private static Socket Join(PrivateNetwork network, Address group) =>
        network.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership,
                new MulticastOption(group.ToIPAddress(), IPAddress.Parse("10.0.0.2")));
            return socket;
        });

    private static int Threads(int process) => Directory.GetDirectories($"/proc/{process}/task").Length;

    private static async Task<List<string>> Kinds(IAsyncEnumerator<System.Text.Json.JsonElement> events, string until)
    {
        var kinds = new List<string>();
        while (await events.MoveNextAsync().AsTask().WaitAsync(RouterProcess.Patience, Cancellation))
        {
            kinds.Add(events.Current.GetProperty("kind").GetString()!);
            if (kinds[^1] == until)
                break;
        }

        return kinds;
    }

    // The one thing that these tests wait for by the clock: that a timer expires while the router is paused.
    private static async Task Pass(double seconds)
    {
        if (seconds <= 0)
            return;
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        await pace.WaitForNextTickAsync(Cancellation);
    }

    // The socket's file is there before anybody listens on it; the router says that it waits when both are.
    private static async Task ControlIsThere(RouterProcess router)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!router.Log.Contains("waiting: ", StringComparison.Ordinal))
            await pace.WaitForNextTickAsync(Cancellation);
    }

    private async Task<(int Exit, string Error)> Fails(params string[] arguments)
    {
        using var process = here.Start(RouterProcess.Executable, arguments);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, error);
    }

    private async Task<string> Output(params string[] arguments)
    {
        using var process = here.Start(RouterProcess.Executable, arguments);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        process.ExitCode.Should().Be(0);
        return output;
    }
}
