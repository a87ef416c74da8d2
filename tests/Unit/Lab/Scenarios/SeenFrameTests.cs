using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.MadeUpFrames;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>
/// What the judge recognises as an IGMP message or a datagram: nothing that was meant to be IGMP slips through, whatever is wrong with it.
/// </summary>
public sealed class SeenFrameTests
{
    private static readonly byte[] GoodQuery = IgmpPacket(MadeUpFrames.GeneralQuery);

    [Fact]
    public void A_query_is_read_with_all_its_fields()
    {
        var seen = Seen(
            IgmpPacket(QueryOf(G, S1, S2) with { SuppressRouterSideProcessing = true, RobustnessVariable = 5 }), from: "r1", lan: "A");

        seen.IsIgmp.Should().BeTrue();
        seen.Error.Should().Be(PacketError.None);
        seen.Query.Should().BeEquivalentTo(QueryOf(G, S1, S2) with { SuppressRouterSideProcessing = true, RobustnessVariable = 5 });
        seen.Envelope.Should().Be(new Envelope(Address.Parse("10.0.0.1"), G, 1, true));
        (seen.Report, seen.GroupMessage, seen.Datagram).Should().Be(default((ReportContent?, GroupMessage?, ReadOnlyMemory<byte>?)));
        (seen.Sender, seen.Frame.Lan, seen.Number).Should().Be(("r1", "A", 1));
    }

    [Fact]
    public void A_report_is_read_with_all_its_records()
    {
        var seen = Seen(IgmpPacket(null, Messages.Block(G, S1, S2), Messages.ToExclude(G2)));

        seen.IsIgmp.Should().BeTrue();
        seen.Report!.Records.Should()
            .BeEquivalentTo([Messages.Block(G, S1, S2), Messages.ToExclude(G2)], options => options.WithStrictOrdering());
        seen.Envelope.Should().Be(new Envelope(Address.Parse("10.0.0.11"), Dialect.Igmp.ReportDestination, 1, true));
        seen.Query.Should().BeNull();
    }

    [Theory]
    [InlineData(IgmpType.V1MembershipReport, GroupMessageKind.Report, Generation.Reports)]
    [InlineData(IgmpType.V2MembershipReport, GroupMessageKind.Report, Generation.Leaves)]
    [InlineData(IgmpType.V2LeaveGroup, GroupMessageKind.Leave, Generation.Leaves)]
    public void Messages_of_older_versions_are_IGMP(IgmpType type, GroupMessageKind kind, Generation generation)
    {
        var seen = Seen(IgmpPacket(type, G, G));

        (seen.IsIgmp, seen.Error, seen.GroupMessage).Should().Be((true, PacketError.None, new GroupMessage(kind, generation, G)));
        seen.Envelope.Should().Be(new Envelope(Address.Parse("10.0.0.11"), G, 1, true));
    }

    [Fact]
    public void A_message_that_is_wrong_is_IGMP_all_the_same()
    {
        Wrong(PacketError.IgmpChecksum, Changed(GoodQuery, GoodQuery.Length - 1, 1));
        Wrong(PacketError.IgmpUnknownType, Packet.Igmp("99000000 ef010101"));
        Wrong(PacketError.IgmpTooShort, Packet.Igmp("11000000 ef0101"));
        Wrong(PacketError.IgmpQueryLength, Packet.Igmp("11640000 00000000 027d"));
    }

    [Fact]
    public void So_is_one_whose_IP_header_is_wrong_or_which_is_cut()
    {
        Wrong(PacketError.Ipv4HeaderChecksum, Changed(GoodQuery, 8, 64));
        Wrong(PacketError.Ipv4Truncated, GoodQuery[..^1]);
        Wrong(PacketError.Ipv4Fragment, Packet.WithHeaderChecksum(Changed(GoodQuery, 6, 0x20)));
        Wrong(PacketError.Ipv4TooShort, GoodQuery[..10], "its protocol is the last byte that is there");
    }

    [Fact]
    public void What_is_not_IGMP_is_not()
    {
        var udp = Packet.Ip([0, 1, 2, 3, 0, 8, 0, 0], new Ipv4Header(Packet.Source, G, IpProtocol.Udp));

        Seen(udp).IsIgmp.Should().BeFalse();
        Seen(Changed(udp, 8, 1)).IsIgmp.Should().BeFalse("its header is broken, but it does not name IGMP");
        OfType(EtherType.Ipv4, GoodQuery[..9]).IsIgmp.Should().BeFalse("it ends before its protocol");
        OfType(EtherType.Ipv6, GoodQuery).IsIgmp.Should().BeFalse();
        SeenFrame
            .Decode(new LabFrame(1, default, "A", "r1", "eth0", new byte[13]), Dialect.Igmp)
            .IsIgmp.Should()
            .BeFalse("it is no whole header");
    }

    [Fact]
    public void A_datagram_is_known_by_its_payload_and_nothing_around_it()
    {
        var header = new Ipv4Header(S1, G, IpProtocol.Udp) { TimeToLive = 7 };
        var packet = Packet.Written(buffer => UdpWriter.Write(buffer, header, 5001, 5001, [1, 2, 3]));

        Payload([.. packet, 0, 0, 0]).Should().Equal([1, 2, 3], "padding is not part of it");
        Payload(Changed(packet, packet.Length - 1, 4)).Should().Equal([1, 2, 7], "a device may leave the checksum to its hardware");
        Seen(packet).Envelope.Should().Be(new Envelope(S1, G, 7, false));
        Seen(packet).Datagram.Should().NotBeNull();
        Seen(Changed(packet, 8, 1)).Datagram.Should().BeNull("its header is broken");
        Seen(Packet.Ip([0, 1, 2, 3, 0, 9, 0, 0], header)).Datagram.Should().BeNull("it is longer than its packet");
        Seen(Packet.Ip([0, 1, 2, 3, 0, 8, 0, 0], header with { Protocol = IpProtocol.Tcp })).Datagram.Should().BeNull("it is TCP");
        Seen(GoodQuery).Datagram.Should().BeNull();

        static byte[] Payload(byte[] packet) => Seen(packet).Datagram!.Value.ToArray();
    }

    private static void Wrong(PacketError error, byte[] packet, string because = "")
    {
        var seen = OfType(EtherType.Ipv4, packet);
        (seen.IsIgmp, seen.Error).Should().Be((true, error), because);
        (seen.Query, seen.Report, seen.GroupMessage)
            .Should()
            .Be(default((QueryContent?, ReportContent?, GroupMessage?)), "no pattern may take it");
    }

    private static byte[] Changed(byte[] packet, int at, byte bits)
    {
        var changed = (byte[])packet.Clone();
        changed[at] ^= bits;
        return changed;
    }

    private static SeenFrame OfType(ushort etherType, byte[] packet)
    {
        var frame = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.Write(frame, Packet.Mac, MacAddress.ForGroup(G), etherType, packet);
        return SeenFrame.Decode(new LabFrame(1, default, "A", "r1", "eth0", frame), Dialect.Igmp);
    }
}
