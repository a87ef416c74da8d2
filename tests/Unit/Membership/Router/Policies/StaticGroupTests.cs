using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router.Policies;

/// <summary>What is forwarded by configuration: RFC 8652 <c>static-group</c>.</summary>
public abstract class StaticGroupTests(Vocabulary words) : RouterTests(words)
{
    private Address M1 => Named("232.1.1.1");

    private readonly RouterUnderTest router = With(
        words, new GroupAndSource(words.Named("G1")), new GroupAndSource(words.Named("G2"), words.Named("S1")));

    [Fact]
    public void It_is_forwarded_without_any_host_and_nothing_is_asked_about_it()
    {
        router.Core.Forwards(S9, G1).Should().BeTrue();
        router.Core.Forwards(S1, G2).Should().BeTrue();
        router.Core.Forwards(S2, G2).Should().BeFalse();
        router.Wait(1000);
        router.Core.Forwards(S9, G1).Should().BeTrue();
        router.SentSpecific().Should().BeEmpty();
    }

    [Fact]
    public void It_is_in_the_dump_and_told_from_what_hosts_want()
    {
        router.ShouldBe("EXCLUDE({},{})");
        router.ShouldBe("INCLUDE({S1})", G2);
        router.Group()!.IsStatic.Should().BeTrue();
        router.Group(G2)!.IsStatic.Should().BeFalse();
        router.Group(G2)!.Sources.Single().IsStatic.Should().BeTrue();
        router.Wait(5);
        router.Group()!.UpTime.Should().Be(Seconds(5));
        router.Core.GroupCount.Should().Be(0, "no host has joined anything");
    }

    [Fact]
    public void Hosts_come_and_go_beside_it_as_without_it()
    {
        router.Allow(G1, S1);
        router.Allow(G2, S2);
        router.ShouldBe("EXCLUDE({S1},{})");
        router.ShouldBe("INCLUDE({S1,S2})", G2);
        router.Timer(S2, G2).Should().Be(Seconds(48));
        router.Block(G2, S2);
        router.SentSpecific().Should().Equal("0 Q(G2,S2)");
        router.Wait(48);

        router.ShouldBe("EXCLUDE({},{})");
        router.ShouldBe("INCLUDE({S1})", G2);
    }

    [Fact]
    public void A_source_that_a_host_excludes_is_forwarded_where_all_are_static()
    {
        router.IsEx(G1, S1);

        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.ShouldBe("EXCLUDE({S1},{})");
    }

    [Fact]
    public void No_leave_and_no_limit_and_no_policy_takes_it_away()
    {
        router.Configure(
            router.Core.Settings with
            {
                MaxGroups = 1,
                ImmediateLeave = ImmediateLeave.Always,
                GroupPolicy = DenyAll,
                SourcePolicy = DenyAll,
            });
        router.ToEx(G1);
        router.ToIn(G1);

        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.Core.Forwards(S1, G2).Should().BeTrue();
    }

    [Fact]
    public void Configured_anew_the_difference_is_told_and_the_rest_goes_on()
    {
        router.Wait(5);
        router.Forget();
        router.Configure(router.Core.Settings with { StaticGroups = [new GroupAndSource(G1), new GroupAndSource(G9)] });

        router.Told<ForwardingChanged>().Select(each => each.Group).Should().BeEquivalentTo([G2, G9]);
        router.Core.Forwards(S1, G2).Should().BeFalse();
        router.Core.Forwards(S1, G9).Should().BeTrue();
        router.Group()!.UpTime.Should().Be(Seconds(5));
    }

    [Fact]
    public void It_is_forwarded_while_the_interface_is_up()
    {
        router.Forget();
        router.Keep(router.Core.LinkDown(router.Now));
        router.Core.Forwards(S1, G1).Should().BeFalse();
        router.State.Groups.Should().BeEmpty();
        router.Told<ForwardingChanged>().Select(each => each.Group).Should().BeEquivalentTo([G1, G2]);

        router.Keep(router.Core.LinkUp(Own, router.Now));
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.Told<ForwardingChanged>().Select(each => each.Group).Should().BeEquivalentTo([G1, G2]);
    }

    [Theory]
    [InlineData("10.0.0.1", "no group")]
    [InlineData("224.0.0.5", "no group")]
    [InlineData("224.0.0.1,239.1.1.1", "cannot be the source")]
    [InlineData("232.1.1.1", "source-specific")]
    public void What_cannot_be_forwarded_is_refused(string membership, string message)
    {
        var read = string.Join(',', membership.Split(',').Select(each => Named(each).ToString()));
        GroupAndSource.TryParse(read, out var group).Should().BeTrue();
        group.ToString().Should().Be(read);
        new RouterSettings { StaticGroups = [group] }
            .Invoking(each => each.Validate(Dialect))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage($"*{message}*");
        new RouterSettings { StaticGroups = [new GroupAndSource(M1, S1)] }.Validate(Dialect);
    }

    private Address S9 => Source(9);
    private AccessList DenyAll => new(new AccessRule(false, NamedPrefix("0.0.0.0/0")));

    private static RouterUnderTest With(Vocabulary words, params GroupAndSource[] groups) =>
        new(words, Fast, new RouterSettings { StaticGroups = groups });

    public sealed class Igmp() : StaticGroupTests(Vocabulary.Igmp);

    public sealed class Mld() : StaticGroupTests(Vocabulary.Mld);
}
