using System.Text;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using Xunit;

namespace MulticastLab.Tests.Packets.Decoding;

/// <summary>JSON with Wireshark's field names.</summary>
public sealed class FrameJsonTests
{
    [Fact]
    public void A_report_has_an_array_of_records()
    {
        var json = Json(Packet.Igmp("22000000 00000002 04000000 ef010101 05000001 e8010101 c0000201")).GetProperty("igmp");

        json.GetProperty("igmp.type").GetString().Should().Be("0x22");
        json.GetProperty("igmp.version").GetInt32().Should().Be(3);
        json.GetProperty("igmp.checksum.status").GetInt32().Should().Be(1);
        json.GetProperty("igmp.num_grp_recs").GetInt32().Should().Be(2);
        var records = json.GetProperty("igmp.record").EnumerateArray().ToList();
        records[0].GetProperty("igmp.record_type").GetInt32().Should().Be(4);
        records[0].GetProperty("igmp.maddr").GetString().Should().Be("239.1.1.1");
        records[0].TryGetProperty("igmp.saddr", out _).Should().BeFalse();
        records[1].GetProperty("igmp.saddr").EnumerateArray().Select(each => each.GetString()).Should().Equal("192.0.2.1");
    }

    [Fact]
    public void A_query_is_typed()
    {
        var json = Json(Packet.Igmp("11af0000 ef010101 0a7d0000"));

        json.GetProperty("eth").GetProperty("eth.type").GetString().Should().Be("0x0800");
        var ip = json.GetProperty("ip");
        ip.GetProperty("ip.src").GetString().Should().Be("10.0.0.1");
        ip.GetProperty("ip.ttl").GetInt32().Should().Be(1);
        ip.GetProperty("ip.dsfield").GetString().Should().Be("0xc0");
        ip.GetProperty("ip.dsfield.dscp").GetInt32().Should().Be(48);
        ip.GetProperty("ip.flags.df").GetBoolean().Should().BeTrue();
        ip.GetProperty("ip.opt").EnumerateArray().Single().GetProperty("ip.opt.ra").GetInt32().Should().Be(0);
        var igmp = json.GetProperty("igmp");
        igmp.GetProperty("igmp.max_resp").GetInt32().Should().Be(992);
        igmp.GetProperty("igmp.max_resp.exp").GetString().Should().Be("0x02");
        igmp.GetProperty("igmp.s").GetBoolean().Should().BeTrue();
        igmp.GetProperty("igmp.qrv").GetInt32().Should().Be(2);
        igmp.GetProperty("igmp.qqic").GetInt32().Should().Be(125);
        json.TryGetProperty("error", out _).Should().BeFalse();
    }

    [Fact]
    public void The_code_of_a_version_2_query_is_linear()
    {
        var igmp = Json(Packet.Igmp("11c80000 00000000")).GetProperty("igmp");

        igmp.GetProperty("igmp.max_resp").GetInt32().Should().Be(200);
        igmp.TryGetProperty("igmp.max_resp.exp", out _).Should().BeFalse();
    }

    [Fact]
    public void A_malformed_frame_names_its_error() =>
        Json(Packet.Igmp("11640000 00000000 027d0001")).GetProperty("error").GetString().Should().Be(nameof(PacketError.IgmpQuerySources));

    [Fact]
    public void A_captured_packet_tells_of_its_capture()
    {
        var packet = new CapturedPacket(
            new CaptureInterface(2, LinkType.Ethernet, "lanA", null), new Instant(1_500_000_001),
            Packet.Ethernet(Packet.Igmp("17000000 ef010101")))
        {
            Comments = ["step 2"],
            Direction = PacketDirection.Outbound,
        };
        var json = Written(writer => FrameJson.Write(writer, packet, 7)).GetProperty("frame");

        json.GetProperty("frame.number").GetInt32().Should().Be(7);
        json.GetProperty("frame.time_epoch").GetString().Should().Be("1.500000001");
        json.GetProperty("frame.len").GetInt32().Should().Be(46);
        json.GetProperty("frame.interface_name").GetString().Should().Be("lanA");
        json.GetProperty("frame.interface_id").GetInt32().Should().Be(2);
        json.GetProperty("frame.packet_flags_direction").GetInt32().Should().Be(2);
        json.GetProperty("frame.comment").EnumerateArray().Single().GetString().Should().Be("step 2");
    }

    private static JsonElement Json(byte[] ipPacket) =>
        Written(writer => FrameJson.Write(writer, FrameDecoder.Decode(Packet.Ethernet(ipPacket))));

    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            write(writer);
        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }
}
