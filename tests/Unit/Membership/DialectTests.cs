using FluentAssertions;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Membership;

/// <summary>The sizes, ranges and addresses of IGMP and MLD.</summary>
public sealed class DialectTests
{
    // A router's own timers are those that were put on the wire.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(12.7, 12.7)]
    [InlineData(12.9, 12.8)]
    [InlineData(25, 24.8)]
    [InlineData(100, 99.2)]
    [InlineData(0.19, 0.1)]
    [InlineData(9999, 3174.4)]
    [Shows("V3-M-8.8-01")]
    public void A_response_time_is_cut_to_what_the_wire_can_hold(double seconds, double representable) =>
        Dialect.Igmp.Representable(TimeSpan.FromSeconds(seconds), Generation.Sources).Should().Be(TimeSpan.FromSeconds(representable));

    // RFC 9776 §7.2.1, §7.3.1: version 2 is linear, version 1 says nothing, which hosts take for 10 s.
    [Theory]
    [InlineData(2, 12.9, 12.9)]
    [InlineData(2, 0.09, 0)]
    [InlineData(2, 25.59, 25.5)]
    [InlineData(2, 100, 25.5)]
    [InlineData(1, 0.5, 10)]
    [InlineData(1, 100, 10)]
    public void Older_versions_have_codes_of_their_own(int version, double seconds, double representable) =>
        Dialect
            .Igmp.Representable(TimeSpan.FromSeconds(seconds), Dialect.Igmp.GenerationOf(version))
            .Should()
            .Be(TimeSpan.FromSeconds(representable));

    // RFC 9776 §4.1.8 and §4.2.17.
    [Fact]
    public void Sizes_follow_the_MTU()
    {
        Dialect.Igmp.MaxSourcesPerQuery(1500).Should().Be(366);
        Dialect.Igmp.ReportBudget(1500).Should().Be(1468);
        Dialect.Igmp.RecordLength(0).Should().Be(8);
        Dialect.Igmp.RecordLength(3).Should().Be(20);
    }

    // RFC 9776 §5, §6.3; RFC 4607 §1.
    [Theory]
    [InlineData("224.0.0.1", false, false, false)]
    [InlineData("224.0.0.2", true, false, false)]
    [InlineData("224.0.0.255", true, false, false)]
    [InlineData("224.0.1.0", true, true, false)]
    [InlineData("231.255.255.255", true, true, false)]
    [InlineData("232.0.0.0", true, true, true)]
    [InlineData("232.255.255.255", true, true, true)]
    [InlineData("233.0.0.0", true, true, false)]
    [InlineData("239.255.255.255", true, true, false)]
    [InlineData("10.0.0.1", false, false, false)]
    [InlineData("ff35::1", false, false, false)]
    public void Groups_are_told_apart(string text, bool reportable, bool forwardable, bool sourceSpecific)
    {
        var group = Address.Parse(text);

        Dialect.Igmp.IsReportable(group).Should().Be(reportable);
        Dialect.Igmp.IsForwardable(group).Should().Be(forwardable);
        Dialect.Igmp.IsSourceSpecific(group).Should().Be(sourceSpecific);
    }

    // RFC 9777 §5.1.3: milliseconds below 32,768, above a mantissa of 12 bits; RFC 2710 §3.4: version 1 is linear.
    [Theory]
    [InlineData(2, 0, 0)]
    [InlineData(2, 1.2345, 1.234)]
    [InlineData(2, 32.767, 32.767)]
    [InlineData(2, 32.775, 32.768)]
    [InlineData(2, 100, 100)]
    [InlineData(2, 9999, 8387.584)]
    [InlineData(1, 1.2345, 1.234)]
    [InlineData(1, 65.535, 65.535)]
    [InlineData(1, 100, 65.535)]
    [Shows("L2-M-5.1.3-01", "L2-M-5.1.3-02", "L2-M-9.8-01")]
    public void A_response_time_of_MLD_is_cut_to_what_the_wire_can_hold(int version, double seconds, double representable) =>
        Dialect
            .Mld.Representable(TimeSpan.FromSeconds(seconds), Dialect.Mld.GenerationOf(version))
            .Should()
            .Be(TimeSpan.FromSeconds(representable));

    // RFC 9777 §5.1.10, §5.2.16.
    [Fact]
    public void Sizes_of_MLD_follow_the_MTU()
    {
        Dialect.Mld.MaxSourcesPerQuery(1500).Should().Be(89);
        Dialect.Mld.MaxSourcesPerQuery(1280).Should().Be(75);
        Dialect.Mld.ReportBudget(1500).Should().Be(1444);
        Dialect.Mld.RecordLength(0).Should().Be(20);
        Dialect.Mld.RecordLength(3).Should().Be(68);
    }

    // RFC 9777 §6, RFC 4291 §2.7, RFC 4607 §1.
    [Theory]
    [InlineData("ff02::1", false, false, false)]
    [InlineData("ff12::1", true, false, false)]
    [InlineData("ff02::2", true, false, false)]
    [InlineData("ff02::1:ff00:1", true, false, false)]
    [InlineData("ff00::1", false, false, false)]
    [InlineData("ff11::1", false, false, false)]
    [InlineData("ff03::1", true, true, false)]
    [InlineData("ff1e::1", true, true, false)]
    [InlineData("ff32::1", true, false, true)]
    [InlineData("ff3e::1", true, true, true)]
    [InlineData("ff3e:0:ffff::1", true, true, true)]
    [InlineData("ff3e:1::1", true, true, false)]
    [InlineData("ff31::1", false, false, true)]
    [InlineData("2001:db8::1", false, false, false)]
    [InlineData("239.1.1.1", false, false, false)]
    [Shows("L2-H-6-03", "L2-H-6-04", "L2-H-6-05", "L2-S-2-01")]
    public void Groups_of_MLD_are_told_apart(string text, bool reportable, bool forwardable, bool sourceSpecific)
    {
        var group = Address.Parse(text);

        Dialect.Mld.IsReportable(group).Should().Be(reportable);
        Dialect.Mld.IsForwardable(group).Should().Be(forwardable);
        Dialect.Mld.IsSourceSpecific(group).Should().Be(sourceSpecific);
    }

    [Fact]
    public void Each_version_has_its_generation_and_no_other_exists()
    {
        Enum.GetValues<Generation>().Select(Dialect.Igmp.VersionOf).Should().Equal(1, 2, 3);
        (Dialect.Mld.VersionOf(Generation.Leaves), Dialect.Mld.VersionOf(Generation.Sources)).Should().Be((1, 2));
        FluentActions.Invoking(() => Dialect.Mld.VersionOf(Generation.Reports)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => Dialect.Mld.GenerationOf(3)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
