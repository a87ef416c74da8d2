using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Engine;

/// <summary>Links are made in batches, and a refusal is reported in the kernel's own words.</summary>
public sealed class LinkSocketTests
{
    [NamespacesFact]
    public void More_requests_than_fit_one_batch_are_carried_out_in_order()
    {
        var names = Enumerable.Range(0, 300).Select(i => $"b{i}").ToList();

        var links = InNewNamespace(socket =>
        {
            socket.Execute([.. names.Select((name, i) => new AddBridge(100 + i, name))]);
            return socket.Links();
        });

        links
            .Where(each => each.Name != "lo")
            .Select(each => (each.Index, each.Name))
            .Should()
            .Equal(names.Select((name, i) => (100 + i, name)));
        links.Where(each => each.Name != "lo").Should().OnlyContain(each => each.IsSetUp);
    }

    // Each pair is several notifications of some kilobytes: those of one group of requests fill a receive buffer of two megabytes.
    [NamespacesFact]
    public void Notifications_leave_room_for_the_acknowledgements()
    {
        var (names, changes) = InNewNamespace(
            socket =>
            {
                using var here = FileDescriptor.OpenReadOnly("/proc/thread-self/ns/net");
                socket.Execute(
                    [
                        new AddBridge(10, "bridge"),
                        .. Enumerable.Range(0, 400).Select(i =>
                            new AddVethPair(10_000 + i, $"a{i}", 10, $"b{i}", new MacAddress(0x0200_0000_0000 + (ulong)i), here)),
                    ]);
                bool[] changes = [socket.WaitForLinkChange(TimeSpan.FromSeconds(10)), socket.WaitForLinkChange(TimeSpan.Zero)];
                return (socket.Links().Select(each => each.Name).ToList(), changes);
            },
            followLinks: true);

        names.Should().HaveCount(2 + (2 * 400));
        changes.Should().Equal([true, false], "one look at the links is for all changes");
    }

    [NamespacesFact]
    public void A_refused_request_is_named_and_the_others_are_carried_out()
    {
        var (refused, links) = InNewNamespace(socket =>
        {
            var act = () => socket.Execute([new AddBridge(100, "one"), new SetLinkUp("absent", Up: true), new AddBridge(101, "two")]);
            return (act.Should().Throw<NetlinkException>().Which, socket.Links());
        });

        refused.Message.Should().Be("Cannot set absent up: (ENODEV: No such device)");
        refused.Error.Should().Be(Errno.NoSuchDevice);
        links.Select(each => each.Name).Should().Equal("lo", "one", "two");
    }

    [NamespacesFact]
    public void The_kernels_own_words_are_told()
    {
        var refused = InNewNamespace(socket =>
        {
            using var here = FileDescriptor.OpenReadOnly("/proc/thread-self/ns/net");
            // lo is not a bridge.
            var act = () => socket.Execute([new AddVethPair(100, "a", 1, "b", new MacAddress(0x0200_0000_0001), here)]);
            return act.Should().Throw<NetlinkException>().Which;
        });

        refused.Message.Should().StartWith("Cannot add the veth pair a - b: ").And.Contain("EOPNOTSUPP");
    }

    private static T InNewNamespace<T>(Func<LinkSocket, T> code, bool followLinks = false) => NamespaceThread.Run(() =>
    {
        NamespaceThread.Unshare(NamespaceKinds.Network);
        using var socket = LinkSocket.Open(followLinks);
        return code(socket);
    });
}
