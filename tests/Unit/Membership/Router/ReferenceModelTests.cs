using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>The core, which runs the compiled table, and the plain second formulation agree on any course of messages.</summary>
public abstract class ReferenceModelTests(Vocabulary words) : RouterTests(words)
{
    private static readonly RecordType[] Types = Enum.GetValues<RecordType>();
    private static readonly Message[] Records = [.. Types.Select(type => (Message)type)];
    private static readonly Message[] Version2 = [Message.V2Report, Message.V2Report, Message.V2Leave, Message.V2Leave];

    // Often within the Last Member Query Time, sometimes exactly on a boundary, seldom near the Group Membership Interval or the Older Host
    // Present Interval.
    private static readonly Gen<int> Waits = Gen.Frequency(
        (4, Gen.Choose(0, 1500)), (2, Gen.Elements(0, 500, 1000, 2000, 3000)), (2, Gen.Choose(1000, 20_000)),
        (1, Gen.Elements(48_000, 47_000, 46_000, 44_000, 43_999, 50_000, 60_000)));

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public void Core_and_reference_model_agree(bool querier, int count) =>
        Prop.ForAll(Steps(Records).ListOf(30).ToArbitrary(), steps => Agree(querier, count, steps)).Holds(300);

    [Theory(DisplayName = "V3-X-7.3.2-01 x-r-gcm, V3-X-7.3.2-04 x-r-gcm-table: members of all versions, and routers")]
    [InlineData(3, true, 1)]
    [InlineData(3, true, 2)]
    [InlineData(3, true, 3)]
    [InlineData(3, false, 2)]
    [InlineData(2, true, 2)]
    [InlineData(2, true, 3)]
    [InlineData(2, false, 2)]
    public void Core_and_reference_model_agree_on_mixed_versions(int version, bool querier, int count) =>
        Prop.ForAll(Steps([.. Records, .. Older]).ListOf(30).ToArbitrary(), steps => Agree(querier, count, steps, version))
            .Holds(300);

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void Core_and_reference_model_agree_where_policies_are_on_and_have_nothing_to_say(bool querier, int count)
    {
        var permit = new AccessList(new AccessRule(true, NamedPrefix("0.0.0.0/0")));
        var policies = new RouterSettings
        {
            RequireRouterAlert = true,
            AcceptedSenders = [NamedPrefix("10.0.0.0/24")],
            GroupPolicy = permit,
            SourcePolicy = permit,
            MaxGroups = 1,
            MaxSources = 12,
            MaxSourcesPerGroup = 12,
            ExplicitTracking = true,
            MaxHosts = 1,
            ImmediateLeave = ImmediateLeave.Always,
            ImmediateLeaveScope = LeaveScope.SourceSpecific,
            StaticGroups = [new GroupAndSource(G2)],
            SsmMappings = [new SsmMapping(NamedPrefix("232.0.0.0/8"), S1)],
        };
        Prop.ForAll(Steps([.. Records, .. Older]).ListOf(30).ToArbitrary(), steps => Agree(querier, count, steps, policies: policies))
            .Holds(300);
    }

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
                ? [new(Message.IsExclude, initial, 1000), new(Message.Allow, [.. initial.Intersect(allowed)], 1000)]
                : [new(Message.Allow, initial, 1000)];
            foreach (var querier in new[] { true, false })
                Agree(querier, 2, [.. prepare, new Step((Message)type, sources, 1000), new Step(Message.Allow, [], 5000)]);
        }
    }

    private Message[] Older => Words.HasVersion1 ? [Message.V1Report, .. Version2] : Version2;

    private static Gen<Step> Steps(Message[] messages) =>
        from message in Gen.Elements(messages)
        from sources in Gen.SubListOf(Enumerable.Range(1, 12))
        from wait in Waits
        select new Step(message, [.. sources], wait);

    private void Agree(bool querier, int count, IEnumerable<Step> steps, int version = 3, RouterSettings? policies = null)
    {
        var timing = Fast with { LastMemberQueryCount = count, QueryInterval = Seconds(20), RobustnessVariable = 2 };
        var settings = (policies ?? new RouterSettings()) with { Version = Version(version) };
        var router = querier ? NewRouter(timing, settings) : NonQuerier(timing, settings);
        // §8.4 and §8.13; hosts take 10 s to answer a query of version 1.
        var response = version == 1 ? 10_000 : 4000;
        var model = new ReferenceModel(40_000 + (2 * response), 40_000 + response, 1000, count, querier, version);
        var now = 0L;
        foreach (var (message, sources, wait) in steps)
        {
            Receive(router, model, message, sources, now);
            Shape(router, now).Should().Be(model.Shape(now), $"after {message} at {now}");
            now += wait;
            for (var left = wait; left > 0; left -= 20_000)
            {
                // The other querier stays.
                if (!querier)
                    router.GeneralQuery(Lower, interval: 20);
                router.Wait(TimeSpan.FromMilliseconds(Math.Min(left, 20_000)));
            }

            model.AdvanceTo(now);
            Shape(router, now).Should().Be(model.Shape(now), $"after waiting from {message} until {now}");
        }

        var asked = Asked(router);
        // The message with the S flag may be left out where the group is asked for at the same time (§6.6.3.2).
        var group = model.Asked.Where(each => each.Source == 0).Select(each => each.At).ToHashSet();
        asked.Where(Counts).Order().Should().Equal(model.Asked.Where(Counts).Order());

        bool Counts((long At, int Source, bool Suppress) each) => !(each.Suppress && each.Source > 0 && group.Contains(each.At));
    }

    private void Receive(RouterUnderTest router, ReferenceModel model, Message message, int[] sources, long now)
    {
        switch (message)
        {
            case Message.V1Report:
                router.V1Report(G1);
                model.ReceiveReport(1, now);
                break;
            case Message.V2Report:
                router.V2Report(G1);
                model.ReceiveReport(2, now);
                break;
            case Message.V2Leave:
                router.Leave(G1);
                model.ReceiveLeave(now);
                break;
            default:
                router.Report(new RecordContent((RecordType)message, G1, [.. sources.Select(Source)]));
                model.Receive((RecordType)message, sources, now);
                break;
        }
    }

    private string Shape(RouterUnderTest router, long now)
    {
        if (router.Group() is not { } group)
            return "none";
        var x = group
            .Sources.Where(each => each.Forward)
            .Select(each => $"{each.Source.V4Bits & 0xFF}@{now + (long)each.Expires.TotalMilliseconds}");
        var y = group.Sources.Where(each => !each.Forward).Select(each => $"{each.Source.V4Bits & 0xFF}@0");
        return group.Mode == FilterMode.Include
            ? $"INCLUDE({string.Join(',', x)}) v{Words.IgmpVersion(group.CompatibilityMode)}"
            : $"EXCLUDE({string.Join(',', x)},{string.Join(',', y)}) {(long)group.Expires.TotalMilliseconds} "
                + $"v{Words.IgmpVersion(group.CompatibilityMode)}";
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

    private enum Message
    {
        IsInclude = RecordType.IsInclude,
        IsExclude = RecordType.IsExclude,
        ToInclude = RecordType.ToInclude,
        ToExclude = RecordType.ToExclude,
        Allow = RecordType.Allow,
        Block = RecordType.Block,
        V1Report,
        V2Report,
        V2Leave,
    }

    private sealed record Step(Message Message, int[] Sources, int Wait)
    {
        public override string ToString() => $"{Message}({string.Join(',', Sources)}) +{Wait}";
    }

    public sealed class Igmp() : ReferenceModelTests(Vocabulary.Igmp)
    {
        [Fact(DisplayName = "V3-X-7.3.2-01 x-r-gcm, V3-X-7.3.2-04 x-r-gcm-table: a router of version 1")]
        public void Core_and_reference_model_agree_on_mixed_versions_in_version_1() =>
            Core_and_reference_model_agree_on_mixed_versions(1, true, 2);
    }

    public sealed class Mld() : ReferenceModelTests(Vocabulary.Mld);
}
