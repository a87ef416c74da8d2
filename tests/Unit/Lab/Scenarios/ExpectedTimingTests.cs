using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using Xunit;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>What the judge takes for the timers is what RFC 9776 §8 says in numbers; no formula of the cores is asked.</summary>
public sealed class ExpectedTimingTests
{
    // §8.1 to §8.11, "Default:".
    [Fact]
    public void With_the_defaults_the_timers_are_those_of_the_RFC()
    {
        var timing = new ExpectedTiming(Timing.Default);

        timing.RobustnessVariable.Should().Be(2);
        timing.QueryInterval.Should().Be(125.Seconds());
        timing.QueryResponseInterval.Should().Be(10.Seconds());
        timing.GroupMembershipInterval.Should().Be(270.Seconds());
        timing.OtherQuerierPresentInterval.Should().Be(255.Seconds());
        timing.StartupQueryInterval.Should().Be(31.Seconds() + 250.Milliseconds());
        timing.StartupQueryCount.Should().Be(2);
        timing.LastMemberQueryInterval.Should().Be(1.Seconds());
        timing.LastMemberQueryCount.Should().Be(2);
        timing.LastMemberQueryTime.Should().Be(2.Seconds());
        timing.UnsolicitedReportInterval.Should().Be(1.Seconds());
    }

    // No two of the values may be exchanged for one another: they are all different here.
    [Fact]
    public void With_other_values_they_follow_the_formulas()
    {
        var timing = new ExpectedTiming(new Timing
        {
            RobustnessVariable = 3,
            QueryInterval = 20.Seconds(),
            QueryResponseInterval = 4.Seconds(),
            StartupQueryInterval = 7.Seconds(),
            StartupQueryCount = 5,
            LastMemberQueryInterval = 600.Milliseconds(),
            LastMemberQueryCount = 4,
            UnsolicitedReportInterval = 900.Milliseconds(),
        });

        // 3 × 20 s + 2 × 4 s; 3 × 20 s + 4 s / 2; 4 × 0.6 s.
        timing.GroupMembershipInterval.Should().Be(68.Seconds());
        timing.OtherQuerierPresentInterval.Should().Be(62.Seconds());
        timing.LastMemberQueryTime.Should().Be(2400.Milliseconds());
        (timing.StartupQueryInterval, timing.StartupQueryCount).Should().Be((7.Seconds(), 5));
        (timing.LastMemberQueryInterval, timing.LastMemberQueryCount).Should().Be((600.Milliseconds(), 4));
        (timing.RobustnessVariable, timing.QueryInterval, timing.QueryResponseInterval).Should().Be((3, 20.Seconds(), 4.Seconds()));
        timing.UnsolicitedReportInterval.Should().Be(900.Milliseconds());
    }
}
