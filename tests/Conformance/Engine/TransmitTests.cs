using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Conformance.Engine;

/// <summary>Frames that the tester puts on a LAN of real packets.</summary>
public sealed class TransmitTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public async Task A_frame_is_sent_at_its_instant_and_recorded_once_as_the_tester_s()
    {
        using var folder = new TopologyFolder(("lab.conf", "n1[0]=\"A\"\nn2[0]=\"A\"\nn2[1]=\"B\"\nn3[0]=\"B\"\n"));
        await using var lab = await NamespacesLabTests.Up(folder);
        var at = lab.Now + Soon;

        await lab.Transmit("B", Marked(1), at, Cancellation);
        await lab.Transmit("A", Marked(2), at + Soon, Cancellation);
        await lab.PassUntil(at + (2 * Soon), Cancellation);

        lab.Frames.Select(each => (each.Lan, each.Node, each.Interface)).Should().Equal(("B", "Tester", "B"), ("A", "Tester", "A"));
        lab.Frames.Select(each => each.Bytes.ToArray())
            .Should()
            .BeEquivalentTo([Marked(1), Marked(2)], options => options.WithStrictOrdering());
        lab.Frames[0].At.Should().BeGreaterThanOrEqualTo(at).And.BeLessThan(at + lab.Latency);
        lab.Frames[1].At.Should().BeGreaterThanOrEqualTo(at + Soon).And.BeLessThan(at + Soon + lab.Latency);
        lab.FramesLost.Should().Be(0);
    }

    [NamespacesFact]
    public async Task Every_node_of_the_lan_gets_it()
    {
        await using var line = await StartedLine.Of(3);
        using var second = new NodeSocket(line.Lab, "n2", "0.0.0.0");
        using var third = new NodeSocket(line.Lab, "n3", "0.0.0.0");

        await line.Lab.Transmit("A", Datagram(second.Port, "to the second"), line.Lab.Now, Cancellation);
        await line.Lab.Transmit("A", Datagram(third.Port, "to the third"), line.Lab.Now, Cancellation);

        second.Receive().Should().Be("to the second");
        third.Receive().Should().Be("to the third");
    }

    [NamespacesFact]
    public async Task Frames_of_one_instant_go_in_the_order_of_the_calls_and_those_of_the_past_at_once()
    {
        await using var line = await StartedLine.Of(1);
        var lab = line.Lab;
        var later = lab.Now + Soon;

        await lab.Transmit("A", Marked(2), later, Cancellation);
        await lab.Transmit("A", Marked(3), later, Cancellation);
        await lab.Transmit("A", Marked(1), Instant.Epoch, Cancellation);
        await lab.PassUntil(later + Soon, Cancellation);

        var frames = lab.Frames.Where(each => each.Node == LabFrame.Tester).ToList();
        frames.Select(each => each.Bytes.Span[^1]).Should().Equal(1, 2, 3);
        frames[0].At.Should().BeLessThan(later);
    }

    [NamespacesFact]
    public async Task Two_processes_that_work_on_a_lab_share_the_tester_s_ports()
    {
        await using var line = await StartedLine.Of(2);
        await line.Lab.Transmit("A", Marked(1), line.Lab.Now, Cancellation);
        await line.Lab.PassUntil(line.Lab.Now + Soon, Cancellation);
        await using var attached = await RealEngine.Attach(line.Lab.Record, Cancellation);

        await attached.Transmit("A", Marked(2), attached.Now, Cancellation);
        await attached.PassUntil(attached.Now + Soon, Cancellation);

        attached.Frames.Select(each => (each.Node, each.Bytes.Span[^1])).Should().Equal(("Tester", 2));
    }

    [NamespacesFact]
    public async Task A_lan_that_is_not_there_is_told()
    {
        await using var line = await StartedLine.Of(1);

        var transmit = () => line.Lab.Transmit("B", Marked(1), line.Lab.Now, Cancellation);

        await transmit.Should().ThrowAsync<ArgumentException>().WithMessage("*has no LAN B; it has A.*");
    }

    // Nobody knows the EtherType, so nobody answers.
    private static byte[] Marked(byte mark) => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 0x99, 0x88, 0xB5, mark];

    // To the all-systems group, which every host takes.
    private static byte[] Datagram(int port, string text)
    {
        Span<byte> packet = stackalloc byte[1500];
        var header = new Ipv4Header(Address.Parse("10.0.0.99"), Address.Parse("224.0.0.1"), IpProtocol.Udp);
        packet = packet[..UdpWriter.Write(packet, header, 5001, (ushort)port, System.Text.Encoding.ASCII.GetBytes(text))];
        var frame = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(frame, new MacAddress(0x0200_0000_0099), packet);
        return frame;
    }
}
