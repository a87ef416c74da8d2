using FluentAssertions;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>
/// <c>--verify-source-subnet</c> of a simulated router with the addresses that <c>ip address add</c> can give an interface.
/// </summary>
public sealed class OnLinkSendersTests : IDisposable
{
    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("10.0.0.1 peer 10.0.0.2", "10.0.0.2 peer 10.0.0.1", true)]
    [InlineData("10.0.0.1 peer 10.0.0.2", "10.0.0.3/24", false)]
    [InlineData("10.0.0.1 peer 10.8.0.2/24", "10.8.0.77/24", true)]
    [InlineData("10.0.0.1/32 peer 10.8.0.2/24", "10.0.0.2/24", false)]
    [InlineData("10.0.0.0/31", "10.0.0.1/31", true)]
    [InlineData("10.0.0.0/31", "10.0.0.2/24", false)]
    [InlineData("10.0.0.1/32", "10.0.0.2/24", false)]
    public async Task Whoever_the_address_leads_to_is_on_the_link(string address, string sender, bool isOnLink)
    {
        var lab = bench.With("lab.conf", "r1[0]=\"A\"\nh1[0]=\"A\"")
            .With("r1.startup", $"ip address add {address} dev eth0\nrouter run --interface eth0 --verify-source-subnet &")
            .With("h1.startup", $"ip address add {sender} dev eth0\nhostagent run --interface eth0 &\nhostagent join 239.1.1.1").Lab();

        await lab.Start("r1", Cancellation);
        await lab.Start("h1", Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(5), Cancellation);

        var state = await lab.RouterState("r1", Cancellation);
        state.Interfaces[0].Groups.Any(each => each.Group == Address.Parse("239.1.1.1")).Should().Be(isOnLink);
        (state.Statistics.Error["off-link-source"] == 0).Should().Be(isOnLink);
    }
}
