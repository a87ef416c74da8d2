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
        link.Should().BeEquivalentTo(new
        {
            Name = "eth0",
            Mac = new MacAddress(0x0200_0000_0001),
            Mtu = 1400,
            IsSetUp = true,
            HasCarrier = true,
            IsMulticast = true,
            PrimaryAddress = (Address?)Address.Parse("10.0.0.1"),
        });
        link.Addresses.Should().Equal(
            new LinkIpAddress(Address.Parse("10.0.0.1"), 24, IsSecondary: false), new LinkIpAddress(Address.Parse("10.0.0.9"), 24, IsSecondary: true));
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
        File.WriteAllLines(batch, Enumerable.Range(0, 4000).Select(number => $"link set eth0 mtu {1000 + (number % 400)}").Append("link set eth0 mtu 1450"));
        here.Ip($"-batch {batch}");
        File.Delete(batch);
        watch.ReadChanges();

        watch.Find("eth0")!.Mtu.Should().Be(1450);
        watch.Find("eth0")!.PrimaryAddress.Should().Be(Address.Parse("10.0.0.1"));
    }

    private static Link Changed(LinkWatch watch)
    {
        // Whoever changes a link returns when its message is in the queue of every listener.
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
