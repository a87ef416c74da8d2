using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Tests.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Messages as they come off the wire: every type finds its way.</summary>
public abstract class PacketReceptionTests(Vocabulary words) : RouterTests(words)
{
    private readonly RouterUnderTest router = new(words, Fast);

    // The sender is 10.0.0.1 or fe80::1, which is lower than this router.
    private void Receive(string message)
    {
        Dialect.TryRead(Words.Packet(message), out var received).Should().Be(PacketError.None);
        router.Keep(router.Core.Receive(received, router.Now));
    }

    public sealed class Igmp() : PacketReceptionTests(Vocabulary.Igmp)
    {
        [Theory(DisplayName = "V3-M-4-07 m-types-known, V3-X-App.I-01 x-v1-format")]
        [InlineData("12000000 ef010101", "EXCLUDE({},{})", 1)]
        [InlineData("12550000 ef010101", "EXCLUDE({},{})", 1)]
        [InlineData("16000000 ef010101", "EXCLUDE({},{})", 2)]
        [InlineData("22000000 00000001 04000000 ef010101", "EXCLUDE({},{})", 3)]
        [InlineData("22000000 00000001 06000001 ef010101 c0000201", "none", null)]
        [InlineData("17000000 ef010101", "none", null)]
        public void A_report_of_any_version_makes_a_group(string message, string shape, int? mode)
        {
            Receive(message);

            router.ShouldBe(shape);
            router.Group()?.CompatibilityMode.Should().Be(mode);
        }

        [Fact(DisplayName = "V3-M-4-07 m-types-known")]
        public void A_leave_is_taken_for_one_and_a_query_for_another_router()
        {
            Receive("16000000 ef010101");
            Receive("17000000 ef010101");
            router.SentSpecific().Should().Equal("0 Q(G1)");

            Receive("11640000 00000000 027d0000");
            router.State.Querier.Should().Be(Packet.Source);
        }

        [Theory(DisplayName = "V3-X-7.1-01 x-ver-v1, V3-X-7.1-02 x-ver-v2, V3-X-7.1-03 x-ver-v3")]
        [InlineData("11000000 00000000", 1)]
        [InlineData("11640000 00000000", 2)]
        [InlineData("11ff0000 00000000", 2)]
        [InlineData("11000000 00000000 027d0000", 3)]
        [InlineData("11640000 00000000 027d0000 ffffffff", 3)]
        public void The_version_of_a_query_is_told_by_its_length_and_code(string message, int version)
        {
            Receive(message);

            router.Told<QueryOfOtherVersion>().Select(each => each.Version).Should().Equal(version == 3 ? [] : [version]);
            router.State.IsQuerier.Should().BeFalse();
        }
    }

    public sealed class Mld() : PacketReceptionTests(Vocabulary.Mld)
    {
        [Theory(DisplayName = "L2-M-5-07 m-types-known")]
        [InlineData("8300000000000000 ff1e00000000000000000000ef010101", "EXCLUDE({},{})", 1)]
        [InlineData("8300000012340000 ff1e00000000000000000000ef010101", "EXCLUDE({},{})", 1)]
        [InlineData("8f00000000000001 04000000 ff1e00000000000000000000ef010101", "EXCLUDE({},{})", 2)]
        [InlineData("8f00000000000001 06000001 ff1e00000000000000000000ef010101 20010db80000000000000000c0000201", "none", null)]
        [InlineData("8400000000000000 ff1e00000000000000000000ef010101", "none", null)]
        public void A_report_of_any_version_makes_a_group(string message, string shape, int? mode)
        {
            Receive(message);

            router.ShouldBe(shape);
            router.Group()?.CompatibilityMode.Should().Be(mode);
        }

        [Fact(DisplayName = "L2-M-5-07 m-types-known")]
        public void A_done_is_taken_for_a_leave_and_a_query_for_another_router()
        {
            Receive("8300000000000000 ff1e00000000000000000000ef010101");
            Receive("8400000000000000 ff1e00000000000000000000ef010101");
            router.SentSpecific().Should().Equal("0 Q(G1)");

            Receive("8200000027100000 00000000000000000000000000000000 027d0000");
            router.State.Querier.Should().Be(Ipv6Packet.Source);
        }

        [Theory(DisplayName = "L2-X-8.1-01 x-ver-v1, L2-X-8.1-02 x-ver-v2")]
        [InlineData("8200000000000000 00000000000000000000000000000000", 1)]
        [InlineData("8200000027100000 00000000000000000000000000000000", 1)]
        [InlineData("8200000000000000 00000000000000000000000000000000 027d0000", 2)]
        [InlineData("8200000027100000 00000000000000000000000000000000 027d0000 ffffffff", 2)]
        public void The_version_of_a_query_is_told_by_its_length(string message, int version)
        {
            Receive(message);

            router.Told<QueryOfOtherVersion>().Select(each => each.Version).Should().Equal(version == 2 ? [] : [version]);
            router.State.IsQuerier.Should().BeFalse();
        }
    }
}
