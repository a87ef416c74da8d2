using FluentAssertions;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.MadeUpFrames;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>Two captures are the same when every packet has the same LAN, time, bytes and comments; each of these is looked at.</summary>
public sealed class CaptureDiffTests
{
    private static readonly byte[] Query = Frame(1, default, "A", "r1", IgmpPacket(QueryOf(G))).Bytes.ToArray();
    private static readonly Sent First = new("A", 1_000, Query, ["from r1 eth0"]);
    private static readonly Sent Second = new("U", 2_000, Query, ["from r1 eth1", "ok"]);

    [Fact]
    public void Equal_captures_do_not_differ()
    {
        Difference([First, Second], [First, Second]).Should().BeNull();
        Difference([], []).Should().BeNull();
    }

    [Fact]
    public void How_the_file_writes_it_does_not_matter() =>
        CaptureDiff.Of(Written([First, Second], ByteOrder.LittleEndian), Written([First, Second], ByteOrder.BigEndian)).Should().BeNull();

    [Fact]
    public void Another_LAN_is_a_difference() => Differs(Second with { Lan = "B" });

    [Fact]
    public void A_nanosecond_is_a_difference()
    {
        Differs(Second with { At = 2_001 });
        Differs(Second with { At = 1_999 });
    }

    [Fact]
    public void Every_byte_is_a_difference()
    {
        for (var i = 0; i < Query.Length; i++)
        {
            var changed = (byte[])Query.Clone();
            changed[i] ^= 1;
            Differs(Second with { Bytes = changed });
        }

        Differs(Second with { Bytes = Query[..^1] });
        Differs(Second with { Bytes = [.. Query, 0] });
    }

    [Fact]
    public void Another_comment_is_a_difference_as_is_one_more_or_less_or_another_order()
    {
        Differs(Second with { Comments = ["from r1 eth1", "FAIL"] });
        Differs(Second with { Comments = ["from r2 eth1", "ok"] });
        Differs(Second with { Comments = ["from r1 eth1"] });
        Differs(Second with { Comments = ["from r1 eth1", "ok", "ok"] });
        Differs(Second with { Comments = ["ok", "from r1 eth1"] });
        Differs(Second with { Comments = [] });
    }

    [Fact]
    public void A_packet_more_or_less_is_a_difference()
    {
        Difference([First], [First, Second]).Should().StartWith("packet 2:\n- (none)\n+ 0.000002000 U ");
        Difference([First, Second], [First]).Should().StartWith("packet 2:\n- 0.000002000 U ").And.EndWith("+ (none)\n");
        Difference([], [First]).Should().StartWith("packet 1:");
    }

    [Fact]
    public void The_first_difference_is_told_with_both_sides()
    {
        var difference = Difference([First, Second], [First with { Comments = ["from r2 eth0"] }, Second with { Lan = "B" }]);

        difference
            .Should()
            .StartWith("packet 1:\n- 0.000001000 A ")
            .And.Contain("from r1 eth0\n+ 0.000001000 A ")
            .And.EndWith("from r2 eth0\n");
    }

    private static void Differs(Sent changed)
    {
        Difference([First, Second], [First, changed]).Should().StartWith("packet 2:");
        Difference([First, changed], [First, Second]).Should().StartWith("packet 2:");
    }

    private static string? Difference(Sent[] verified, Sent[] received) => CaptureDiff.Of(Written(verified), Written(received));

    private static MemoryStream Written(Sent[] packets, ByteOrder order = ByteOrder.LittleEndian)
    {
        var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, byteOrder: order, leaveOpen: true))
        {
            string[] lans = ["A", "B", "U"];
            foreach (var lan in lans)
                writer.AddInterface(lan);
            foreach (var packet in packets)
                writer.WritePacket(Array.IndexOf(lans, packet.Lan), new Instant(packet.At), packet.Bytes, packet.Comments);
        }

        stream.Position = 0;
        return stream;
    }

    private sealed record Sent(string Lan, long At, byte[] Bytes, string[] Comments);
}
