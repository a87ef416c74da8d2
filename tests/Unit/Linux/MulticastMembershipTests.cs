using System.Runtime.CompilerServices;
using FluentAssertions;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>The kernel's source-filter API, and what Linux's own IGMP then puts on the wire.</summary>
public sealed class MulticastMembershipTests
{
    private static readonly Address Group = Address.Parse("239.1.1.1");

    // linux/in.h on 64-bit: __kernel_sockaddr_storage is 128 bytes and aligned to 8.
    [Fact]
    public void Structures_have_the_kernels_sizes_and_offsets()
    {
        (
            Unsafe.SizeOf<SocketAddressStorage>(),
            Unsafe.SizeOf<GroupRequest>(),
            Unsafe.SizeOf<GroupSourceRequest>(),
            Unsafe.SizeOf<GroupFilterHeader>())
            .Should()
            .Be((128, 136, 264, 144));
        var filter = MulticastOptions.GroupFilter(7, Group, Include("10.0.0.9", "10.0.0.8"));
        filter.Should().HaveCount(144 + (2 * 128));
        filter[..4].Should().Equal(7, 0, 0, 0);
        filter[8..16].Should().Equal(2, 0, 0, 0, 239, 1, 1, 1);
        filter[136..144].Should().Equal([1, 0, 0, 0, 2, 0, 0, 0], "MCAST_INCLUDE is 1");
        filter[144..152].Should().Equal(2, 0, 0, 0, 10, 0, 0, 8);
        filter[272..280].Should().Equal(2, 0, 0, 0, 10, 0, 0, 9);
    }

    // The records of RFC 9776 §5.1 for each change of the interface's state; Linux repeats each (Robustness Variable 2).
    [Fact]
    public void Each_change_is_reported_as_the_difference_that_it_makes()
    {
        using var host = PrivateNetwork.CreateOrSkip();
        using var router = PrivateNetwork.CreateOrSkip();
        host.WireTo(router, "10.0.0.11/24", "10.0.0.1/24");
        using var watch = new IgmpWatch(router);
        using var receiver = host.Run(() => MulticastReceiver.Open(LinkInfo.Read("eth0").Index, Group, 5001));
        var member = receiver.Membership;

        Change(() => member.Replace(Include("10.0.0.9")), "ALLOW 239.1.1.1 {10.0.0.9}");
        Change(() => member.Replace(Include("10.0.0.8")), "ALLOW 239.1.1.1 {10.0.0.8}", "BLOCK 239.1.1.1 {10.0.0.9}");
        Change(() => member.Allow(Sources("10.0.0.7")), "ALLOW 239.1.1.1 {10.0.0.7}");
        Change(() => member.Block(Sources("10.0.0.8")), "BLOCK 239.1.1.1 {10.0.0.8}");
        Change(() => member.Replace(Exclude("10.0.0.9", "10.0.0.8")), "TO_EX 239.1.1.1 {10.0.0.8, 10.0.0.9}");
        Change(() => member.Allow(Sources("10.0.0.9", "10.0.0.8")), "ALLOW 239.1.1.1 {10.0.0.8, 10.0.0.9}");
        Change(() => member.Block(Sources("10.0.0.6")), "BLOCK 239.1.1.1 {10.0.0.6}");
        Change(() => member.Replace(Include("10.0.0.5", "10.0.0.4")), "TO_IN 239.1.1.1 {10.0.0.4, 10.0.0.5}");
        Change(member.Leave, "BLOCK 239.1.1.1 {10.0.0.4, 10.0.0.5}");
        member.Filter.Should().Be(SourceFilter.None);
        Change(() => member.Replace(SourceFilter.AnySource), "TO_EX 239.1.1.1 {}");
        Change(member.Leave, "TO_IN 239.1.1.1 {}");
        watch.Faults.Should().BeEmpty();

        void Change(Action change, params string[] records)
        {
            change();
            var seen = watch.Until(records[^1]);
            // Twice: the last retransmission of one change must not fall into the next one's report.
            seen = [.. seen, .. watch.Until(records[^1])];
            seen.Distinct().Should().BeEquivalentTo(records);
        }
    }

    [Fact]
    public void A_list_beyond_the_limit_is_refused_and_nothing_has_changed()
    {
        using var host = PrivateNetwork.CreateOrSkip();
        using var receiver = host.Run(() => MulticastReceiver.Open(1, Group, 5001));
        var many = SourceFilter.Of(
            FilterMode.Include, Enumerable.Range(1, 1000).Select(each => Address.FromV4(0x0A000000u + (uint)each)));

        var join = () => receiver.Membership.Replace(many);

        join.Should().Throw<LinuxException>().WithMessage("*MCAST_MSFILTER*239.1.1.1*1000*ENOBUFS*");
        receiver.Membership.Filter.Should().Be(SourceFilter.None);
        host.Run(() => MulticastLimits.Lift(1000)).Should().BeEmpty();
        join.Should().NotThrow();
        receiver.Membership.Filter.Should().Be(many);
    }

    // The kernel stamps only while a socket asks for it, and begins a moment after the first one has asked.
    [Fact]
    public void The_first_datagrams_have_the_stamp_of_their_arrival_not_of_their_reading()
    {
        using var host = PrivateNetwork.CreateOrSkip();
        using var sender = host.Run(() => MulticastSender.Open(1, Address.Parse("127.0.0.1"), 1));
        for (var opening = 0; opening < 20; opening++)
        {
            // Meanwhile it stops, where no other test's socket has it go on.
            host.Ip("link show");
            using var receiver = host.Run(() => MulticastReceiver.Open(1, Group, 5001));
            receiver.Membership.Replace(SourceFilter.AnySource);

            sender.Send("datagram"u8, Group, 5001).Should().BeTrue();

            receiver.Descriptor.WaitUntilReadable(TimeSpan.FromSeconds(10)).Should().BeTrue();
            var arrived = KernelClock.RealTime;
            receiver.Receive((in datagram) => datagram.At.Should().BeLessThan(arrived)).Should().Be(1);
        }
    }

    private static SourceFilter Include(params string[] sources) => SourceFilter.Of(FilterMode.Include, Sources(sources));

    private static SourceFilter Exclude(params string[] sources) => SourceFilter.Of(FilterMode.Exclude, Sources(sources));

    private static IEnumerable<Address> Sources(params string[] sources) => sources.Select(Address.Parse);
}
