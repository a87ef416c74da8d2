using System.Runtime.InteropServices;
using FluentAssertions;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>What a routing daemon can do with the kernel's multicast forwarding, between three LANs of the test's own.</summary>
public sealed partial class MulticastRoutingApiTests : IDisposable
{
    private const string Group = "239.1.1.1";
    private static readonly Address G = Address.Parse(Group);
    private static readonly Address S = Address.Parse("10.0.0.2");

    private readonly RoutedLans lans = new(3);
    private readonly MulticastRoutingSocket socket;

    public MulticastRoutingApiTests()
    {
        socket = Open(new MulticastRoutingOptions());
        AddVifs(socket);
    }

    public void Dispose()
    {
        socket.Dispose();
        lans.Dispose();
    }

    [Fact]
    public void Packets_go_out_above_the_threshold_of_each_interface()
    {
        socket.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1).With(2, 16)));
        using var sender = lans.Sender(0);
        using var near = lans.Receiver(1, Group);
        using var far = lans.Receiver(2, Group);

        sender.Send(Group, 1, ttl: 1);
        sender.Send(Group, 2, ttl: 2);
        sender.Send(Group, 3, ttl: 16);
        sender.Send(Group, 4, ttl: 17);

        near.Until(4).Should().Equal(2, 3, 4);
        far.Until(4).Should().Equal(4);
        socket.ReadCounts(S, G)!.Value.Packets.Should().Be(4);
        socket.ReadVifCounts(1)!.Value.PacketsOut.Should().Be(3);
        socket.ReadVifCounts(2)!.Value.PacketsOut.Should().Be(1);
        socket.ReadVifCounts(0)!.Value.Should().Match<VifCounts>(it => it.PacketsIn == 4 && it.BytesIn == 4 * 32 && it.PacketsOut == 0);
        socket.ReadVifCounts(7).Should().BeNull();
    }

    [Fact]
    public void An_entry_for_all_sources_of_a_group_needs_no_upcall()
    {
        socket.SetEntry(MfcEntry.AnySource(G, 0, OutgoingInterfaces.Of(1)));
        lans.Host(0).Ip("address add 10.0.0.3/24 dev eth0");
        using var one = lans.Sender(0);
        using var other = lans.Sender(0, "10.0.0.3");
        using var elsewhere = lans.Sender(2);
        using var receiver = lans.Receiver(1, Group);

        one.Send(Group, 1);
        other.Send(Group, 2);
        elsewhere.Send(Group, 3);
        one.Send(Group, 4);

        receiver.Until(4).Should().Equal(1, 2, 4);
        Next().Should().Be(new Upcall(UpcallKind.NoEntry, 2, Address.Parse("10.0.2.2"), G), "VIF 2 is not in the entry's tree");
        socket.TryReceive(out _).Should().BeFalse();
        socket.DeleteEntry(MfcEntry.AnySource(G, 0, OutgoingInterfaces.Of(1)));
        one.Send(Group, 5);
        Next().Source.Should().Be(S);
    }

    [Fact]
    public void An_entry_for_everything_takes_packets_of_downstream_sources_upstream_only()
    {
        // RFC 5015's shape: (*,*) leads up the tree, (*,G) down it.
        socket.SetEntry(MfcEntry.AllToUpstream(0, OutgoingInterfaces.Of(1, 2)));
        socket.SetEntry(MfcEntry.AnySource(G, 0, OutgoingInterfaces.Of(2)));
        using var downstream = lans.Sender(1);
        using var upstream = lans.Receiver(0, "239.2.2.2");
        using var sibling = lans.Receiver(2, "239.2.2.2");
        using var member = lans.Receiver(2, Group);

        downstream.Send("239.2.2.2", 1);
        upstream.Receive().Should().Be(1);
        downstream.Send(Group, 2);
        member.Receive().Should().Be(2, "the group's entry takes packets from all interfaces of the tree");
        sibling.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public void Netlink_proc_and_ioctl_tell_the_same()
    {
        socket.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1).With(2, 16)));
        using var sender = lans.Sender(0);
        using var receiver = lans.Receiver(1, Group);
        sender.Send(Group, 1);
        receiver.Receive().Should().Be(1);
        sender.Send("239.9.9.9", 1);
        Next().Kind.Should().Be(UpcallKind.NoEntry);

        var counts = socket.ReadCounts(S, G)!.Value;
        using var view = lans.Router.Run(MulticastRoutingView.Open);
        var routes = view.Routes();
        routes.Should().HaveCount(2);
        var resolved = routes.Single(each => each.IsResolved);
        resolved
            .Should()
            .BeEquivalentTo(
                new { Table = 253U, Source = S, Group = G, IncomingInterface = lans.InterfaceIndex(0), Counts = counts, IsStatic = false });
        resolved
            .Outgoing.Should()
            .Equal(new OutgoingInterface(lans.InterfaceIndex(1), 1), new OutgoingInterface(lans.InterfaceIndex(2), 16));
        routes.Single(each => !each.IsResolved).Group.Should().Be(Address.Parse("239.9.9.9"));
        var table = view.Tables().Should().ContainSingle().Subject;
        table.Should().BeEquivalentTo(new { Id = 253U, Unresolved = 1, TellsWrongVif = true, Pim = false });
        table.Vifs.Select(each => (each.Number, each.InterfaceIndex, each.Counts)).Should()
            .Equal(Enumerable.Range(0, 3).Select(vif => (vif, lans.InterfaceIndex(vif), socket.ReadVifCounts(vif)!.Value)));

        var lines = lans.Router.Run(ProcMulticastRouting.ReadRoutes);
        lines.Should().Contain(new ProcMulticastRoute(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1).With(2, 16)), true, counts));
        lines.Should().ContainSingle(each => !each.IsResolved).Which.Entry.Group.Should().Be(Address.Parse("239.9.9.9"));
        lans.Router.Run(ProcMulticastRouting.ReadVifs).Select(each => (each.Number, each.Interface, each.Counts)).Should()
            .Equal(Enumerable.Range(0, 3).Select(vif => (vif, $"eth{vif}", socket.ReadVifCounts(vif)!.Value)));
    }

    [Fact]
    public void Changes_of_entries_are_told_to_whoever_watches()
    {
        using var watch = lans.Router.Run(MulticastRouteWatch.Open);

        var entry = new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1));
        socket.SetEntry(entry);
        socket.SetEntry(entry with { Outgoing = OutgoingInterfaces.Of(2) });
        socket.DeleteEntry(entry);

        var changes = new List<MulticastRouteChange>();
        while (watch.TryRead(out var change))
            changes.Add(change);
        changes
            .Select(each => (each.Kind, each.Route!.Group, each.Route.Outgoing.Count > 0 ? each.Route.Outgoing[0].InterfaceIndex : 0))
            .Should()
            .Equal(
                (MulticastRouteChangeKind.Set, G, lans.InterfaceIndex(1)), (MulticastRouteChangeKind.Set, G, lans.InterfaceIndex(2)),
                (MulticastRouteChangeKind.Removed, G, lans.InterfaceIndex(2)));
    }

    [Fact]
    public void Another_table_has_a_router_of_its_own_for_the_interfaces_that_rules_lead_to_it()
    {
        const uint Table = 77;
        using var other = Open(new MulticastRoutingOptions { Table = Table });
        AddVifs(other);
        using var ruled = new LanSender(lans.Host(1), "10.0.1.2");
        using var plain = lans.Sender(0);
        using var receiver = lans.Receiver(2, Group);
        lans.Router.Run(() => MulticastRules.Add("eth1", Table));

        other.SetEntry(new MfcEntry(Address.Parse("10.0.1.2"), G, 1, OutgoingInterfaces.Of(2)));
        socket.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(2)));
        ruled.Send(Group, 1);
        receiver.Receive().Should().Be(1);
        plain.Send(Group, 2);
        receiver.Receive().Should().Be(2);

        other.ReadCounts(Address.Parse("10.0.1.2"), G)!.Value.Packets.Should().Be(1);
        other.ReadCounts(S, G).Should().BeNull();
        socket.ReadCounts(S, G)!.Value.Packets.Should().Be(1);
        using var view = lans.Router.Run(MulticastRoutingView.Open);
        view.Tables().Select(each => each.Id).Should().BeEquivalentTo([Table, 253U]);
        view.Routes().Select(each => (each.Table, each.Source)).Should().BeEquivalentTo([(Table, Address.Parse("10.0.1.2")), (253U, S)]);

        lans.Router.Run(() => MulticastRules.Delete("eth1", Table));
        ruled.Send(Group, 3);
        Next().Should().Be(new Upcall(UpcallKind.NoEntry, 1, Address.Parse("10.0.1.2"), G), "without the rule the default table is asked");
    }

    [Fact]
    public void What_is_set_beside_the_router_outlives_it_and_is_flushed_by_name()
    {
        using var beside = Open(new MulticastRoutingOptions { IsRouter = false });
        beside.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(1)));
        socket.SetEntry(new MfcEntry(S, Address.Parse("239.9.9.9"), 0, OutgoingInterfaces.Of(1)));
        using var view = lans.Router.Run(MulticastRoutingView.Open);
        view.Routes().Select(each => (each.Group, each.IsStatic)).Should().BeEquivalentTo([(G, true), (Address.Parse("239.9.9.9"), false)]);

        socket.Flush(FlushScope.Entries);
        view.Routes().Select(each => each.Group).Should().Equal(G);
        socket.Dispose();
        view.Routes().Select(each => each.Group).Should().Equal(G);
        beside.Flush(FlushScope.All);
        view.Routes().Should().BeEmpty();
        view.Tables().Single().Vifs.Should().BeEmpty();
    }

    [Fact]
    public async Task Upcalls_come_as_a_stream_until_it_is_cancelled()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var sender = lans.Sender(0);
        await using var upcalls = socket.ReadUpcalls(ended.Token).GetAsyncEnumerator(ended.Token);

        for (var number = 1; number <= 3; number++)
        {
            var next = upcalls.MoveNextAsync();
            sender.Send($"239.1.1.{number}", number);
            (await next).Should().BeTrue();
            upcalls.Current.Should().Be(new Upcall(UpcallKind.NoEntry, 0, S, Address.Parse($"239.1.1.{number}")));
            socket.SetEntry(new MfcEntry(S, upcalls.Current.Group, 0, OutgoingInterfaces.None));
        }

        var waiting = upcalls.MoveNextAsync().AsTask();
        await ended.CancelAsync();
        await waiting.Invoking(it => it).Should().ThrowAsync<OperationCanceledException>();
        socket.TryReceive(out _).Should().BeFalse("the descriptor is still ours");
    }

    [Fact]
    public void A_table_is_free_as_soon_as_its_router_is_disposed_though_a_starting_process_still_has_the_socket()
    {
        using var copy = Duplicate(socket.Descriptor);
        copy.IsInvalid.Should().BeFalse();

        socket.Dispose();

        using var next = Open(new MulticastRoutingOptions());
        using var view = lans.Router.Run(MulticastRoutingView.Open);
        view.Tables().Should().AllSatisfy(table => table.Vifs.Should().BeEmpty());
    }

    [Fact]
    public async Task A_PIM_router_gets_whole_packets_for_its_registers()
    {
        socket.Dispose();
        using var pim = Open(new MulticastRoutingOptions { Pim = PimMode.On });
        AddVifs(pim);
        pim.AddVif(3, VifOptions.Register());
        pim.SetEntry(new MfcEntry(S, G, 0, OutgoingInterfaces.Of(3)));
        using var sender = lans.Sender(0);

        sender.Send(Group, 0x01020304);

        await foreach (var upcall in pim.ReadUpcalls(TestContext.Current.CancellationToken))
        {
            (upcall.Kind, upcall.Vif, upcall.Source, upcall.Group).Should().Be((UpcallKind.WholePacket, 3, S, G));
            upcall.Packet.Length.Should().Be(20 + 8 + 4);
            upcall.Packet.Span[^4..].ToArray().Should().Equal(1, 2, 3, 4);
            break;
        }

        using var view = lans.Router.Run(MulticastRoutingView.Open);
        view.Tables().Single().Should().Match<MulticastTable>(it => it.Pim && it.Vifs.Count == 4 && it.Vifs[3].IsRegister);
    }

    [Fact]
    public void A_PIM_router_gets_packets_of_wrong_interfaces_whole_if_it_wants_them()
    {
        socket.Dispose();
        using var pim = Open(new MulticastRoutingOptions { Pim = PimMode.WrongVifWholePackets });
        AddVifs(pim);
        pim.SetEntry(new MfcEntry(S, G, 1, OutgoingInterfaces.Of(2)));
        using var sender = lans.Sender(0);

        sender.Send(Group, 0x01020304);

        var kinds = new List<UpcallKind>();
        SpinWait.SpinUntil(
            () =>
            {
                if (pim.TryReceive(out var upcall))
                    kinds.Add(upcall.Kind);
                return kinds.Contains(UpcallKind.WrongVifWholePacket);
            },
            Eventually.Patience).Should().BeTrue($"there are but {string.Join(", ", kinds)}");
    }

    [Fact]
    public void What_the_kernel_refuses_comes_with_advice()
    {
        Refusal(() => socket.AddVif(5, VifOptions.Interface(4711))).Should().StartWith("There is no interface of that index");
        Refusal(() => socket.AddVif(1, VifOptions.Interface(lans.InterfaceIndex(1)))).Should().StartWith("The VIF's number is in use");
        Refusal(() => socket.SetEntry(new MfcEntry(S, Address.Parse("10.1.1.1"), 0, OutgoingInterfaces.Of(1))))
            .Should()
            .StartWith("The kernel takes no such entry");
        Refusal(() => Open(new MulticastRoutingOptions { Table = MulticastRoutingOptions.LastTable + 1 }))
            .Should()
            .StartWith("Tables are numbered");
        // The holder is this very process, and nobody needs to be told to stop themselves.
        Refusal(() => Open(new MulticastRoutingOptions())).Should().StartWith("Another multicast router holds this table");
    }

    [Fact]
    public void The_kernel_keeps_threshold_and_rate_limit_and_knows_its_version()
    {
        socket.Version.Should().Be(0x305);
        socket.DeleteVif(2);
        socket.AddVif(2, VifOptions.Interface(lans.InterfaceIndex(2)) with { Threshold = 16, RateLimit = 100 });
        using var view = lans.Router.Run(MulticastRoutingView.Open);
        view.Tables().Single().Vifs.Should().HaveCount(3);
    }

    [Fact]
    public void A_tunnel_is_made_or_it_is_told_what_the_kernel_lacks()
    {
        using var view = lans.Router.Run(MulticastRoutingView.Open);
        try
        {
            socket.AddVif(4, VifOptions.Tunnel(Address.Parse("10.0.0.1"), Address.Parse("10.0.0.2")));
            view.Tables().Single().Vifs.Should().Contain(each => each.Number == 4 && each.Remote == Address.Parse("10.0.0.2"));
        }
        catch (LinuxException refused) when (refused.Error == Errno.NoBufferSpace)
        {
            // This kernel has no IP-in-IP tunnels.
            MulticastRoutingAdvice.For(refused).Should().Contain("modprobe ipip");
            view.Tables().Single().Vifs.Should().HaveCount(3);
        }
    }

    private static string Refusal(Action refused) => MulticastRoutingAdvice.For(refused.Should().Throw<LinuxException>().Which)!;

    private MulticastRoutingSocket Open(MulticastRoutingOptions options) => lans.Router.Run(() => MulticastRoutingSocket.Open(options));

    private void AddVifs(MulticastRoutingSocket to)
    {
        for (var vif = 0; vif < 3; vif++)
            to.AddVif(vif, VifOptions.Interface(lans.InterfaceIndex(vif)));
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial FileDescriptor Duplicate(FileDescriptor descriptor);

    private Upcall Next()
    {
        Upcall upcall = default;
        SpinWait.SpinUntil(() => socket.TryReceive(out upcall), Eventually.Patience).Should().BeTrue("an upcall is expected");
        return upcall;
    }
}
