using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Traffic;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>Frames that the tester puts on a simulated LAN.</summary>
public sealed class SimulatedTransmitTests : IDisposable
{
    private static readonly TimeSpan Hop = TimeSpan.FromMicroseconds(10);

    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task A_frame_is_sent_at_its_instant_and_recorded_as_the_tester_s()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        var at = Instant.Epoch + TimeSpan.FromSeconds(1.5);
        var report = Report();

        await lab.Transmit("A", report, at, Cancellation);
        await lab.PassUntil(at - Hop, Cancellation);
        lab.Frames.Where(IsTesters).Should().BeEmpty();
        await lab.PassUntil(at, Cancellation);

        lab.Frames.Where(IsTesters).Select(each => (each.At, each.Lan, each.Node, each.Interface)).Should().Equal((at, "A", "Tester", "A"));
        lab.Frames.Single(IsTesters).Bytes.ToArray().Should().Equal(report);
        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.Should().BeEmpty();
        await lab.PassUntil(at + Hop, Cancellation);
        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.Select(each => each.Group).Should().Equal(G);
        (await lab.RouterState("r1", Cancellation)).Interfaces[0].Groups.Should().BeEmpty();
    }

    [Fact]
    public async Task Frames_of_one_instant_go_in_the_order_of_the_calls_and_those_of_the_past_at_once()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.PassUntil(Instant.Epoch + TimeSpan.FromSeconds(100), Cancellation);
        var (now, later) = (lab.Now, lab.Now + TimeSpan.FromSeconds(1));

        await lab.Transmit("A", Marked(2), later, Cancellation);
        await lab.Transmit("A", Marked(3), later, Cancellation);
        await lab.Transmit("A", Marked(1), Instant.Epoch, Cancellation);
        await lab.PassUntil(later, Cancellation);

        lab.Frames.Where(IsTesters).Select(each => (each.Bytes.Span[^1], each.At)).Should().Equal((1, now), (2, later), (3, later));
    }

    [Fact]
    public async Task Every_port_gets_it_however_the_lan_is_torn()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        lab.Impair("h1", "eth0", new() { Side = 1 });
        lab.Impair("h2", "eth0", new() { Partitioned = true });
        foreach (var host in (string[])["h1", "h2"])
            await lab.Execute(host, "hostagent join 239.1.1.1", Cancellation);

        await lab.Transmit("A", Datagram(), lab.Now, Cancellation);
        await lab.PassUntil(lab.Now + Hop, Cancellation);

        lab.Accepted("h1", S, G).Should().Be(1);
        lab.Accepted("h2", S, G).Should().Be(0);
    }

    [Theory]
    [InlineData("B", 14, "* has no LAN B; it has U, A.*")]
    [InlineData("A", 13, "A frame has 14 to 1514 bytes, not 13.*")]
    [InlineData("A", 1515, "A frame has 14 to 1514 bytes, not 1515.*")]
    public async Task What_no_lan_carries_is_refused(string lan, int length, string message)
    {
        var lab = await bench.WithRouterAndHosts().Started();

        var transmit = () => lab.Transmit(lan, new byte[length], lab.Now, Cancellation);

        await transmit.Should().ThrowAsync<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public async Task A_simulated_lab_cannot_stay()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        var detach = lab.Detach;

        detach.Should().Throw<NotSupportedException>();
    }

    private static bool IsTesters(LabFrame frame) => frame.Node == LabFrame.Tester;

    private static byte[] Report()
    {
        Span<byte> packet = stackalloc byte[1500];
        var report = new ReportContent([new RecordContent(RecordType.IsExclude, G, [])]);
        return Frame(packet[..IgmpWriter.WriteReport(packet, report, Address.Parse("10.0.0.99"), Address.Parse("224.0.0.22"))]);
    }

    private static byte[] Datagram()
    {
        Span<byte> payload = stackalloc byte[StreamDatagram.Length];
        new StreamDatagram(1, 1, Instant.Epoch).Write(payload);
        Span<byte> packet = stackalloc byte[1500];
        return Frame(packet[..UdpWriter.Write(packet, new Ipv4Header(S, G, IpProtocol.Udp), 5001, 5001, payload)]);
    }

    private static byte[] Marked(byte mark)
    {
        var frame = Report();
        return [.. frame[..12], 0x88, 0xB5, mark];
    }

    private static byte[] Frame(ReadOnlySpan<byte> packet)
    {
        var frame = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(frame, new MacAddress(0x0200_0000_0099), packet);
        return frame;
    }
}
