using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon.Control;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Router.Cli;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The real router on a real wire, with the kernel's own host of each version as its member (RFC 9776 §7.3).</summary>
public sealed class OlderVersionsOnTheWireTests : IDisposable
{
    private const string ShortTimers = "--query-interval 1 --query-max-response-time 0.5 --last-member-query-interval 0.2";
    private const string Name = "239.1.1.1";

    private static readonly Address R = Address.Parse("10.0.0.1");
    private static readonly Address Other = Address.Parse("10.0.0.9");
    private static readonly Address G = Address.Parse(Name);

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public OlderVersionsOnTheWireTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact(DisplayName = "V3-X-7.3.2-01 x-r-gcm, V3-X-7.3.2-08 x-r-v2-leave-xlate: a host that can do version 2 only")]
    public Task A_host_of_version_2_joins_and_leaves_at_a_router_of_version_3() => Undisturbed.Run(async () =>
    {
        Force(2);
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, $"--interface eth0 {ShortTimers}");
        await using var events = await router.Events();

        using (Join())
        {
            var group = (await router.Until(it => it.Group(Name) is not null, "the group is there")).Group(Name)!;
            group.CompatibilityMode.Should().Be(2);
            group.Mode.Should().Be(FilterMode.Exclude);
            group.Version2HostPresentExpires.Should().BePositive();
            ear.Pending();
        }

            await router.Until(it => it.Group(Name) is null, "the group is gone");
            var seen = ear.Pending();
            var leave = seen.Single(each => each.Type == IgmpType.V2LeaveGroup);
            var queries = seen.Where(each => each.Type == IgmpType.MembershipQuery && each.Group == G).ToList();
            queries.Should().HaveCount(2).And.OnlyContain(each => each.At > leave.At && Version(each) == 3);
            (await UntilGroupRemoved(events))
                .Select(each => each.Kind)
                .Should()
                .Equal("group-added", "compatibility-mode-changed 2", "group-removed");
            (await router.State()).Statistics.Received["leave"].Should().Be(1);
        });

    [Fact(DisplayName = "V3-X-7.3.2-03 x-r-v1-host-timer, V3-R-8.13-01 tm-ohpi: a host that can do version 1 only")]
    public Task A_host_of_version_1_goes_without_a_word_and_its_group_with_the_timers() => Undisturbed.Run(async () =>
    {
        Force(1);
        // It repeats its first report after this time, and answers queries within 10 s, which is longer than it will stay.
        there.WriteSysctl("net/ipv4/conf/eth0/igmpv2_unsolicited_report_interval", "100");
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, $"--interface eth0 {ShortTimers}");
        await using var events = await router.Events();

        using (Join())
            (await router.Until(it => it.Group(Name) is not null, "the group is there")).Group(Name)!.CompatibilityMode.Should().Be(1);
        var told = await UntilGroupRemoved(events);

            var seen = ear.Pending();
            seen.Should().NotContain(each => each.Type == IgmpType.V2LeaveGroup || each.Group == G);
            var last = seen.Last(each => each.Type == IgmpType.V1MembershipReport).At;
            told.Select(each => each.Kind)
                .Should()
                .Equal("group-added", "compatibility-mode-changed 1", "compatibility-mode-changed 3", "group-removed");
            // RV × QI + QRI, and one QRI more; the router is told the kernel's timestamp of the report at its own end of the wire.
            (told[2].At - last)
                .Should()
                .BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2.5) - Stamps);
            (told[3].At - last).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3) - Stamps);
            (told[3].At - told[2].At).Should().BePositive();
        });

    [Fact(DisplayName = "V3-X-7.3.1-01 x-r-lowest, V3-X-7.3.1-04 x-r-v2-query, V3-M-4.1.10-01 m-iplen")]
    public Task A_router_of_version_2_makes_the_kernels_host_one_of_version_2() => Undisturbed.Run(async () =>
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, $"--interface eth0 {ShortTimers} --igmp-version 2");
        var query = ear.Next(each => each.Source == R, "the first query");
        Message(query).Should().Be("1105eefa00000000", "8 bytes, 0.5 s in tenths");

        using (Join())
        {
            (await router.Until(it => it.Group(Name) is not null, "the group is there")).Group(Name)!.CompatibilityMode.Should().Be(2);
            (await router.State()).First().Version.Should().Be(2);
            ear.Pending();
        }

        await router.Until(it => it.Group(Name) is null, "the group is gone");
        var seen = ear.Pending();
        seen.Should().Contain(each => each.Type == IgmpType.V2LeaveGroup).And.NotContain(each => each.Type == IgmpType.V3MembershipReport);
        var queries = seen.Where(each => each.Type == IgmpType.MembershipQuery && each.Group == G).ToList();
        queries.Select(Message).Should().Equal("1102fefaef010101", "1102fefaef010101");
        // On a busy machine the first one may go out late; the second is due by the time of the leave (RFC 9776 §6.6.3.1).
        var left = seen.First(each => each.Type == IgmpType.V2LeaveGroup);
        (queries[1].At - left.At).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(0.2) - Stamps);
    });

    [Fact(DisplayName = "V3-X-7.3.1-02 x-r-v1-query, V3-X-7.3.1-03 x-r-v1-leave")]
    public async Task A_router_of_version_1_makes_the_kernels_host_one_of_version_1_and_hears_no_leave()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --query-interval 11 --igmp-version 1");
        Message(ear.Next(each => each.Source == R, "the first query")).Should().Be("1100eeff00000000", "8 bytes, code 0");
        using var member = Join();
        var joined = await router.Until(it => it.Group(Name) is not null, "the group is there");
        joined.Group(Name)!.CompatibilityMode.Should().Be(1);
        joined.Statistics.Received["v1-report"].Should().BePositive();
        ear.Pending();

        var leave = new byte[32];
        ear.Send(
            leave.AsSpan(0, IgmpWriter.WriteGroupMessage(leave, IgmpType.V2LeaveGroup, G, Other, Address.Parse("224.0.0.2"))),
            MacAddress.ForGroup(Address.Parse("224.0.0.2")));

        var state = await router.Until(it => it.Statistics.Received["leave"] == 1, "the leave has come");
        state.Statistics.Error["compatibility-mode"].Should().Be(1);
        state
            .Group(Name)!
            .Expires.Should()
            .BeGreaterThan(TimeSpan.FromSeconds(20), "RV × QI + 2 × 10 s: no last member query has lowered it");
        ear.Pending().Should().NotContain(each => each.Group == G);
    }

    [Fact(DisplayName = "V3-X-7.3.1-01 x-r-lowest: at run time")]
    public Task The_version_changes_under_a_running_member_and_nothing_is_lost() =>
        Undisturbed.Run(async () =>
        {
            using var ear = new IgmpEar(there);
            using var router = await RouterProcess.StartReady(
                here, "--interface eth0 --query-interval 60 --query-max-response-time 0.5 --startup-query-count 1");
            await using var events = await router.Events();
            using var member = Join();
            await router.Until(it => it.Group(Name) is not null, "the group is there");
            using var client = await ControlClient.Connect(router.ControlPath, Cancellation);
            ear.Pending();

            await Set(client, "version", "2");
            Version(ear.Next(each => each.IsGeneralQuery, "a query at once")).Should().Be(2);
            var changed = await router.Until(
                it => it.Group(Name)!.Version2HostPresentExpires is not null, "the kernel's host has answered in version 2");
            changed.Group(Name)!.CompatibilityMode.Should().Be(2);
            await Set(client, "version", "2");
            await Set(client, "version", "3");
            Version(ear.Next(each => each.IsGeneralQuery, "a query at once"))
                .Should()
                .Be(3, "and none for the version that was set already");
            (await router.State()).Group(Name)!.CompatibilityMode.Should().Be(2, "the host was of version 2 a moment ago");
            await Set(client, "query-interval", "100", "version", "1");

        Version(ear.Next(each => each.IsGeneralQuery, "a query at once")).Should().Be(1);
        (await router.State()).Group(Name)!.CompatibilityMode.Should().Be(1);
        foreach (var expected in (string[])["group-added", "compatibility-mode-changed 2", "compatibility-mode-changed 1"])
            (await Next(events)).Kind.Should().Be(expected);
    });

    [Fact(DisplayName = "V3-X-7.3.1-06 x-r-warn-older")]
    public async Task A_router_of_another_version_is_warned_of_once()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0");
        var query = new byte[40];
        var length = IgmpWriter.WriteQuery(
            query, new QueryContent(Generation.Leaves, TimeSpan.FromSeconds(10), Address.AnyV4, false, 0, TimeSpan.Zero, []), Other,
            Address.Parse("224.0.0.1"));

        for (var i = 0; i < 100; i++)
            ear.Send(query.AsSpan(0, length), MacAddress.ForGroup(Address.Parse("224.0.0.1")));

        var state = await router.Until(it => it.Statistics.Received["query-of-other-version"] == 100, "all have come");
        state.First().IsQuerier.Should().BeTrue("the other one's address is higher");
        (await router.Terminate()).Should().Be(0);
        router.Log.Split('\n').Where(line => line.Contains("warning", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("eth0: 10.0.0.9 queries in version 2, this router in version 3");
    }

    // Two timestamps of one packet, at its two ends of a veth pair, and the clocks' reading one after the other.
    private static TimeSpan Stamps => TimeSpan.FromMilliseconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<JsonElement> Set(ControlClient client, params string[] settings) =>
        client.Ask("set", writer => ControlRequests.Set(writer, "eth0", settings), Cancellation);

    private static int Version(SeenMessage seen) =>
        IgmpPacket.TryRead(seen.Packet, out var packet) == PacketError.None ? packet.Message.Version : 0;

    private static string Message(SeenMessage seen) => Convert.ToHexStringLower(seen.Packet.AsSpan(24));

    private static async Task<List<(Instant At, string Kind)>> UntilGroupRemoved(IAsyncEnumerator<JsonElement> events)
    {
        var told = new List<(Instant At, string Kind)>();
        do
            told.Add(await Next(events));
        while (told[^1].Kind != "group-removed");
        return told;
    }

    private static async Task<(Instant At, string Kind)> Next(IAsyncEnumerator<JsonElement> events)
    {
        (await events.MoveNextAsync().AsTask().WaitAsync(RouterProcess.Patience, Cancellation)).Should().BeTrue("the router lives");
        var kind = events.Current.GetProperty("kind").GetString()!;
        var time =
            DateTimeOffset.Parse(events.Current.GetProperty("time").GetString()!, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch;
        return (Instant.Epoch + time, events.Current.TryGetProperty("compatibility-mode", out var mode) ? $"{kind} {mode}" : kind);
    }

    private void Force(int version) =>
        there.WriteSysctl("net/ipv4/conf/eth0/force_igmp_version", version.ToString(CultureInfo.InvariantCulture));

    private Socket Join() =>
        there.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(G.ToIPAddress(), IPAddress.Parse("10.0.0.2")));
            return socket;
        });
}
