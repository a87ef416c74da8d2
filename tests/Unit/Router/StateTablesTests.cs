using FluentAssertions;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Router.Output;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The tables of <c>router show</c>: columns in the order of FRR's.</summary>
public sealed class StateTablesTests
{
    private static readonly RouterState State = new()
    {
        Interfaces =
        [
            new InterfaceState
            {
                Name = "eth0",
                Up = true,
                Address = Address.Parse("10.0.0.1"),
                UpTime = TimeSpan.FromSeconds(3600),
                Version = 3,
                Querier = Address.Parse("10.0.0.1"),
                IsQuerier = true,
                GeneralQueryExpires = TimeSpan.FromSeconds(61.2),
                Groups =
                [
                    new GroupState
                    {
                        Group = Address.Parse("232.1.1.1"),
                        Mode = FilterMode.Include,
                        CompatibilityMode = 3,
                        UpTime = TimeSpan.FromHours(30),
                        LastReporter = Address.Parse("10.0.0.11"),
                        Sources = [new SourceState { Source = Address.Parse("192.0.2.1"), Expires = TimeSpan.FromSeconds(260) }],
                    },
                    new GroupState
                    {
                        Group = Address.Parse("239.1.1.1"),
                        Mode = FilterMode.Exclude,
                        CompatibilityMode = 3,
                        Expires = TimeSpan.FromMilliseconds(1),
                        LastReporter = Address.Parse("10.0.0.12"),
                        Sources = [new SourceState { Source = Address.Parse("192.0.2.9") }],
                    },
                ],
            },
            new InterfaceState
            {
                Name = "eth10",
                Up = true,
                Version = 3,
                Querier = Address.Parse("10.1.0.1"),
                OtherQuerierPresentExpires = TimeSpan.FromSeconds(255),
            },
            new InterfaceState { Name = "eth2", Version = 3 },
        ],
        Statistics = new StatisticsState
        {
            Received = new Dictionary<string, long> { ["query"] = 3 },
            Sent = new Dictionary<string, long> { ["total"] = 12 },
            Error = new Dictionary<string, long> { ["checksum"] = 1 },
        },
    };

    [Fact]
    public void Interfaces_one_per_line() => StateTables.Interfaces(State).Should().Be(
        """
        Interface  State  Address   V  Querier  QuerierIp  Query Timer  Uptime    Other Querier Timer  Groups
        eth0       up     10.0.0.1  3  local    10.0.0.1   00:01:02     01:00:00  -                    2
        eth10      up     -         3  other    10.1.0.1   -            -         00:04:15             0
        eth2       down   -         3  -        -          -            -         -                    0
        """);

    [Fact]
    public void Groups_and_their_sources_below() => StateTables.Groups(State).Should().Be(
        """
        Total IGMP groups: 2
        Interface  Group      Mode  Timer     Srcs  V  Uptime    Last Reporter
        eth0       232.1.1.1  INCL  -         1     3  30:00:00  10.0.0.11
        eth0       239.1.1.1  EXCL  00:00:01  1     3  00:00:00  10.0.0.12

        Interface  Group      Source     Timer     Fwd
        eth0       232.1.1.1  192.0.2.1  00:04:20  Y
        eth0       239.1.1.1  192.0.2.9  00:00:00  N
        """);

    [Fact]
    public void Without_groups_there_is_the_headline() => StateTables.Groups(new RouterState()).Should().Be(
        "Total IGMP groups: 0\nInterface  Group  Mode  Timer  Srcs  V  Uptime  Last Reporter");

    [Fact]
    public void Statistics_one_per_line() => StateTables.Statistics(State).Should().Be(
        """
        Counter         Value
        received query  3
        sent total      12
        error checksum  1
        """);
}
