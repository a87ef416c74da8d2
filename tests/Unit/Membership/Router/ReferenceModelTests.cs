using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>The core, which runs the compiled table, and the plain second formulation agree on any course of records.</summary>
public sealed class ReferenceModelTests
{
    private static readonly RecordType[] Types = Enum.GetValues<RecordType>();

    private static readonly Gen<Step> Steps =
        from type in Gen.Elements(Types)
        from sources in Gen.SubListOf(Enumerable.Range(1, 12))
        // Often within the Last Member Query Time, sometimes exactly on a boundary, seldom near the Group Membership Interval.
        from wait in Gen.Frequency(
            (4, Gen.Choose(0, 1500)), (2, Gen.Elements(0, 500, 1000, 2000, 3000)), (2, Gen.Choose(1000, 20_000)), (1, Gen.Elements(48_000, 47_000, 46_000)))
        select new Step(type, [.. sources], wait);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public void Core_and_reference_model_agree(bool querier, int count) =>
        Prop.ForAll(Steps.ListOf(30).ToArbitrary(), steps => Agree(querier, count, steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Every_record_on_every_state_of_two_sources_agrees()
    {
        // All states of two sources by the recipes, all record types, all record lists: the whole table, row by row and set by set.
        var sets = new[] { Array.Empty<int>(), [1], [2], [1, 2], [1, 3], [1, 2, 3] };
        foreach (var initial in sets)
        foreach (var allowed in sets)
        foreach (var exclude in new[] { false, true })
        foreach (var type in Types)
        foreach (var sources in sets)
        {
            Step[] prepare = exclude
                ? [new(RecordType.IsExclude, initial, 1000), new(RecordType.Allow, [.. initial.Intersect(allowed)], 1000)]
                : [new(RecordType.Allow, initial, 1000)];
            foreach (var querier in new[] { true, false })
                Agree(querier, 2, [.. prepare, new Step(type, sources, 1000), new Step(RecordType.Allow, [], 5000)]);
        }
    }

    private static void Agree(bool querier, int count, IEnumerable<Step> steps)
    {
        var timing = Fast with { LastMemberQueryCount = count, QueryInterval = Seconds(20) };
        var router = querier ? new RouterUnderTest(timing) : NonQuerier(timing with { RobustnessVariable = 2 });
        var model = new ReferenceModel(48_000, 1000, count, querier);
        var now = 0L;
        foreach (var (type, sources, wait) in steps)
        {
            router.Report(new RecordContent(type, G1, [.. sources.Select(Source)]));
            model.Receive(type, sources, now);
            Shape(router, now).Should().Be(model.Shape(now), $"after {type} at {now}");
            now += wait;
            for (var left = wait; left > 0; left -= 20_000)
            {
                // The other querier stays.
                if (!querier)
                    router.GeneralQuery(Lower, interval: 20);
                router.Wait(TimeSpan.FromMilliseconds(Math.Min(left, 20_000)));
            }

            model.AdvanceTo(now);
            Shape(router, now).Should().Be(model.Shape(now), $"after waiting from {type} until {now}");
        }

        var asked = Asked(router);
        // The message with the S flag may be left out where the group is asked for at the same time (§6.6.3.2).
        var group = model.Asked.Where(each => each.Source == 0).Select(each => each.At).ToHashSet();
        asked.Where(Counts).Order().Should().Equal(model.Asked.Where(Counts).Order());

        bool Counts((long At, int Source, bool Suppress) each) => !(each.Suppress && each.Source > 0 && group.Contains(each.At));
    }

    private static string Shape(RouterUnderTest router, long now)
    {
        if (router.Group() is not { } group)
            return "none";
        var x = group.Sources.Where(each => each.Forward).Select(each => $"{each.Source.V4Bits & 0xFF}@{now + (long)each.Expires.TotalMilliseconds}");
        var y = group.Sources.Where(each => !each.Forward).Select(each => $"{each.Source.V4Bits & 0xFF}@0");
        return group.Mode == FilterMode.Include
            ? $"INCLUDE({string.Join(',', x)})"
            : $"EXCLUDE({string.Join(',', x)},{string.Join(',', y)}) {(long)group.Expires.TotalMilliseconds}";
    }

    private static List<(long At, int Source, bool Suppress)> Asked(RouterUnderTest router)
    {
        var asked = new List<(long, int, bool)>();
        foreach (var (at, effect) in router.Take())
        {
            if (effect is not SendQuery { Query: var query } || query.Kind == QueryKind.General)
                continue;
            var time = (long)at.TotalMilliseconds;
            if (query.Kind == QueryKind.GroupSpecific)
                asked.Add((time, 0, query.SuppressRouterSideProcessing));
            asked.AddRange(query.Sources.Select(each => (time, (int)(each.V4Bits & 0xFF), query.SuppressRouterSideProcessing)));
        }

        return asked;
    }

    private sealed record Step(RecordType Type, int[] Sources, int Wait)
    {
        public override string ToString() => $"{Type}({string.Join(',', Sources)}) +{Wait}";
    }
}
