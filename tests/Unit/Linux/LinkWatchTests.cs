using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>What rtnetlink tells of interfaces, in namespaces of the test's own.</summary>
public sealed class LinkWatchTests : IDisposable
{
    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    public void What_is_there_is_known_at_once()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        here.Ip("address add 10.0.0.9/24 dev eth0");
        here.Ip("link set eth0 address 02:00:00:00:00:01 mtu 1400");

        using var watch = here.Run(LinkWatch.Open);

        var link = watch.Find("eth0")!;
        link.Should()
            .BeEquivalentTo(
                new
                {
                    Name = "eth0",
                    Mac = new MacAddress(0x0200_0000_0001),
                    Mtu = 1400,
                    IsSetUp = true,
                    HasCarrier = true,
                    IsMulticast = true,
                    PrimaryAddress = (Address?)Address.Parse("10.0.0.1"),
                });
        link.Addresses.Should()
            .Equal(
                new LinkIpAddress(Address.Parse("10.0.0.1"), 24, IsSecondary: false),
                new LinkIpAddress(Address.Parse("10.0.0.9"), 24, IsSecondary: true));
        watch.Find("eth1").Should().BeNull();
    }

    [Fact]
    public void Down_and_up_carrier_and_addresses_are_told()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        using var watch = here.Run(LinkWatch.Open);

        here.Ip("link set eth0 down");
        Changed(watch).IsSetUp.Should().BeFalse();
        here.Ip("link set eth0 up");
        Changed(watch).IsSetUp.Should().BeTrue();
        there.Ip("link set eth0 down");
        Until(watch, () => !watch.Find("eth0")!.HasCarrier);
        watch.Find("eth0")!.IsSetUp.Should().BeTrue();
        here.Ip("address flush dev eth0");
        Changed(watch).PrimaryAddress.Should().BeNull();
        here.Ip("address add 10.0.0.7/24 dev eth0");
        Changed(watch).PrimaryAddress.Should().Be(Address.Parse("10.0.0.7"));
    }

    [Fact]
    public void The_other_end_of_a_point_to_point_address_is_on_the_link()
    {
        here.WireTo(there, "10.0.0.1 peer 10.0.0.2", "10.0.0.2 peer 10.0.0.1");
        using var watch = here.Run(LinkWatch.Open);

        watch
            .Find("eth0")!
            .Addresses.Should()
            .Equal(new LinkIpAddress(Address.Parse("10.0.0.1"), 32, IsSecondary: false) { Peer = Address.Parse("10.0.0.2") });
        here.Ip("address add 10.0.0.1 peer 10.8.0.2/24 dev eth0");
        Changed(watch).Addresses.SelectMany(each => each.OnLink).Should().Equal(
            Prefix.Parse("10.0.0.1/32"), Prefix.Parse("10.0.0.2/32"), Prefix.Parse("10.0.0.1/32"), Prefix.Parse("10.8.0.0/24"));
        // One address with two other ends is two addresses.
        here.Ip("address del 10.0.0.1 peer 10.0.0.2 dev eth0");
        Changed(watch).Addresses.SelectMany(each => each.OnLink).Should().Equal(Prefix.Parse("10.0.0.1/32"), Prefix.Parse("10.8.0.0/24"));
        watch.Find("eth0")!.PrimaryAddress.Should().Be(Address.Parse("10.0.0.1"));
    }

    [Theory]
    [InlineData("10.0.0.5/24", "10.0.0.0/24")]
    [InlineData("10.0.0.1/31", "10.0.0.0/31")]
    [InlineData("10.0.0.1/32", "10.0.0.1/32")]
    public void An_address_without_other_end_has_its_own_network_on_the_link(string address, string network)
    {
        here.WireTo(there, address, "10.9.0.2/24");
        using var watch = here.Run(LinkWatch.Open);

        var found = watch.Find("eth0")!.Addresses.Should().ContainSingle().Subject;
        found.Peer.Should().BeNull();
        found.OnLink.Should().Equal(Prefix.Parse(network));
    }

    [Fact]
    public void The_primary_address_is_the_kernels_however_addresses_came_and_went()
    {
        here.WireTo(there, "10.0.0.1/24", "10.9.0.2/24");
        here.WriteSysctl("net/ipv4/conf/eth0/promote_secondaries", "1");
        using var watch = here.Run(LinkWatch.Open);

        here.Ip("address add 10.0.0.9/24 dev eth0");
        here.Ip("address add 10.1.0.1/24 dev eth0");
        Changed(watch).PrimaryAddress.Should().Be(Address.Parse("10.0.0.1"));
        here.Ip("address del 10.0.0.1/24 dev eth0");
        Changed(watch).PrimaryAddress.Should().Be(Address.Parse("10.1.0.1"), "10.0.0.9 has moved up, and stands behind it");
        using (var anew = here.Run(LinkWatch.Open))
            anew.Find("eth0")!.PrimaryAddress.Should().Be(Address.Parse("10.1.0.1"), "so the kernel lists them");

        // What is valid on this host alone does not speak to others, even where the kernel lists it first.
        here.Ip("address add 10.2.0.1/24 dev eth0 scope host");
        Changed(watch).PrimaryAddress.Should().Be(Address.Parse("10.1.0.1"));
        using (var anew = here.Run(LinkWatch.Open))
            anew.Find("eth0")!.PrimaryAddress.Should().Be(Address.Parse("10.1.0.1"));
    }

    [Fact]
    public void Rename_removal_and_return_are_told()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        using var watch = here.Run(LinkWatch.Open);
        var index = watch.Find("eth0")!.Index;

        here.Ip("link set eth0 name lan0");
        watch.ReadChanges();
        watch.Find("eth0").Should().BeNull();
        watch.Find("lan0")!.Index.Should().Be(index);
        here.Ip("link delete lan0");
        watch.ReadChanges();
        watch.Find("lan0").Should().BeNull();
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        watch.ReadChanges();
        watch.Find("eth0")!.Index.Should().NotBe(index);
    }

    [Fact]
    public void An_interface_that_leaves_a_bridge_is_not_gone()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        here.Ip("link add br0 type bridge");
        using var watch = here.Run(LinkWatch.Open);

        here.Ip("link set eth0 master br0");
        here.Ip("link set eth0 nomaster");
        watch.ReadChanges();

        watch.Find("eth0")!.PrimaryAddress.Should().Be(Address.Parse("10.0.0.1"));
    }

    [Fact]
    public void More_changes_than_the_kernel_can_keep_lead_to_a_fresh_reading()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        using var watch = here.Run(LinkWatch.Open);

        // Some 2 KB of the 2 MB that the kernel keeps for every change that nobody reads.
        var batch = Path.GetTempFileName();
        File.WriteAllLines(
            batch,
            Enumerable.Range(0, 4000).Select(number => $"link set eth0 mtu {1000 + (number % 400)}").Append("link set eth0 mtu 1450"));
        here.Ip($"-batch {batch}");
        File.Delete(batch);
        watch.ReadChanges();

        watch.Find("eth0")!.Mtu.Should().Be(1450);
        watch.Find("eth0")!.PrimaryAddress.Should().Be(Address.Parse("10.0.0.1"));
    }

    private static Link Changed(LinkWatch watch)
    {
        // A change of a link returns when its message is in the queue of every listener.
        watch.ReadChanges();
        return watch.Find("eth0")!;
    }

    private static void Until(LinkWatch watch, Func<bool> condition)
    {
        // A carrier's change is told by the kernel's own worker, up to a second later.
        SpinWait.SpinUntil(
            () =>
            {
                watch.ReadChanges();
                return condition();
            },
            TimeSpan.FromSeconds(5)).Should().BeTrue();
    }
}
