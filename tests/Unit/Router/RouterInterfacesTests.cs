using FluentAssertions;
using MulticastLab.Daemon.Control;
using MulticastLab.Packets;
using MulticastLab.Router.Cli;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>A router with two interfaces on one network, and one that is a member there itself (RFC 9776 §5, §6).</summary>
public sealed class RouterInterfacesTests : IDisposable
{
    private readonly BridgedLan lan = new();

    public void Dispose() => lan.Dispose();

    [Fact]
    [Shows("V3-R-6-03")]
    public async Task Its_lower_address_queries_and_the_other_is_silent()
    {
        var machine = lan.Attach("10.0.0.3/24");
        lan.Attach(machine, "eth1", "10.0.0.2/24");
        using var daemon = await RouterProcess.StartReady(
            machine,
            "--interface eth0 --interface eth1 --query-interval 0.5 --query-max-response-time 0.2 --startup-query-interval 0.1 "
                + "--join-routers-group false");
        await daemon.Until(it => !it.Interfaces[0].IsQuerier && it.Interfaces[0].Querier == Address.Parse("10.0.0.2"), "eth0 follows eth1");
        lan.Watch.Forget();

        // Three Query Intervals and more: eth0 would have queried again.
        for (var query = 0; query < 4; query++)
            lan.Watch.Until("Query 0.0.0.0");

        lan.Watch.Packets.Select(each => Address.Read(each.AsSpan(12, 4)).ToString()).Distinct().Should().Equal("10.0.0.2");
        (await daemon.State()).Interfaces.Select(each => each.IsQuerier).Should().Equal(false, true);
    }

    [Fact]
    [Shows("V3-R-5-02")]
    public async Task A_router_that_is_a_member_hears_itself_as_it_hears_others()
    {
        // The Group Membership Interval is 2 × 1 s + 2 × 0.2 s.
        using var daemon = await RouterProcess.StartReady(
            lan.Attach("10.0.0.2/24"),
            "--interface eth0 --join-group 239.1.1.1 --query-interval 1 --query-max-response-time 0.2 --last-member-query-interval 0.1");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");
        // Its own queries are answered by it, and its answers keep the group.
        for (var answer = 0; answer < 5; answer++)
            lan.Watch.Until("IS_EX 239.1.1.1 {}");
        (await daemon.State()).Group("239.1.1.1").Should().NotBeNull();
        lan.Watch.Seen.Should().NotContain("Query 239.1.1.1");

        using (var client = await ControlClient.Connect(daemon.ControlPath, TestContext.Current.CancellationToken))
            await client.Ask(
                "set", writer => ControlRequests.Set(writer, "eth0", ["join-group", "default"]), TestContext.Current.CancellationToken);

        // Its own leave is asked about.
        lan.Watch.Until("TO_IN 239.1.1.1 {}");
        lan.Watch.Until("Query 239.1.1.1");
        await daemon.Until(it => it.Group("239.1.1.1") is null, "the group is gone");
    }
}
