using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The policies of <c>router run</c> between real interfaces.</summary>
public sealed class RouterPolicyTests : IDisposable
{
    private static readonly Address Neighbour = Address.Parse("10.0.0.2");
    private static readonly Address Stranger = Address.Parse("10.9.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();

    public RouterPolicyTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
    }

    [Fact(DisplayName = "V3-R-9.2-02 sec-r-offlink, V3-R-9.2-03 sec-r-zero: on the wire")]
    public async Task Senders_on_the_link_are_those_of_its_addresses_as_they_come_and_go()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --verify-source-subnet");

        ear.Report(Stranger, RecordType.ToExclude, G);
        ear.Report(Address.AnyV4, RecordType.ToExclude, G2);
        ear.Report(Neighbour, RecordType.ToExclude, G3);
        var state = await router.Until(it => it.Group("239.1.1.3") is not null, "the neighbour's group is there");
        state.First().Groups.Select(each => each.Group).Should().Equal(G2, G3);
        state.Statistics.Error["off-link-source"].Should().Be(1);

        here.Ip("address add 10.9.0.1/24 dev eth0");
        await router.Until(
            it =>
            {
                ear.Report(Stranger, RecordType.ToExclude, G);
                return it.Group("239.1.1.1") is not null;
            },
            "the stranger is a neighbour now");

        here.Ip("address del 10.9.0.1/24 dev eth0");
        var refused = (await router.State()).Statistics.Error["off-link-source"];
        await router.Until(
            it =>
            {
                ear.Report(Stranger, RecordType.IsExclude, G);
                return it.Statistics.Error["off-link-source"] > refused;
            },
            "the stranger is one again");
    }

    [Fact(DisplayName = "V3-R-9.2-06 sec-state-limit: on the wire")]
    public async Task A_limit_that_is_reached_is_counted_and_logged_in_one_line()
    {
        using var ear = new IgmpEar(there);
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --max-groups 2");
        await using var events = await router.Events();

        for (var i = 1U; i <= 50; i++)
            ear.Report(Neighbour, RecordType.ToExclude, Address.FromV4(G.V4Bits + i));

        var state = await router.Until(it => it.Statistics.Error["group-limit"] == 48, "48 are refused");
        state.First().Groups.Should().HaveCount(2);
        router.Log.Split('\n').Where(line => line.Contains("max-groups", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("warning eth0").And.Contain("239.1.1.4");
        while (await events.MoveNextAsync() && events.Current.GetProperty("kind").GetString() != "group-limit-reached")
        {
        }

        events.Current.GetProperty("group").GetString().Should().Be("239.1.1.4");
    }
}
