using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Membership;

/// <summary>The sizes, ranges and addresses of IGMP.</summary>
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
        Dialect.Igmp.Representable(TimeSpan.FromSeconds(seconds), version: 3).Should().Be(TimeSpan.FromSeconds(representable));

    // RFC 9776 §7.2.1, §7.3.1: version 2 is linear, version 1 says nothing, which hosts take for 10 s.
    [Theory]
    [InlineData(2, 12.9, 12.9)]
    [InlineData(2, 0.09, 0)]
    [InlineData(2, 25.59, 25.5)]
    [InlineData(2, 100, 25.5)]
    [InlineData(1, 0.5, 10)]
    [InlineData(1, 100, 10)]
    public void Older_versions_have_codes_of_their_own(int version, double seconds, double representable) =>
        Dialect.Igmp.Representable(TimeSpan.FromSeconds(seconds), version).Should().Be(TimeSpan.FromSeconds(representable));

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
}
