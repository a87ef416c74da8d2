using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>The state table entries of the requirements that take more than one record.</summary>
public abstract class StateTableSequenceTests(Vocabulary words) : RouterTests(words)
{
    [Fact(DisplayName = "V3-R-6.4.2-49 t-toex-order")]
    public void In_EXCLUDE_mode_TO_EX_gives_new_sources_the_old_value_of_the_group_timer()
    {
        var router = NonQuerier(Fast);
        router.IsEx(G1);
        router.Wait(18);
        router.ToEx(G1, S1);

        router.Timer(S1).Should().Be(Seconds(30));
        router.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.4.2-50 t-block-gt-low")]
    public void A_BLOCK_of_a_group_that_is_about_to_end_takes_over_the_low_timer_and_is_not_asked_about()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1);
        router.ToIn(G1);
        router.Wait(0.5);
        router.Block(G1, S1);

        router.Timer(S1).Should().Be(Seconds(1.5));
        router.Wait(1.499);
        router.ShouldBe("EXCLUDE({S1},{})");
        router.Wait(0.001);
        router.ShouldBe("none");
        router.SentSpecific().Should().Equal("0 Q(G1)", "1 Q(G1)");
    }

    [Fact(DisplayName = "V3-R-6.4.2-51 t-include-block-expiry")]
    public void A_blocked_source_of_an_INCLUDE_group_goes_when_nobody_answers()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.Block(G1, S1);
        router.Wait(1);
        router.IsIn(G1, S2);
        router.Wait(0.999);
        router.ShouldBe("INCLUDE({S1,S2})");
        router.Wait(0.001);
        router.ShouldBe("INCLUDE({S2})");
    }

    [Fact(DisplayName = "V3-R-6.4.2-52 t-exclude-block-expiry")]
    public void A_blocked_source_of_an_EXCLUDE_group_goes_to_the_blocked_ones_when_nobody_answers()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1);
        router.Allow(G1, S1);
        router.Block(G1, S1);
        router.Wait(1);
        router.IsEx(G1, S1);
        router.Wait(1);

        router.ShouldBe("EXCLUDE({},{S1})");
        router.Core.Forwards(S1, G1).Should().BeFalse();
        router.Core.Forwards(S2, G1).Should().BeTrue();
    }

    [Fact(DisplayName = "V3-R-6.4.2-53 t-exclude-block-answer")]
    public void A_blocked_source_of_an_EXCLUDE_group_stays_when_another_member_answers()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1);
        router.Block(G1, S1);
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.Wait(0.7);
        router.IsIn(G1, S1);

        router.ShouldBe("EXCLUDE({S1},{})");
        router.Timer(S1).Should().Be(Seconds(48));
        for (var i = 0; i < 10; i++)
        {
            router.Wait(10);
            router.IsEx(G1, S1);
            router.Core.Forwards(S1, G1).Should().BeTrue();
            router.Wait(10);
            router.IsEx(G1);
            router.Core.Forwards(S1, G1).Should().BeTrue();
        }
    }

    [Fact(DisplayName = "V3-R-6.4.1-21 t-two-exclude-hosts")]
    public void Of_two_EXCLUDE_members_only_what_both_exclude_is_blocked_in_the_end()
    {
        var router = NewRouter(Fast);
        for (var i = 0; i < 8; i++)
        {
            router.ReportFrom(Host1, new RecordContent(RecordType.IsExclude, G1, [S1, S2]));
            if (i > 0)
                router.Core.Forwards(S1, G1).Should().BeTrue();
            router.Wait(1);
            router.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, [S2, S3]));
            router.Core.Forwards(S1, G1).Should().BeTrue();
            router.Core.Forwards(S3, G1).Should().BeTrue();
            router.Wait(19);
        }

        router.Core.Forwards(S2, G1).Should().BeFalse();
    }

    [Fact(DisplayName = "V3-R-6.4.1-22 t-mixed-modes")]
    public void A_source_that_one_excludes_and_another_includes_is_forwarded()
    {
        var router = NewRouter(Fast);
        for (var i = 0; i < 10; i++)
        {
            router.ReportFrom(Host1, new RecordContent(RecordType.IsExclude, G1, [S1]));
            router.ReportFrom(Host2, new RecordContent(RecordType.IsInclude, G1, [S1]));
            router.ShouldBe("EXCLUDE({S1},{})");
            router.Wait(20);
        }
    }

    [Fact(DisplayName = "V3-R-6.4-01 t-multi-record-order")]
    public void Records_of_one_report_are_applied_one_after_another()
    {
        var router = NewRouter(Fast);
        router.Report(new RecordContent(RecordType.IsExclude, G1, [S1]), new RecordContent(RecordType.Allow, G1, [S1]));
        router.Report(new RecordContent(RecordType.Allow, G2, [S1]), new RecordContent(RecordType.IsExclude, G2, [S1]));

        router.ShouldBe("EXCLUDE({S1},{})");
        router.ShouldBe("EXCLUDE({S1},{})", G2);
        router.Timer(S1, G2).Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.4-02 t-group-isolation")]
    public void Records_of_one_group_touch_no_other_not_even_one_with_the_same_Ethernet_address()
    {
        var twin = Named("239.129.1.1");
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.Allow(G2, S1, S2);
        router.Allow(twin, S1, S2);
        router.Wait(4);
        router.Forget();
        router.Block(G1, S1);

        router.Timer(S1, G2).Should().Be(Seconds(44));
        router.Timer(S1, twin).Should().Be(Seconds(44));
        router.Told<SendQuery>().Should().ContainSingle().Which.Query.Group.Should().Be(G1);
    }

    [Fact]
    public void The_table_prints_as_the_RFC_has_it() =>
        MulticastLab
            .Membership.Router.StateTable.ToMarkdown()
            .Should()
            .Be(
    """
    | Router state | Report received | New router state | Actions |
    |---|---|---|---|
    | INCLUDE (A) | IS_IN (B) | INCLUDE (A+B) | (B)=GMI |
    | INCLUDE (A) | IS_EX (B) | EXCLUDE (A*B, B-A) | (B-A)=0; Delete (A-B); Group Timer=GMI |
    | EXCLUDE (X, Y) | IS_IN (A) | EXCLUDE (X+A, Y-A) | (A)=GMI |
    | EXCLUDE (X, Y) | IS_EX (A) | EXCLUDE (A-Y, Y*A) | (A-X-Y)=GMI; Delete (X-A); Delete (Y-A); Group Timer=GMI |
    | INCLUDE (A) | ALLOW (B) | INCLUDE (A+B) | (B)=GMI |
    | INCLUDE (A) | BLOCK (B) | INCLUDE (A) | Send Q(G,A*B) |
    | INCLUDE (A) | TO_EX (B) | EXCLUDE (A*B, B-A) | (B-A)=0; Delete (A-B); Send Q(G,A*B); Group Timer=GMI |
    | INCLUDE (A) | TO_IN (B) | INCLUDE (A+B) | (B)=GMI; Send Q(G,A-B) |
    | EXCLUDE (X, Y) | ALLOW (A) | EXCLUDE (X+A, Y-A) | (A)=GMI |
    | EXCLUDE (X, Y) | BLOCK (A) | EXCLUDE (X+(A-Y), Y) | (A-X-Y)=Group Timer; Send Q(G,A-Y) |
    | EXCLUDE (X, Y) | TO_EX (A) | EXCLUDE (A-Y, Y*A) | (A-X-Y)=Group Timer; Delete (X-A); Delete (Y-A); Send Q(G,A-Y); Group Timer=GMI |
    | EXCLUDE (X, Y) | TO_IN (A) | EXCLUDE (X+A, Y-A) | (A)=GMI; Send Q(G,X-A); Send Q(G) |

    """.ReplaceLineEndings("\n"));

    public sealed class Igmp() : StateTableSequenceTests(Vocabulary.Igmp);

    public sealed class Mld() : StateTableSequenceTests(Vocabulary.Mld);
}
