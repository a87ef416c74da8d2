using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router.Policies;

/// <summary>Joins of all sources in the source-specific range, where they are mapped to sources: RFC 8652 <c>ssm-map</c>.</summary>
public abstract class SsmMappingTests(Vocabulary words) : RouterTests(words)
{
    private Address M1 => Named("232.1.1.1");
    private Address M2 => Named("232.2.1.1");

    private readonly RouterUnderTest router = new(
        words,
        Fast,
        new RouterSettings
        {
            SsmMappings =
            [Mapping(words, "192.0.2.1,232.1.0.0/16"), Mapping(words, "192.0.2.2,232.1.1.0/24"), Mapping(words, "192.0.2.3,239.0.0.0/8")],
        });

    [Theory]
    [InlineData(RecordType.IsExclude)]
    [InlineData(RecordType.ToExclude)]
    public void An_EXCLUDE_record_means_all_sources_that_are_mapped_to_its_group(RecordType type)
    {
        router.Report(new RecordContent(type, M1, []));

        router.ShouldBe("INCLUDE({S1,S2})", M1);
        router.Core.Forwards(S3, M1).Should().BeFalse();
        router.Told<Dropped>().Should().BeEmpty();
        router.Wait(20);
        router.IsEx(M1);
        router.Timer(S1, M1).Should().Be(Seconds(48));
    }

    [Fact]
    public void A_source_that_it_excludes_is_left_out()
    {
        router.ToEx(M1, S1);
        router.ShouldBe("INCLUDE({S2})", M1);
        router.ToEx(Named("232.1.2.1"), S1);
        router.ShouldBe("none", Named("232.1.2.1"));
    }

    [Fact]
    public void Reports_of_versions_1_and_2_mean_the_same_and_leave_the_group_as_new_as_it_is()
    {
        router.V2Report(M1);
        router.ShouldBe("INCLUDE({S1,S2})", M1);
        router.Group(M1)!.CompatibilityMode.Should().Be(Version(3));
        router.Wait(20);
        router.OldestReport(M1);
        router.Timer(S2, M1).Should().Be(Seconds(48));
        router.Told<Dropped>().Should().BeEmpty();

        router.Leave(M1);
        router.SentSpecific().Should().Equal("20 Q(G1,S1+S2)");
        router.Wait(2);
        router.ShouldBe("none", M1);
    }

    [Fact]
    public void A_leave_of_version_3_asks_for_the_sources_too()
    {
        router.ToEx(M1);
        router.ToIn(M1);
        router.SentSpecific().Should().Equal("0 Q(G1,S1+S2)");
    }

    [Fact]
    public void Groups_without_a_mapping_are_ignored_as_without_any_and_others_are_as_ever()
    {
        router.ToEx(M2);
        router.V2Report(M2);
        router.Leave(M2);
        router.ToEx(G1);

        router.ShouldBe("none", M2);
        router.ShouldBe("EXCLUDE({},{})");
        router
            .Told<Dropped>()
            .Select(each => each.Reason)
            .Should()
            .Equal(
                DropReason.ExcludeOfSourceSpecificGroup, DropReason.OlderVersionOfSourceSpecificGroup,
                DropReason.OlderVersionOfSourceSpecificGroup);
    }

    [Fact]
    public void Policies_and_limits_hold_for_mapped_sources()
    {
        var strict = NewRouter(
            Fast,
            router.Core.Settings with
            {
                SourcePolicy = new AccessList(
                    new AccessRule(false, NamedPrefix("192.0.2.1/32")), new AccessRule(true, NamedPrefix("0.0.0.0/0"))),
            });
        strict.ToEx(M1);
        strict.ShouldBe("INCLUDE({S2})", M1);
    }

    [Fact]
    public void A_mapped_source_is_a_source() => new RouterSettings { SsmMappings = [new SsmMapping(NamedPrefix("232.0.0.0/8"), G1)] }
        .Invoking(each => each.Validate(Dialect)).Should().Throw<ArgumentException>().WithMessage($"{G1} cannot be a source*");

    private static SsmMapping Mapping(Vocabulary words, string name)
    {
        var text = $"{words.Named(name.Split(',')[0])},{words.NamedPrefix(name.Split(',')[1])}";
        SsmMapping.TryParse(text, out var mapping).Should().BeTrue();
        mapping!.ToString().Should().Be(text);
        return mapping;
    }

    public sealed class Igmp() : SsmMappingTests(Vocabulary.Igmp);

    public sealed class Mld() : SsmMappingTests(Vocabulary.Mld);
}
