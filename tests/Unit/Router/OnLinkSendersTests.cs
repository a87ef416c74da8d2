using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>
/// <c>--verify-source-subnet</c> with every kind of address that a link can have (RFC 9776 §9.1, §9.2): who is on the link is who the
/// kernel's own route of the address leads to.
/// </summary>
public sealed class OnLinkSendersTests : IDisposable
{
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Last = Address.Parse("239.9.9.9");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Theory]
    [InlineData("10.0.0.1 peer 10.0.0.2", "10.0.0.2", true)] // the other end of a point-to-point address
    [InlineData("10.0.0.1 peer 10.0.0.2", "10.0.0.3", false)]
    [InlineData("10.0.0.1/32 peer 10.8.0.2/24", "10.8.0.77", true)] // and its network, where it has one
    [InlineData("10.0.0.1/32 peer 10.8.0.2/24", "10.0.0.2", false)]
    [InlineData("10.0.0.0/31", "10.0.0.1", true)] // RFC 3021
    [InlineData("10.0.0.0/31", "10.0.0.2", false)]
    [InlineData("10.0.0.1/32", "10.0.0.2", false)] // alone
    [InlineData("10.0.0.1/32", "10.0.0.0", false)]
    [InlineData("10.0.0.1/30", "10.0.0.3", true)] // the edges of an ordinary one
    [InlineData("10.0.0.1/30", "10.0.0.4", false)]
    [Shows("V3-R-9.2-02")]
    public async Task Whoever_the_address_leads_to_is_on_the_link(string address, string sender, bool isOnLink)
    {
        here.WireTo(there, address, "10.99.0.2/24");
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --verify-source-subnet");

        ear.Report(Address.Parse(sender), RecordType.ToExclude, G);
        // 0.0.0.0 is believed whatever the addresses are (§4.2.14).
        ear.Report(Address.AnyV4, RecordType.ToExclude, Last);

        var state = await router.Until(it => it.Group(Last.ToString()) is not null, "what was sent last is known");
        (state.Group(G.ToString()) is not null).Should().Be(isOnLink);
        state.Statistics.Error["off-link-source"].Should().Be(isOnLink ? 0 : 1);
    }

    [Fact]
    public async Task Every_other_end_of_an_address_is_on_the_link_and_none_that_is_gone()
    {
        here.WireTo(there, "10.0.0.1 peer 10.0.0.2", "10.99.0.2/24");
        here.Ip("address add 10.0.0.1 peer 10.0.0.3 dev eth0");
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --verify-source-subnet");

        await IsHeard(router, ear, "10.0.0.2");
        await IsHeard(router, ear, "10.0.0.3");
        here.Ip("address del 10.0.0.1 peer 10.0.0.2 dev eth0");
        await IsRefused(router, ear, "10.0.0.2");
        await IsHeard(router, ear, "10.0.0.3");
        (await router.State()).First().Querier.Should().Be(Address.Parse("10.0.0.1"), "it still has that address");
    }

    [Fact]
    public async Task A_secondary_address_counts_and_takes_the_place_of_its_primary()
    {
        here.WireTo(there, "10.0.0.1/24", "10.99.0.2/24");
        here.WriteSysctl("net/ipv4/conf/eth0/promote_secondaries", "1");
        here.Ip("address add 10.0.0.9/24 dev eth0"); // secondary
        here.Ip("address add 10.1.0.1/24 dev eth0"); // primary, of another network
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --verify-source-subnet");
        (await router.State()).First().Querier.Should().Be(Address.Parse("10.0.0.1"));
        await IsHeard(router, ear, "10.0.0.77");
        await IsHeard(router, ear, "10.1.0.77");

        here.Ip("address del 10.0.0.1/24 dev eth0");

        // The kernel puts the address that moves up behind the other primary ones, and so chooses 10.1.0.1 as a source.
        await router.Until(it => it.First().Querier == Address.Parse("10.1.0.1"), "the other primary address speaks");
        await IsHeard(router, ear, "10.0.0.77");
        await IsHeard(router, ear, "10.1.0.77");
    }

    private static async Task IsHeard(RouterProcess router, IgmpEar ear, string sender)
    {
        await router.Run("clear", "groups");
        ear.Report(Address.Parse(sender), RecordType.ToExclude, G);
        await router.Until(it => it.Group(G.ToString())?.LastReporter == Address.Parse(sender), $"{sender} is heard");
    }

    private static async Task IsRefused(RouterProcess router, IgmpEar ear, string sender)
    {
        var before = (await router.State()).Statistics.Error["off-link-source"];
        await router.Until(
            it =>
            {
                ear.Report(Address.Parse(sender), RecordType.IsExclude, G);
                return it.Statistics.Error["off-link-source"] > before;
            },
            $"{sender} is refused");
    }
}
