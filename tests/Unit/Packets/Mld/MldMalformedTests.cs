using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Mld;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>
/// Every way in which a packet can be wrong, with the exact bytes and the error; and what is valid though it does not look so.
/// </summary>
public sealed class MldMalformedTests
{
    private const string Any = "00000000000000000000000000000000";
    private const string G1 = "ff1e0000000000000000000000010001";
    private const string G2 = "ff1e0000000000000000000000010002";
    private const string S1 = "20010db8000100000000000000000001";
    private const string S2 = "20010db8000100000000000000000002";
    private const string Query = "82000000 27100000" + Any + "027d0000";
    private const string Header = "60000000 00240001 fe800000000000000000000000000001 ff020000000000000000000000000001";
    private const string Packet = Header + Ipv6Packet.RouterAlert + "82005696 27100000" + Any + "027d0000";

    public static TheoryData<string, string, PacketError> WrongHeaders =>
        new()
        {
            { "nothing", "", PacketError.Ipv6TooShort },
            { "39 bytes", Header.Replace(" ", "", StringComparison.Ordinal)[..78], PacketError.Ipv6TooShort },
            { "version 4", "4" + Packet[1..], PacketError.Ipv6Version },
            { "payload of 37, there are 36", Packet.Replace("00240001", "00250001", StringComparison.Ordinal), PacketError.Ipv6Truncated },
            { "payload of 65535", Packet.Replace("00240001", "ffff0001", StringComparison.Ordinal), PacketError.Ipv6Truncated },
            {
                "no payload for the Hop-by-Hop Options header",
                Packet.Replace("00240001", "00000001", StringComparison.Ordinal),
                PacketError.Ipv6ExtensionHeader
            },
            {
                "7 bytes for the Hop-by-Hop Options header",
                Packet.Replace("00240001", "00070001", StringComparison.Ordinal),
                PacketError.Ipv6ExtensionHeader
            },
        };

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public void A_wrong_header_has_its_error(string because, string hex, PacketError error) =>
        MldPacket.TryRead(Hex.Bytes(hex), out _).Should().Be(error, because);

    [Fact]
    public void The_packet_of_which_all_that_is_a_change_is_right() =>
        MldPacket.TryRead(Hex.Bytes(Packet), out _).Should().Be(PacketError.None);

    // RFC 8200 §4: number of the first extension header, the headers, and what becomes of them.
    public static TheoryData<string, byte, string, PacketError, bool> Extensions =>
        new()
        {
            { "none: no Router Alert", 58, "", PacketError.None, false },
            { "Router Alert and PadN", 0, "3a00 0502 0000 0100", PacketError.None, true },
            { "Router Alert and Pad1 twice", 0, "3a00 0502 0000 0000", PacketError.None, true },
            { "PadN before Router Alert", 0, "3a00 0100 0502 0000", PacketError.None, true },
            { "16 bytes", 0, "3a01 0104 0000 0000 0502 0000 0102 0000", PacketError.None, true },
            { "padding only", 0, "3a00 0104 0000 0000", PacketError.None, false },
            { "Router Alert of value 1", 0, "3a00 0502 0001 0100", PacketError.None, false },
            { "Router Alert of value 256", 0, "3a00 0502 0100 0100", PacketError.None, false },
            { "Router Alert of 1 byte", 0, "3a00 0501 0001 0100", PacketError.None, false },
            { "an option to be skipped before it", 0, "3a01 1e06 0102 0304 0506 0502 0000 0100", PacketError.None, true },
            {
                "an option that wants the packet discarded",
                0,
                "3a01 5e06 0102 0304 0506 0502 0000 0100",
                PacketError.Ipv6UnknownOption,
                false
            },
            { "an option that wants an ICMP error", 0, "3a00 0502 0000 9e00", PacketError.Ipv6UnknownOption, false },
            { "an option that wants an ICMP error for unicast", 0, "3a00 0502 0000 de00", PacketError.Ipv6UnknownOption, false },
            { "an option without its length", 0, "3a00 0100 0100 0005", PacketError.Ipv6Options, false },
            { "an option beyond its header", 0, "3a00 0503 0000 0102", PacketError.Ipv6Options, false },
            { "a header beyond the packet", 0, "3aff 0502 0000 0100", PacketError.Ipv6ExtensionHeader, false },
            { "Destination Options with Router Alert: it counts in Hop-by-Hop only", 60, "3a00 0502 0000 0100", PacketError.None, false },
            { "a wrong option in Destination Options", 60, "3a00 0503 0000 0102", PacketError.Ipv6Options, false },
            {
                "Hop-by-Hop, Routing, Destination Options",
                0,
                "2b00 0502 0000 0100 3c00 0000 0000 0000 3a00 0104 0000 0000",
                PacketError.None,
                true
            },
            { "Authentication Header of 12 bytes", 51, "3a01 0000 0000 0001 0000 0001", PacketError.None, false },
            { "Authentication Header beyond the packet", 51, "3aff 0000 0000 0001 0000 0001", PacketError.Ipv6ExtensionHeader, false },
            {
                "Hop-by-Hop after Destination Options",
                60,
                "0000 0104 0000 0000 3a00 0502 0000 0100",
                PacketError.Ipv6ExtensionHeader,
                false
            },
            { "Hop-by-Hop twice", 0, "0000 0502 0000 0100 3a00 0502 0000 0100", PacketError.Ipv6ExtensionHeader, false },
            { "Fragment header around a whole packet", 0, "2c00 0502 0000 0100 3a00 0000 1234 5678", PacketError.None, true },
            { "reserved bits of a Fragment header", 44, "3aff 0006 1234 5678", PacketError.None, false },
            { "first fragment", 0, "2c00 0502 0000 0100 3a00 0001 1234 5678", PacketError.Ipv6Fragment, false },
            { "later fragment", 0, "2c00 0502 0000 0100 3a00 0008 1234 5678", PacketError.Ipv6Fragment, false },
            { "last fragment, which may begin with anything", 44, "3a00 fff8 1234 5678", PacketError.Ipv6Fragment, false },
            { "UDP", 17, "", PacketError.NotIcmpv6, false },
            { "UDP behind Hop-by-Hop", 0, "1100 0502 0000 0100", PacketError.NotIcmpv6, false },
            { "no next header", 59, "", PacketError.NotIcmpv6, false },
            { "encrypted", 50, "", PacketError.NotIcmpv6, false },
        };

    [Theory]
    [MemberData(nameof(Extensions))]
    [Shows("L2-M-2.1-01", "L2-M-2.2-01", "L2-M-3.7-01")]
    public void Extension_headers_are_walked(string because, byte first, string headers, PacketError error, bool routerAlert)
    {
        var packet = Ipv6Packet.WithExtensions(first, headers, Ipv6Packet.WithChecksum(Hex.Bytes(Query)));

        MldPacket.TryRead(packet, out var read).Should().Be(error, because);

        if (error != PacketError.None)
            return;
        read.Envelope.Should().Be(new Envelope(Ipv6Packet.Source, Ipv6Packet.Destination, 1, routerAlert), because);
        read.Message.Bytes.Length.Should().Be(28, "extension headers are not counted as part of the message");
    }

    public static TheoryData<string, string, PacketError> WrongMessages =>
        new()
        {
            { "L2-M-3.7-02: no byte", "", PacketError.MldTooShort },
            { "L2-M-3.7-02: a report of 7 bytes", "8f000000 000000", PacketError.MldTooShort },
            { "L2-M-3.7-02: a query of 8 bytes", "82000000 27100000", PacketError.MldTooShort },
            { "L2-M-3.7-02: a query of 23 bytes", "82000000 27100000" + Any[..30], PacketError.MldTooShort },
            { "L2-M-3.7-02: a version 1 report of 23 bytes", "83000000 00000000" + G1[..30], PacketError.MldTooShort },
            { "L2-M-3.7-02: a done of 23 bytes", "84000000 00000000" + G1[..30], PacketError.MldTooShort },
            { "L2-M-5-08: type 0", "00000000 00000000" + Any, PacketError.MldUnknownType },
            { "L2-M-5-08: echo request", "80000000 00000000" + Any, PacketError.MldUnknownType },
            { "L2-M-5-08: router solicitation", "85000000 00000000", PacketError.MldUnknownType },
            { "L2-M-5-08: type 142", "8e000000 00000000" + Any, PacketError.MldUnknownType },
            { "L2-M-5-08: type 144", "90000000 00000000" + Any, PacketError.MldUnknownType },
            { "L2-M-5-08: multicast router advertisement", "97000000 00000000", PacketError.MldUnknownType },
            { "L2-M-5-08: type 255", "ff000000 00000000" + Any, PacketError.MldUnknownType },
            { "L2-X-8.1-03: a query of 25 bytes", "82000000 27100000" + Any + "02", PacketError.MldQueryLength },
            { "L2-X-8.1-03: a query of 26 bytes", "82000000 27100000" + Any + "027d", PacketError.MldQueryLength },
            { "L2-X-8.1-03: a query of 27 bytes", "82000000 27100000" + Any + "027d00", PacketError.MldQueryLength },
            {
                "L2-M-5.1.10-03: 10 sources announced, 2 there",
                "82000000 03e80000" + G1 + "027d000a" + S1 + S2,
                PacketError.MldQuerySources
            },
            { "L2-M-5.1.10-03: 65535 sources announced, none there", "82000000 03e80000" + G1 + "027dffff", PacketError.MldQuerySources },
            { "L2-M-5.1.10-03: the last source cut", "82000000 03e80000" + G1 + "027d0001" + S1[..30], PacketError.MldQuerySources },
            { "L2-M-5.2.4-03: 3 records announced, 1 there", "8f000000 00000003 04000000" + G1, PacketError.MldReportRecords },
            { "L2-M-5.2.4-03: 65535 records announced, none there", "8f000000 0000ffff", PacketError.MldReportRecords },
            { "L2-M-5.2.4-03: a record cut in its group", "8f000000 00000001 04000000" + G1[..30], PacketError.MldReportRecords },
            { "L2-M-5.2.4-03: 1000 sources announced, 2 there", "8f000000 00000001 050003e8" + G1 + S1 + S2, PacketError.MldRecordSources },
            { "L2-M-5.2.4-03: the last source cut", "8f000000 00000001 05000001" + G1 + S1[..30], PacketError.MldRecordSources },
            {
                "L2-M-5.2.4-03: 255 words of auxiliary data announced, none there",
                "8f000000 00000001 04ff0000" + G1,
                PacketError.MldRecordAuxiliaryData
            },
            {
                "auxiliary data of the second record cut",
                "8f000000 00000002 04000000" + G1 + "04020000" + G2 + "11111111",
                PacketError.MldRecordAuxiliaryData
            },
        };

    [Theory]
    [MemberData(nameof(WrongMessages))]
    public void A_wrong_message_has_its_error(string because, string message, PacketError error) =>
        MldPacket.TryRead(Ipv6Packet.Mld(message), out _).Should().Be(error, because);

    [Fact]
    [Shows("L2-M-5.1.2-02", "L2-M-5.2.2-01", "L2-M-5.1.12-01")]
    public void Every_single_bit_of_message_and_addresses_counts_in_the_checksum()
    {
        var packet = Ipv6Packet.Mld("8f000000 00000002 05000001" + G1 + S1 + "04010000" + G2 + "11223344 abcdef");
        MldPacket.TryRead(packet, out _).Should().Be(PacketError.None);

        foreach (var bit in Enumerable.Range(8 * 8, 32 * 8).Concat(Enumerable.Range(48 * 8, (packet.Length - 48) * 8)))
        {
            var flipped = (byte[])packet.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            MldPacket.TryRead(flipped, out _).Should().Be(PacketError.MldChecksum, "bit {0} is wrong", bit);
        }
    }

    public static TheoryData<string, string> Tolerated => new()
    {
        { "L2-M-5.1.12-02: a query and 4 bytes", Query + "deadbeef" },
        { "L2-M-5.1.12-01: a query and 5 bytes, an odd number", Query + "deadbeef01" },
        { "L2-M-5.1.1-01, L2-M-5.1.4-01: code and reserved field set", "82ff0000 2710ffff" + Any + "027d0000" },
        { "L2-M-5.1.6-02: all flags set", "82000000 27100000" + Any + "f27d0000" },
        { "L2-M-5.2.1-02: reserved byte set", "8fff0000 00000001 04000000" + G1 },
        { "L2-M-5.2.3-01: flags set", "8f000000 ffff0001 04000000" + G1 },
        { "L2-M-5.2.12-01: bytes that look like a second record", "8f000000 00000001 04000000" + G1 + "04000000" + G2 },
        { "L2-M-5.1.12-01: a report and 1 byte", "8f000000 00000001 04000000" + G1 + "01" },
        { "L2-X-3.7-01: a version 1 report and 4 bytes", "83000000 00000000" + G1 + "deadbeef" },
        { "L2-M-5.1.1-01: a done with code, delay and reserved field set", "84550000 ffffffff" + G1 },
    };

    [Theory]
    [MemberData(nameof(Tolerated))]
    public void What_is_to_be_ignored_is_ignored(string because, string message)
    {
        MldPacket.TryRead(Ipv6Packet.Mld(message), out var packet).Should().Be(PacketError.None, because);

        switch (packet.Message.Type)
        {
            case MldType.Query:
                packet.Message.Query.ToContent().Should().BeEquivalentTo(new QueryContent(
                    Generation.Sources, TimeSpan.FromSeconds(10), Address.AnyV6, false, 2, TimeSpan.FromSeconds(125), []), because);
                break;
            case MldType.V2Report:
                packet.Message.Report.ToContent().Records.Should().ContainSingle(because)
                    .Which.Should().BeEquivalentTo(new RecordContent(RecordType.ToExclude, Address.Parse("ff1e::1:1"), []));
                break;
            default:
                packet.Message.GroupMessage.Group.Should().Be(Address.Parse("ff1e::1:1"), because);
                break;
        }
    }

    // A version 1 query of 24 bytes in a frame padded to 60 is of version 1.
    [Fact]
    [Shows("L2-M-3.7-01", "L2-X-8.1-01")]
    public void Padding_of_the_frame_is_not_part_of_the_message()
    {
        byte[] padded = [.. Ipv6Packet.Mld("82000000 27100000" + Any), .. new byte[14]];

        MldPacket.TryRead(padded, out var packet).Should().Be(PacketError.None);

        packet.Message.Version.Should().Be(1);
        packet.Message.Bytes.Length.Should().Be(24);
    }

    [Fact]
    public void A_query_is_no_message_about_a_group()
    {
        var asking = () =>
        {
            MldPacket.TryRead(Ipv6Packet.Mld(Query), out var packet);
            return packet.Message.GroupMessage;
        };
        asking.Should().Throw<InvalidOperationException>();
    }

    // What Ipv6View tells of the header, beyond what an MLD message needs.
    [Fact]
    public void The_fields_of_the_header_are_read()
    {
        var buffer = new byte[52];
        var header = new Ipv6Header(Address.Parse("2001:db8::1"), Address.Parse("ff05::2"), IpProtocol.Udp)
        {
            TrafficClass = 0xC5,
            HopLimit = 7,
        };
        Ipv6Writer.Write(buffer, header, new byte[12]).Should().Be(52);
        Convert.ToHexStringLower(buffer.AsSpan(0, 8)).Should().Be("6c500000000c1107");

        Ipv6View.TryRead(buffer, out var view).Should().Be(PacketError.None);

        (view.TrafficClass, view.HopLimit, view.NextHeader, view.Protocol, view.TotalLength)
            .Should()
            .Be(((byte)0xC5, (byte)7, IpProtocol.Udp, IpProtocol.Udp, 52));
        (view.Source, view.Destination, view.IsFragment, view.HasRouterAlert, view.Payload.Length)
            .Should().Be((Address.Parse("2001:db8::1"), Address.Parse("ff05::2"), false, false, 12));
    }
}
