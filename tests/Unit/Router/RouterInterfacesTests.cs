using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>A router with two interfaces on one network (RFC 9776 §6).</summary>
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
            machine, "--interface eth0 --interface eth1 --query-interval 0.5 --query-max-response-time 0.2 --startup-query-interval 0.1");
        await daemon.Until(it => !it.Interfaces[0].IsQuerier && it.Interfaces[0].Querier == Address.Parse("10.0.0.2"), "eth0 follows eth1");
        lan.Watch.Read();
        lan.Watch.Packets.Clear();

        // Three Query Intervals and more: eth0 would have queried again.
        for (var query = 0; query < 4; query++)
            lan.Watch.Until("Query 0.0.0.0");

        lan.Watch.Packets.Select(each => Address.Read(each.AsSpan(12, 4)).ToString()).Distinct().Should().Equal("10.0.0.2");
        (await daemon.State()).Interfaces.Select(each => each.IsQuerier).Should().Equal(false, true);
    }
}
