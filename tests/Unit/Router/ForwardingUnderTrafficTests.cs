using FluentAssertions;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>
/// What a steady stream sees of members, interfaces and routers that come and go: nothing, where it does not concern them.
/// </summary>
public sealed class ForwardingUnderTrafficTests : IDisposable
{
    private const string Options = "--interface eth0 --interface eth1 --interface eth2 --forward --last-member-query-interval 0.1";
    private const string Group = "239.1.1.1";

    private readonly RoutedLans lans = new(3);

    public void Dispose() => lans.Dispose();

    [Fact]
    public Task A_member_loses_nothing_and_gets_nothing_twice_while_others_come_and_go() => Undisturbed.Run(async () =>
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var steady = lans.Receiver(1, Group);
        await router.Until(it => it.Interfaces[1].Groups.Count == 1, "the member is known");
        await Prime(router);
        using var there = lans.EavesdropOn(1);
        using var elsewhere = lans.EavesdropOn(2);
        await using var stream = new NumberedStream(lans.Sender(0), Group);

        for (var round = 0; round < 10; round++)
        {
            using (lans.Receiver(2, Group))
            {
                await router.Until(it => it.Interfaces[2].Groups.Count == 1, "the second member is known");
                await stream.More(20);
            }

            await router.Until(it => it.Interfaces[2].Groups.Count == 0, "the second member is gone");
            await stream.More(20);
        }

        var last = await stream.End();
        there.Until(last).Should().Equal(Enumerable.Range(1, last));
        elsewhere.Numbers().Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        elsewhere.Numbers().Count.Should().BeInRange(10 * 20, last - (9 * 20));
    });

    [Fact]
    public async Task An_interface_that_is_removed_takes_nothing_from_the_others()
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var one = lans.Receiver(1, Group);
        using var other = lans.Receiver(2, Group);
        await router.Until(it => it.Interfaces[1].Groups.Count == 1 && it.Interfaces[2].Groups.Count == 1, "the members are known");
        await Prime(router);
        using var there = lans.EavesdropOn(1);
        await using var stream = new NumberedStream(lans.Sender(0), Group);
        await stream.More(50);

        lans.Router.Ip("link delete eth2");
        await router.Until(it => !it.Interfaces[2].Up, "the interface is gone");
        await stream.More(50);

        var last = await stream.End();
        there.Until(last).Should().Equal(Enumerable.Range(1, last));
        (await router.Routes()).Entry(Group)!.Outgoing.Should().Equal("eth1=1");
    }

    [Fact]
    public Task A_route_that_moves_and_comes_back_costs_what_was_sent_meanwhile() => Undisturbed.Run(async () =>
    {
        lans.Host(0).Ip("address add 10.9.0.9/32 dev lo");
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2");
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var member = lans.Receiver(2, Group);
        using var there = lans.EavesdropOn(2);
        await router.Until(it => it.Interfaces[2].Groups.Count == 1, "the member is known");
        await using var stream = new NumberedStream(lans.Sender(0, "10.9.0.9"), Group);
        await stream.More(50);

        lans.Router.Ip("route replace 10.9.0.0/16 via 10.0.1.2");
        await router.UntilRoutes(it => it.Entry(Group)!.Incoming == "eth1", "the entry has moved");
        var away = stream.Last;
        await stream.More(50);
        lans.Router.Ip("route replace 10.9.0.0/16 via 10.0.0.2");
        await router.UntilRoutes(it => it.Entry(Group)!.Incoming == "eth0", "the entry is back");
        var back = stream.Last;
        await stream.More(50);

        var last = await stream.End();
        var seen = there.Until(last);
        seen.Should().OnlyHaveUniqueItems();
        seen.Should().Contain(Enumerable.Range(back + 2, last - back - 1), "all is forwarded again");
        seen.Should().NotContain(Enumerable.Range(away + 2, 40), "nothing is taken from there meanwhile");
    });

    [Fact]
    public Task A_router_that_is_restarted_forwards_again_when_members_have_answered_it() => Undisturbed.Run(async () =>
    {
        const string Fast = $"{Options} --query-interval 2 --query-max-response-time 0.5";
        using var before = await RouterProcess.StartReady(lans.Router, Fast);
        using var member = lans.Receiver(1, Group);
        using var there = lans.EavesdropOn(1);
        await before.Until(it => it.Interfaces[1].Groups.Count == 1, "the member is known");
        await using var stream = new NumberedStream(lans.Sender(0), Group);
        await stream.More(50);

        var stopped = KernelClock.RealTime;
        (await before.Terminate()).Should().Be(0);
        using var after = await RouterProcess.StartReady(lans.Router, Fast);
        var ready = KernelClock.RealTime;
        await after.Until(it => it.Interfaces[1].Groups.Count == 1, "the member has answered");
        await stream.More(50);

            var last = await stream.End();
            there.Until(last).Should().OnlyHaveUniqueItems();
            var gap = there
                .Seen.Zip(there.Seen.Skip(1), (one, next) => (From: one.At, To: next.At))
                .MaxBy(each => (each.To - each.From).TotalSeconds);
            gap.From.Should().BeLessThan(ready);
            // The General Query goes out before "ready"; a member answers within the Query Response Interval (RFC 9776 §8.3).
            var limit = (ready - stopped) + TimeSpan.FromSeconds(0.5) + TimeSpan.FromSeconds(0.5);
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"stop to ready {(ready - stopped).TotalMilliseconds:F0} ms, gap {(gap.To - gap.From).TotalMilliseconds:F0} ms");
            (gap.To - gap.From).Should().BeLessThan(limit);
        });

    [Fact]
    public async Task A_change_of_one_group_touches_its_own_entries_only()
    {
        const int Groups = 1_000;
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        for (var group = 0; group < Groups; group++)
        {
            sender.Send(Address(group), group);
            // The kernel keeps but a few packets that wait for entries.
            if (group % 50 == 49)
                await router.UntilRoutes(it => it.Entries.Count == group + 1, "they are all known");
        }

        using var watch = lans.Router.Run(MulticastRouteWatch.Open);
        using (lans.Receiver(2, Address(77)))
            await router.UntilRoutes(it => it.Entry(Address(77))!.Outgoing.Count == 1, "the member gets it");
        await router.UntilRoutes(it => it.Entry(Address(77))!.Outgoing.Count == 0, "the member is gone");

        var changed = new List<string>();
        while (watch.TryRead(out var change))
            changed.Add($"{change.Kind} {change.Route!.Group} {change.Route.Outgoing.Count}");
        changed.Should().Equal($"Set {Address(77)} 1", $"Set {Address(77)} 0");

        static string Address(int group) => $"239.3.{group / 250}.{(group % 250) + 1}";
    }

    [Fact]
    public async Task Two_routers_in_a_row_carry_a_stream_to_a_member_behind_both()
    {
        // The host of LAN 1 is a router too; behind it is another LAN with a member.
        using var beyond = PrivateNetwork.CreateOrSkip();
        var second = lans.Host(1);
        second.Ip($"link add eth1 type veth peer name eth0 netns {beyond.ThreadId}");
        second.Ip("address add 10.0.9.1/24 dev eth1");
        beyond.Ip("address add 10.0.9.2/24 dev eth0");
        beyond.WriteSysctl("net/ipv4/conf/all/rp_filter", "0");
        beyond.WriteSysctl("net/ipv4/conf/eth0/rp_filter", "0");
        second.Ip("link set eth1 up");
        beyond.Ip("link set eth0 up");
        second.Ip("route add 10.0.0.0/24 via 10.0.1.1");
        using var first = await RouterProcess.StartReady(
            lans.Router, [.. Options.Split(' '), "--static-route", "(10.0.0.0/24, 239.0.0.0/8) eth0 -> eth1"]);
        using var next = await RouterProcess.StartReady(second, "--interface eth0 --interface eth1 --forward");
        using var member = new LanReceiver(beyond, Group, "10.0.9.2");
        await next.Until(it => it.Interfaces[1].Groups.Count == 1, "the member is known");
        using var sender = lans.Sender(0);

        sender.Send(Group, 1, ttl: 2); // ends at the second router
        sender.Send(Group, 2, ttl: 3);

        member.Receive().Should().Be(2);
        member.IsEmpty.Should().BeTrue();
    }

    /// <summary>
    /// Has the entry made before the stream begins: until it is there, the kernel keeps three datagrams and drops the others.
    /// </summary>
    private async Task Prime(RouterProcess router)
    {
        using var sender = lans.Sender(0);
        sender.Send(Group, 0);
        await router.UntilRoutes(it => it.Entry(Group) is not null, "the way is open");
    }
}
