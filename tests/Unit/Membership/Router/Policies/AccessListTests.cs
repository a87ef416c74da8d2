using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router.Policies;

/// <summary>Which groups and sources hosts may ask for: RFC 8652 <c>group-policy</c> and <c>source-policy</c>.</summary>
public abstract class AccessListTests(Vocabulary words) : RouterTests(words)
{
    private Address Ssm => Named("232.1.1.1");

    [Theory]
    [InlineData("239.1.1.1", true)]
    [InlineData("239.1.2.1", false)]
    [InlineData("239.2.0.1", true)]
    [InlineData("238.0.0.1", false)]
    public void The_first_rule_that_knows_an_address_decides_and_none_denies(string address, bool permitted) =>
        List("permit 239.1.1.0/24", "deny:239.1.0.0/16", "permit 239.0.0.0/8").Permits(Named(address)).Should().Be(permitted);

    [Fact]
    public void Without_rules_everything_is_permitted() => AccessList.PermitAll.Permits(G1).Should().BeTrue();

    [Theory]
    [InlineData("permit")]
    [InlineData("allow 239.0.0.0/8")]
    [InlineData("permit 239.0.0.0")]
    [InlineData("permit 239.0.0.0/33")]
    [InlineData("permit 239.0.0.0/8 deny")]
    public void What_is_no_rule_is_not_read(string text) => AccessRule.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void A_rule_is_written_as_it_is_read() =>
        List("deny:239.0.0.0/8").Rules.Single().ToString().Should().Be($"deny {NamedPrefix("239.0.0.0/8")}");

    [Fact]
    public void A_denied_group_is_not_made_and_others_of_the_same_report_are()
    {
        var router = NewRouter(Fast, new RouterSettings { GroupPolicy = List("deny 239.1.1.2/32", "permit 239.0.0.0/8") });
        router.Report(
            new RecordContent(RecordType.ToExclude, G2, []), new RecordContent(RecordType.Allow, G2, [S1]),
            new RecordContent(RecordType.ToExclude, G1, []));

        router.State.Groups.Select(each => each.Group).Should().Equal(G1);
        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.GroupDenied), new Dropped(DropReason.GroupDenied));
    }

    [Fact]
    public void A_denied_source_is_passed_over_and_others_of_the_same_record_count()
    {
        var router = NewRouter(Fast, new RouterSettings { SourcePolicy = List("deny 192.0.2.1/32", "permit 0.0.0.0/0") });
        router.Allow(G1, S1, S2);
        router.ShouldBe("INCLUDE({S2})");
        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.SourceDenied));

        router.Allow(G2, S1);
        router.ShouldBe("none", G2);
        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.SourceDenied));
    }

    [Fact]
    public void A_denied_source_is_not_forwarded_where_all_others_are()
    {
        var router = NewRouter(Fast, new RouterSettings { SourcePolicy = List("deny 192.0.2.1/32", "permit 0.0.0.0/0") });
        router.ToEx(G1);

        router.Core.Forwards(S1, G1).Should().BeFalse();
        router.Core.Forwards(S2, G1).Should().BeTrue();
    }

    [Fact]
    public void What_a_new_policy_denies_goes_at_once_and_the_rest_stays_as_it_is()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.Allow(G2, S1);
        router.Allow(Ssm, S2);
        router.ToEx(G9);
        router.Wait(5);
        router.Forget();

        router.Keep(
            router.Core.Configure(
                router.Core.Settings with
                {
                    GroupPolicy = List("permit 239.0.0.0/8"),
                    SourcePolicy = List("deny 192.0.2.1/32", "permit 0.0.0.0/0"),
                },
                router.Now));

        router.ShouldBe("INCLUDE({S2})");
        router.Timer(S2).Should().Be(Seconds(43));
        router.ShouldBe("none", G2);
        router.ShouldBe("none", Ssm);
        router.ShouldBe("EXCLUDE({},{})", G9);
        router
            .Told<ForwardingChanged>()
            .Select(each => each.Group)
            .Should()
            .BeEquivalentTo([G1, G2, Ssm, G9], "of G9 all sources but the denied one are forwarded now");
    }

    public sealed class Igmp() : AccessListTests(Vocabulary.Igmp);

    public sealed class Mld() : AccessListTests(Vocabulary.Mld);
}
