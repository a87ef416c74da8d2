using FluentAssertions;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>What the tester's packets are, and what is different about them when they are told so.</summary>
public sealed class TesterPacketTests
{
    private const int MessageAt = 14 + 24;

    private static readonly Address Group = Address.Parse("239.1.1.1");

    private static TesterPacket Packet => new()
    {
        Dialect = Dialect.Igmp,
        Message = new SendOlderReport(Generation.Leaves, Group),
        Source = Address.Parse("10.0.0.11"),
    };

    [Fact]
    public void A_packet_is_what_the_dialect_writes()
    {
        var expected = new byte[24 + 8];
        Dialect.Igmp.Write(expected, new SendOlderReport(Generation.Leaves, Group), Address.Parse("10.0.0.11"));

        Frame(Packet)[14..].Should().Equal(expected);
    }

    [Fact]
    public void The_body_changes_before_the_checksum_and_is_damaged_after_it()
    {
        var changed = Frame(Packet.With(bytes => bytes[1] = 0x55));
        var damaged = Frame(Packet with { Damage = bytes => bytes[1] = 0x55 });

        changed[MessageAt + 1].Should().Be(0x55);
        InternetChecksum.IsValid(changed.AsSpan(MessageAt)).Should().BeTrue();
        damaged[MessageAt + 1].Should().Be(0x55);
        InternetChecksum.IsValid(damaged.AsSpan(MessageAt)).Should().BeFalse();
    }

    [Fact]
    public void A_trailer_follows_the_packet_and_is_no_part_of_it()
    {
        var frame = Frame(Packet with { Trailer = new byte[] { 1, 2, 3 } });

        frame[^3..].Should().Equal(1, 2, 3);
        frame[..^3].Should().Equal(Frame(Packet));
    }

    private static byte[] Frame(TesterPacket packet) => packet.ToFrame(new MacAddress(0x02_00_00_00_00_01));
}
