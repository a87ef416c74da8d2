using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router.Policies;

/// <summary>The most groups and sources: what is there stays and is refreshed, what is new is refused, counted and told once.</summary>
[Collection(nameof(MeasuredAlone))]
public abstract class StateLimitsTests(Vocabulary words) : RouterTests(words)
{
    [Fact(DisplayName = "V3-R-9.2-06 sec-state-limit")]
    public void At_the_most_groups_a_new_one_is_refused_and_the_others_are_refreshed()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxGroups = 2 });
        router.ToEx(G1);
        router.Allow(G2, S1);
        router.Wait(5);
        router.Forget();

        router.Report(
            new RecordContent(RecordType.ToExclude, G9, []), new RecordContent(RecordType.IsExclude, G1, []),
            new RecordContent(RecordType.Allow, G2, [S1, S2]));

        router.State.Groups.Select(each => each.Group).Should().Equal(G1, G2);
        router.GroupTimer().Should().Be(Seconds(48));
        router.ShouldBe("INCLUDE({S1,S2})", G2);
        router
            .Take()
            .Select(each => each.Effect)
            .Should()
            .ContainInOrder(
                new Dropped(DropReason.GroupLimit), new StateChanged(StateChange.GroupLimitReached, G9),
                new StateChanged(StateChange.SourceForwarded, G2, S2));
    }

    [Fact]
    public void A_leave_makes_room_for_the_next_one()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxGroups = 1 });
        router.ToEx(G1);
        router.ToEx(G2);
        router.ShouldBe("none", G2);
        router.ToIn(G1);
        router.Wait(2);

        router.ToEx(G2);

        router.ShouldBe("EXCLUDE({},{})", G2);
    }

    [Fact]
    public void The_limit_is_told_once_until_the_count_is_a_tenth_below_it()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxGroups = 20 });
        void Join(int from, int count) =>
            router.Report([.. Enumerable.Range(from, count).Select(i => new RecordContent(RecordType.ToExclude, Number(i), []))]);
        void Leave(params int[] groups)
        {
            router.Report([.. groups.Select(i => new RecordContent(RecordType.ToInclude, Number(i), []))]);
            router.Wait(2);
        }

        Join(0, 30);
        Told().Should().Be(1);
        Leave(0);
        Join(40, 2);
        Told().Should().Be(0, "19 of 20 is not yet below it");
        Leave(1, 2);
        Join(50, 3);
        Told().Should().Be(1);

        int Told() => router.Told<StateChanged>().Count(each => each.What == StateChange.GroupLimitReached);
    }

    [Theory]
    [InlineData(20, null)]
    [InlineData(null, 20)]
    public void So_is_the_limit_of_sources(int? ofInterface, int? ofGroup)
    {
        var router = NewRouter(Fast, new RouterSettings { MaxSources = ofInterface, MaxSourcesPerGroup = ofGroup });
        Address[] Some(int from, int count) => [.. Enumerable.Range(from, count).Select(i => Words.Named($"192.0.9.{i}"))];
        int Told(int from, int count)
        {
            router.Forget();
            router.Allow(G1, Some(from, count));
            return router.Told<StateChanged>().Count(each => each.What == StateChange.SourceLimitReached);
        }

        Told(1, 30).Should().Be(1);
        Told(40, 2).Should().Be(0);
        router.Block(G1, Some(1, 1));
        router.Wait(2);
        Told(50, 2).Should().Be(0, "19 of 20 is not yet below it");
        router.Block(G1, Some(2, 2));
        router.Wait(2);
        Told(60, 3).Should().Be(1);
    }

    [Fact]
    public void At_the_most_sources_of_the_interface_new_ones_of_any_group_are_refused()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxSources = 3 });
        router.Allow(G1, S1, S2);
        router.Allow(G2, S1, S2, S3);
        router.Allow(G9, S1);

        router.ShouldBe("INCLUDE({S1,S2})");
        router.ShouldBe("INCLUDE({S1})", G2);
        router.ShouldBe("none", G9);
        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.SourceLimit), new Dropped(DropReason.SourceLimit));
        router.Wait(5);
        router.IsIn(G1, S1, S2);
        router.Timer(S1).Should().Be(Seconds(48), "what is there is refreshed");

        router.Block(G1, S1);
        router.Wait(2);
        router.Allow(G9, S1, S2);
        router.ShouldBe("INCLUDE({S1})", G9);
    }

    [Fact]
    public void At_the_most_sources_of_a_group_new_ones_of_others_are_not_refused()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxSourcesPerGroup = 2 });
        router.Allow(G1, S1, S2, S3);
        router.Allow(G2, S3, S4);

        router.ShouldBe("INCLUDE({S1,S2})");
        router.ShouldBe("INCLUDE({S3,S4})", G2);
        router
            .Told<StateChanged>()
            .Where(each => each.What == StateChange.SourceLimitReached)
            .Should()
            .Equal(new StateChanged(StateChange.SourceLimitReached, G1));

        router.Allow(G1, S4);
        router.Allow(G2, S5);
        router.Take().Select(each => each.Effect).Should().Equal(new Dropped(DropReason.SourceLimit), new Dropped(DropReason.SourceLimit));

        router.Block(G1, S1);
        router.Block(G2, S3);
        router.Wait(2);
        router.Forget();
        router.Allow(G1, S3, S4);
        router.ShouldBe("INCLUDE({S2,S3})");
        router.Told<StateChanged>().Should().Contain(new StateChanged(StateChange.SourceLimitReached, G1));
    }

    [Fact]
    public void An_excluded_source_without_room_is_forwarded_rather_than_the_group_refused()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxSourcesPerGroup = 1 });
        router.ToEx(G1, S1, S2);

        router.ShouldBe("EXCLUDE({},{S1})");
        router.Core.Forwards(S2, G1).Should().BeTrue();
    }

    [Fact]
    public void Raised_at_run_time_the_limit_lets_the_next_one_in_and_lowered_it_takes_nothing_away()
    {
        var router = NewRouter(Fast, new RouterSettings { MaxGroups = 1 });
        router.ToEx(G1);
        router.ToEx(G2);
        router.Keep(router.Core.Configure(router.Core.Settings with { MaxGroups = 2 }, router.Now));
        router.ToEx(G2);
        router.Keep(router.Core.Configure(router.Core.Settings with { MaxGroups = 1 }, router.Now));
        router.Wait(5);
        router.IsEx(G1);
        router.IsEx(G2);
        router.ToEx(G9);

        router.State.Groups.Select(each => (each.Group, each.Expires)).Should().Equal((G1, Seconds(48)), (G2, Seconds(48)));
    }

    [Fact(DisplayName = "V3-R-9.2-06 sec-state-limit")]
    public void A_flood_of_a_million_groups_takes_no_more_memory_than_the_limit()
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings { MaxGroups = 1000, MaxSources = 1000 });
        core.LinkUp(Own, Instant.Epoch);
        var record = new byte[4 + (2 * Words.AddressLength)];
        record[3] = 1;
        S1.Write(record.AsSpan(4 + Words.AddressLength));
        Flood(0, 5000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        Flood(5000, 1_000_000);

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(100_000);
        core.GroupCount.Should().Be(1000);

        void Flood(int from, int count)
        {
            for (var i = from; i < from + count; i++)
            {
                record[0] = (byte)(i % 2 == 0 ? RecordType.ToExclude : RecordType.Allow);
                Number(i).Write(record.AsSpan(4));
                core.Receive(
                    new Envelope(Host1, Dialect.ReportDestination, 1, true), new Report(record, 1, Words.AddressLength), Instant.Epoch);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_limit_is_1_or_more(int most)
    {
        foreach (
            var settings in (RouterSettings[])
                [new() { MaxGroups = most }, new() { MaxSources = most }, new() { MaxSourcesPerGroup = most }, new() { MaxHosts = most }])
            settings
                .Invoking(each => each.Validate(Dialect))
                .Should()
                .Throw<ArgumentException>()
                .WithMessage($"*must be 1 or more, not {most}.");
    }

    private Address Number(int i) => Named(0xEF02_0000 + (uint)i);

    public sealed class Igmp() : StateLimitsTests(Vocabulary.Igmp);

    public sealed class Mld() : StateLimitsTests(Vocabulary.Mld);
}
