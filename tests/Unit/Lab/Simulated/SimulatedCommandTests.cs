using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>Commands on the nodes of a simulated lab: those that startup files may hold, and the host agent's.</summary>
public sealed class SimulatedCommandTests : IDisposable
{
    private static readonly Address S2 = Address.Parse("10.1.0.101");

    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_command_of_a_startup_file_works_later_too()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        (await lab.Execute("h1", "ip link set eth0 down", Cancellation)).Should().Be(new CommandResult(0, "", ""));
        (await lab.Execute("h1", "hostagent join 239.1.1.1", Cancellation)).ExitCode.Should().Be(0);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(3), Cancellation);
        lab.Frames.Where(each => each.Node == "h1").Should().BeEmpty();
        (await lab.Execute("h1", "ip link set eth0 up", Cancellation)).ExitCode.Should().Be(0);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(3), Cancellation);
        lab.Frames.Where(each => each.Node == "h1").Should().NotBeEmpty();
    }

    [Fact]
    public async Task An_address_that_a_command_adds_is_the_interface_s()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        await lab.Execute("h1", "ip address add 10.9.0.1/20 dev eth0", Cancellation);

        lab.Addresses("h1", "eth0").Select(each => each.ToString()).Should().Equal("10.0.0.11/24", "10.9.0.1/20");
        lab.Addresses("h1", "eth7").Should().BeEmpty();
    }

    // DESIGN §4: allow and block act by the present mode.
    [Fact]
    public async Task The_host_agent_s_commands_change_the_host_s_groups()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        (await After("hostagent join 239.1.1.1")).Should().Be("Exclude ");
        (await After($"hostagent block 239.1.1.1 {S} {S2}")).Should().Be("Exclude 10.1.0.100 10.1.0.101");
        (await After($"hostagent allow 239.1.1.1 {S}")).Should().Be("Exclude 10.1.0.101");
        (await After($"hostagent join 239.1.1.1 --include {S}")).Should().Be("Include 10.1.0.100");
        (await After($"hostagent allow 239.1.1.1 {S2}")).Should().Be("Include 10.1.0.100 10.1.0.101");
        (await After($"hostagent block 239.1.1.1 {S}")).Should().Be("Include 10.1.0.101");
        (await After($"hostagent join 239.1.1.1 --exclude {S2} {S}")).Should().Be("Exclude 10.1.0.100 10.1.0.101");
        (await After("hostagent leave 239.1.1.1")).Should().Be("");

        async Task<string> After(string command)
        {
            (await lab.Execute("h1", command, Cancellation)).Should().Be(new CommandResult(0, "", ""));
            return string.Join(
                '|', (await lab.HostState("h1", Cancellation)).Select(each => $"{each.Mode} {string.Join(' ', each.Sources)}"));
        }
    }

    [Theory]
    [InlineData("h1", "hostagent leave 239.1.1.1", "hostagent: 239.1.1.1 is not joined\n")]
    [InlineData("h1", "hostagent join 10.0.0.1", "hostagent: 10.0.0.1 is not a group address of IGMP.\n")]
    [InlineData("r1", "hostagent join 239.1.1.1", "hostagent: no host agent runs on this node\n")]
    [InlineData("r1", "ip link show eth7", "ip link show eth7: it has failed\n")]
    public async Task A_command_that_fails_says_why(string node, string command, string error)
    {
        var lab = await bench.WithRouterAndHosts().Started();

        (await lab.Execute(node, command, Cancellation)).Should().Be(new CommandResult(1, "", error));
    }

    [Fact]
    public async Task Of_several_lines_none_is_run_after_one_that_fails()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        var result = await lab.Execute("h1", "hostagent join 239.1.1.1\nip link show eth7\nhostagent leave 239.1.1.1", Cancellation);

        result.ExitCode.Should().Be(1);
        (await lab.HostState("h1", Cancellation)).Should().BeEquivalentTo([new ReceptionState(G, SourceFilter.AnySource)]);
    }

    [Theory]
    [InlineData(
        "sysctl -w net.ipv4.ip_forward=1", "h1: the simulated engine does not know the command 'sysctl -w net.ipv4.ip_forward=1'.*")]
    [InlineData("hostagent join 239.1.1.1 --only 10.1.0.100", "h1: the simulated engine does not know the host agent's option '--only'.*")]
    [InlineData("hostagent allow 239.1.1.1", "h1: the simulated engine does not know this use of 'hostagent allow'.*")]
    [InlineData("hostagent join everything", "h1: the simulated engine does not know the address 'everything'.*")]
    [InlineData("ip link set eth0 up; reboot", "h1: the simulated engine does not know ';' in a startup file.*")]
    public async Task A_command_that_means_nothing_in_this_world_is_an_error(string command, string message)
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.Execute("h1", "hostagent join 239.1.1.1", Cancellation);

        var execute = () => lab.Execute("h1", command, Cancellation);

        await execute.Should().ThrowAsync<ArgumentException>().WithMessage(message);
    }
}
