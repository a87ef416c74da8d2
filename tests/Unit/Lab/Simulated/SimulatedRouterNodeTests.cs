using FluentAssertions;
using MulticastLab.Daemon.State;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Node;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Router.Cli;
using MulticastLab.Tests.Membership.Node;
using MulticastLab.Tests.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>
/// A simulated router and the node that the daemon runs are one: started with the same options, and told the same at the same times, they
/// have the same
/// state and the same counters.
/// </summary>
public sealed class SimulatedRouterNodeTests : IDisposable
{
    private static readonly Address[] Hosts =
    [.. new[] { "10.0.0.11", "10.0.0.12", "10.0.0.2", "10.0.0.1", "0.0.0.0", "192.168.7.7" }.Select(Address.Parse)];
    private static readonly Address[] Groups =
    [.. new[] { "239.1.1.1", "239.1.1.2", "239.1.1.3", "232.1.1.1", "224.0.0.22", "10.0.0.9" }.Select(Address.Parse)];
    private static readonly Address[] Sources = [.. new[] { "192.0.2.1", "192.0.2.2", "192.0.2.3" }.Select(Address.Parse)];

    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("", 1)]
    [InlineData("--join-group eth0=239.1.1.1 --join-group eth0=192.0.2.1,232.1.1.1 --verify-source-subnet", 2)]
    [InlineData("--igmp-version 2 --oldest-version 2 --static-group 239.1.1.2 --query-interval 20 --query-max-response-time 5", 3)]
    [InlineData("--explicit-tracking --immediate-leave tracked --max-groups 2 --max-sources-per-group eth0=1 --require-router-alert", 4)]
    [InlineData(
        "--group-policy deny:239.1.1.3/32 --group-policy permit:224.0.0.0/4 --source-policy deny:192.0.2.2/32 --source-policy "
            + "permit:0.0.0.0/0 "
            + "--ssm-map 192.0.2.3,232.0.0.0/8 --immediate-leave always --immediate-leave-scope source-specific",
        5)]
    public async Task Told_the_same_they_are_the_same(string options, int seed)
    {
        // Of one interface only: of two that speak at the same instant either may draw its random delay first.
        var line = $"--interface eth0 --interface eth1 --join-routers-group eth1=false {options}".TrimEnd();
        var lab = bench.With("lab.conf", "r1[0]=\"A\"\nr1[1]=\"B\"\na[0]=\"A\"\nb[0]=\"B\"")
            .With("r1.startup", $"ip address add 10.0.0.1/24 dev eth0\nip address add 10.0.1.1/24 dev eth1\nrouter run {line} &").Lab();
        await lab.Start("r1", Cancellation);
        var node = new NodeUnderTest(Dialect.Igmp, lab.RandomFor("r1 1"));
        var arguments = RouterCommand.Build().Parse($"run {line}".Split(' '));
        arguments.Errors.Should().BeEmpty();
        Up("eth0", "10.0.0.1/24");
        Up("eth1", "10.0.1.1/24");
        var random = new Random(seed);

        for (var i = 0; i < 1500; i++)
        {
            var at = lab.Now + TimeSpan.FromMilliseconds(random.Next(1, i % 100 == 0 ? 300_000 : 700));
            await lab.PassUntil(at, Cancellation);
            var (side, packet) = (random.Next(4) / 3, Next(random));
            lab.Transmit(side == 0 ? "a" : "b", "eth0", packet);
            await lab.PassUntil(at + SimulatedLan.PropagationDelay, Cancellation);
            node.PassUntil(lab.Now);
            node.Receive(node.Node.Interfaces[side], packet, MacOf(lab, side == 0 ? "a" : "b"));
            if (i % 10 == 0)
                RouterStateJson
                    .ToText(node.State)
                    .Should()
                    .Be(RouterStateJson.ToText(await lab.RouterState("r1", Cancellation)), $"after {i + 1} packets");
        }

        var statistics = node.State.Statistics;
        statistics.Received["total"].Should().BeGreaterThan(1000);
        statistics.Error["total"].Should().BePositive();
        statistics.Sent["query"].Should().BePositive();

        void Up(string name, string address) =>
            node.Up(
                RunCommand.Settings(arguments, name),
                new NodeLink(Prefix.Parse(address).Address, MacOf(lab, "r1", name), 1500, [Prefix.Parse(address)]));
    }

    private static MacAddress MacOf(SimulatedLab lab, string node, string port = "eth0") =>
        lab.Topology.Nodes.Single(each => each.Name == node).Interfaces.Single(each => each.Interface == port).Mac;

    private static byte[] Next(Random random)
    {
        var from = Pick(random, Hosts);
        var group = Pick(random, Groups);
        Address[] sources = [.. Sources.Where(_ => random.Next(2) == 0)];
        var packet = random.Next(10) switch
        {
            0 => Packet.Written(buffer => IgmpWriter.WriteQuery(buffer, Query(random, group, sources), from, Dialect.Igmp.AllSystems)),
            1 => Packet.Written(buffer => IgmpWriter.WriteGroupMessage(buffer, IgmpType.V1MembershipReport, group, from, To(group))),
            2 => Packet.Written(buffer => IgmpWriter.WriteGroupMessage(buffer, IgmpType.V2MembershipReport, group, from, To(group))),
            3 => Packet.Written(buffer =>
                IgmpWriter.WriteGroupMessage(buffer, IgmpType.V2LeaveGroup, group, from, Dialect.Igmp.AllRouters)),
            _ => Packet.Written(buffer =>
                IgmpWriter.WriteReport(
                    buffer, new ReportContent([new RecordContent((RecordType)random.Next(0, 8), group, sources)]), from,
                    Dialect.Igmp.ReportDestination)),
        };
        switch (random.Next(12))
        {
            case 0:
                // Whatever it hits: the header, its options, the message. Not the protocol, which would make it none of IGMP's, nor the
                // destination.
                var at = random.Next(20, packet.Length);
                packet[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                return packet[..random.Next(20, packet.Length)];
        }

        return packet;
    }

    private static QueryContent Query(Random random, Address group, Address[] sources)
    {
        var version = random.Next(1, 4);
        var (about, of) = random.Next(3) switch
        {
            0 => (Address.AnyV4, (Address[])[]),
            1 => (group, []),
            _ => (group, sources),
        };
        return version == 3
            ? new QueryContent(
                Generation.Sources, TimeSpan.FromSeconds(random.Next(1, 10)), about, random.Next(2) == 0, random.Next(0, 8),
                TimeSpan.FromSeconds(random.Next(1, 200)), of)
            : new QueryContent(
                Dialect.Igmp.GenerationOf(version), TimeSpan.FromSeconds(version == 1 ? 10 : random.Next(1, 20)),
                version == 1 ? Address.AnyV4 : about, false, 0, TimeSpan.Zero, []);
    }

    private static Address To(Address group) => group.IsMulticast ? group : Dialect.Igmp.AllRouters;

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
