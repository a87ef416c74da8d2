using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Scenarios.MadeUpFrames;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>What scenarios ask of a state dump is answered by exactly what it says.</summary>
public sealed class StateReadingTests
{
    private static readonly Address R1 = Address.Parse("10.0.0.1");
    private static readonly Address R2 = Address.Parse("10.0.0.2");

    [Fact]
    public void A_router_is_the_querier_when_it_is_that_on_every_interface()
    {
        Of(Querier("eth0"), Querier("eth1")).IsQuerier().Should().BeTrue();
        Of(Querier("eth0"), Follower("eth1", R1)).IsQuerier().Should().BeFalse();
        Of(Follower("eth0", R1)).IsQuerier().Should().BeFalse();
    }

    [Fact]
    public void A_router_follows_one_that_it_knows_as_the_querier_on_every_interface()
    {
        Of(Follower("eth0", R1), Follower("eth1", R1)).Follows(R1).Should().BeTrue();
        Of(Follower("eth0", R1), Follower("eth1", R2)).Follows(R1).Should().BeFalse();
        Of(Follower("eth0", R1), Querier("eth1") with { Querier = R1 }).Follows(R1).Should().BeFalse("it is the querier itself");
        Of(new InterfaceState { Name = "eth0" }).Follows(R1).Should().BeFalse("it knows none");
    }

    [Fact]
    public void A_group_is_found_on_the_interface_that_has_it()
    {
        var state = Of(Querier("eth0"), Querier("eth1") with { Groups = [Include(S1), Exclude(S2) with { Group = G2 }] });

        state.Group(G)!.Mode.Should().Be(FilterMode.Include);
        state.Group(G2)!.Mode.Should().Be(FilterMode.Exclude);
        state.Group(Address.Parse("239.1.1.9")).Should().BeNull();
        Of(Querier("eth0") with { Groups = [Include(S1)] }, Querier("eth1") with { Groups = [Include(S1)] }).Invoking(each => each.Group(G))
            .Should().Throw<InvalidOperationException>("which of the two is meant?");
        state.On("eth1").Groups.Should().HaveCount(2);
        state.Invoking(each => each.On("eth2")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void INCLUDE_has_exactly_these_sources()
    {
        Include(S1, S2).IsInclude(S2, S1).Should().BeTrue();
        Include(S1, S2).IsInclude(S1).Should().BeFalse();
        Include(S1).IsInclude(S1, S2).Should().BeFalse();
        Include(S1).IsInclude(S2).Should().BeFalse();
        Exclude(S1).IsInclude(S1).Should().BeFalse();
        ((GroupState?)null).IsInclude().Should().BeFalse();
    }

    // RFC 9776 §6.2.1: EXCLUDE(X, Y), X forwarded, Y blocked; a blocked source has a timer of zero.
    [Fact]
    public void EXCLUDE_has_exactly_these_forwarded_and_these_blocked_sources()
    {
        var state = Exclude(S1, S2) with { Sources = [Source(S1, 10), Source(S2, 0)] };

        state.IsExclude(forwarded: [S1], blocked: [S2]).Should().BeTrue();
        state.IsExclude(forwarded: [S2], blocked: [S1]).Should().BeFalse();
        state.IsExclude(forwarded: [S1]).Should().BeFalse();
        state.IsExclude(blocked: [S2]).Should().BeFalse();
        state.IsExclude(forwarded: [S1, S2]).Should().BeFalse();
        state.IsExclude(forwarded: [S1], blocked: [S2, S3]).Should().BeFalse();
        Exclude().IsExclude().Should().BeTrue();
        Include().IsExclude().Should().BeFalse();
        ((GroupState?)null).IsExclude().Should().BeFalse();
    }

    [Fact]
    public void The_timer_is_that_of_the_source()
    {
        var state = Include(S1) with { Sources = [Source(S1, 10), Source(S2, 20)] };

        state.TimerOf(S2).Should().Be(20.Seconds());
        state.TimerOf(S3).Should().BeNull();
        ((GroupState?)null).TimerOf(S1).Should().BeNull();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(0.9999, false)]
    [InlineData(2.0001, false)]
    public void Between_includes_both_ends(double seconds, bool isBetween) =>
        TimeSpan.FromSeconds(seconds).IsBetween(1.Seconds(), 2.Seconds()).Should().Be(isBetween);

    private static RouterState Of(params InterfaceState[] interfaces) => new() { Interfaces = interfaces };

    private static InterfaceState Querier(string name) => new() { Name = name, Up = true, IsQuerier = true };

    private static InterfaceState Follower(string name, Address querier) => new() { Name = name, Up = true, Querier = querier };

    private static GroupState Include(params Address[] sources) =>
        new() { Group = G, Mode = FilterMode.Include, CompatibilityMode = 3, Sources = [.. sources.Select(each => Source(each, 10))] };

    private static GroupState Exclude(params Address[] sources) => Include(sources) with { Mode = FilterMode.Exclude };

    private static SourceState Source(Address source, int seconds) => new() { Source = source, Expires = seconds.Seconds() };
}
