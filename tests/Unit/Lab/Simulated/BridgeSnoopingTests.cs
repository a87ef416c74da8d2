using FluentAssertions;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>
/// A simulated bridge that snoops (RFC 4541 §2.1): where a frame that comes in from one of its LANs P1 to P4 goes to. Nobody else is there.
/// </summary>
public sealed class BridgeSnoopingTests : IDisposable
{
    private static readonly TimeSpan Hop = TimeSpan.FromMicroseconds(10);
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Router = Address.Parse("10.0.0.1");
    private static readonly Address Host = Address.Parse("10.0.0.11");

    private readonly SimulatedBench bench = new SimulatedBench()
        .With("lab.conf", """
            sw[0]="P1"
            sw[1]="P2"
            sw[2]="P3"
            sw[3]="P4"
            sw[image]="multicast-lab/switch"
            """)
        .With("sw.startup", """
            ip link add name br0 type bridge mcast_snooping 1
            ip link set eth0 master br0
            ip link set eth1 master br0
            ip link set eth2 master br0
            ip link set eth3 master br0
            ip link set br0 up
            """);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Before_a_querier_is_heard_everything_goes_everywhere()
    {
        var lab = await bench.Started();

        (await Sent(lab, "P2", Report(RecordType.ToExclude))).Should().BeEmpty("nobody is a router");
        (await Sent(lab, "P4", Data())).Should().Equal("P1", "P2", "P3");
    }

    [Fact]
    public async Task Reports_go_to_routers_and_data_to_members_and_routers()
    {
        var lab = await bench.Started();

        (await Sent(lab, "P1", Query(Router))).Should().Equal("P2", "P3", "P4");
        (await Sent(lab, "P2", Report(RecordType.ToExclude))).Should().Equal("P1");
        (await Sent(lab, "P4", Data())).Should().Equal("P1", "P2");
        (await Sent(lab, "P4", Data("239.1.1.2"))).Should().Equal("P1");
        (await Sent(lab, "P4", Data("224.0.0.251"))).Should().Equal("P1", "P2", "P3");
    }

    [Fact]
    public async Task A_query_without_an_address_makes_no_router_port()
    {
        var lab = await bench.Started();

        (await Sent(lab, "P1", Query(Address.AnyV4))).Should().Equal("P2", "P3", "P4");
        (await Sent(lab, "P4", Data())).Should().Equal("P1", "P2", "P3");
    }

    [Theory]
    [InlineData(RecordType.IsExclude, true)]
    [InlineData(RecordType.ToInclude, false)]
    [InlineData(RecordType.Block, false)]
    public async Task Who_wants_a_source_or_all_of_them_is_a_member(RecordType record, bool isMember)
    {
        var lab = await bench.Started();
        await Sent(lab, "P1", Query(Router));

        await Sent(lab, "P3", Report(record));

        (await Sent(lab, "P4", Data())).Should().Equal(isMember ? ["P1", "P3"] : ["P1"]);
    }

    [Fact]
    public async Task Members_are_forgotten_after_the_membership_interval_or_when_nobody_answers_a_query_about_them()
    {
        var lab = await bench.Started();
        await Sent(lab, "P1", Query(Router));
        await Sent(lab, "P2", Report(RecordType.ToExclude));
        await Sent(lab, "P3", Report(RecordType.ToExclude));

        await Sent(lab, "P1", Query(Router, G));
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        await Sent(lab, "P2", Report(RecordType.IsExclude));
        (await Sent(lab, "P4", Data())).Should().Equal("P1", "P2", "P3");
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        (await Sent(lab, "P4", Data())).Should().Equal("P1", "P2");

        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(200), Cancellation);
        await Sent(lab, "P1", Query(Router));
        (await Sent(lab, "P4", Data())).Should().Equal("P1", "P2");
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(60), Cancellation);
        (await Sent(lab, "P4", Data())).Should().Equal("P1");
    }

    [Fact]
    public async Task What_is_not_understood_goes_everywhere_and_nothing_is_learnt_from_it()
    {
        var lab = await bench.Started();
        await Sent(lab, "P1", Query(Router));
        var broken = Report(RecordType.ToExclude);
        broken[^1] ^= 1;

        (await Sent(lab, "P2", broken)).Should().Equal("P1", "P3", "P4");

        (await Sent(lab, "P4", Data())).Should().Equal("P1");
    }

    // The LANs to which the bridge has sent it.
    private static async Task<IEnumerable<string>> Sent(SimulatedLab lab, string from, byte[] frame)
    {
        var before = lab.Frames.Count;
        await lab.Transmit(from, frame, lab.Now, Cancellation);
        await lab.PassUntil(lab.Now + (3 * Hop), Cancellation);
        return lab.Frames.Skip(before).Where(each => each.Node == "sw").Select(each => each.Lan).Order(StringComparer.Ordinal);
    }

    private static byte[] Query(Address source, Address? about = null) => Frame(buffer => IgmpWriter.WriteQuery(
        buffer,
        new QueryContent(
            Generation.Sources, TimeSpan.FromSeconds(about is null ? 10 : 1), about ?? Address.AnyV4, SuppressRouterSideProcessing: false,
            RobustnessVariable: 2, TimeSpan.FromSeconds(125), []),
        source, about ?? Address.Parse("224.0.0.1")));

    private static byte[] Report(RecordType type) => Frame(buffer =>
        IgmpWriter.WriteReport(buffer, new ReportContent([new RecordContent(type, G, [])]), Host, Address.Parse("224.0.0.22")));

    private static byte[] Data(string group = "239.1.1.1") => Frame(buffer =>
        UdpWriter.Write(buffer, new Ipv4Header(Host, Address.Parse(group), IpProtocol.Udp), 5000, 5000, [1, 2, 3, 4]));

    private static byte[] Frame(Func<byte[], int> write)
    {
        var packet = new byte[1500];
        var length = write(packet);
        var frame = new byte[EthernetView.HeaderLength + length];
        EthernetWriter.WriteIpv4(frame, new MacAddress(0x02_00_00_00_00_99UL), packet.AsSpan(0, length));
        return frame;
    }
}
