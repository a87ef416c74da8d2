using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Every state table entry of the requirements that is one record on one state: state-table.yaml.</summary>
public abstract class StateTableVectorTests(Vocabulary words) : RouterTests(words)
{
    public static IEnumerable<TheoryDataRow<Vector>> Vectors()
    {
        var path = Path.Combine(Repository.Root, "tests", "Unit", "Membership", "Router", "state-table.yaml");
        var vectors = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build()
            .Deserialize<List<Vector>>(File.ReadAllText(path));
        return vectors.Select(each => new TheoryDataRow<Vector>(each) { TestDisplayName = $"{each.Id} {each.Slug}" });
    }

    [Fact]
    public void All_59_vectors_are_there() => Vectors().Should().HaveCount(59);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_record_changes_state_timers_and_queries_as_the_table_says(Vector vector)
    {
        var router = Prepared(vector);
        var before = router.Group();

        router.Report(new RecordContent(vector.RecordType, G1, [.. vector.Sources.Select(Named)]));

        router.ShouldBe(vector.Final.AsText);
        foreach (var (source, timer) in vector.Timers)
            router
                .Timer(Named(source))
                .Should()
                .Be(Expected(timer, before?.Sources.SingleOrDefault(each => each.Source == Named(source))?.Expires), source);
        if (vector.Final.Mode == "EXCLUDE")
            router.GroupTimer().Should().Be(Expected(vector.GroupTimer, before?.Expires), "group timer");
        router.Effects.OfType<StateChanged>().Where(each => each.What == StateChange.SourceRemoved).Select(each => each.Source)
            .Should().BeEquivalentTo(vector.Deleted.Select(each => (Address?)Named(each)));

        // Nobody answers: LMQC rounds, LMQI apart, all with S clear, and nothing else.
        var start = router.Time.TotalSeconds;
        router.Wait(router.Lmqt + Seconds(1));
        router.SentSpecific().Should().Equal(
            from round in new[] { 0, 1 }
            from query in vector.Queries
            select FormattableString.Invariant($"{start + round} {query}"));

        TimeSpan Expected(string timer, TimeSpan? old) => timer switch
        {
            "unchanged" => old!.Value,
            "0" => TimeSpan.Zero,
            "GMI" => router.Gmi,
            "LMQT" => router.Lmqt,
            "min(GT_before, LMQT)" => before!.Expires < router.Lmqt ? before.Expires : router.Lmqt,
            _ => throw new ArgumentException(timer),
        };
    }

    /// <summary>By the recipes of the requirements, a second apart, so that no two timers are equal by chance.</summary>
    private RouterUnderTest Prepared(Vector vector)
    {
        var router = NewRouter();
        router.Wait(40);
        var state = vector.Initial;
        if (state.Mode == "EXCLUDE")
        {
            router.IsEx(G1, [.. state.Forwarded.Concat(state.Blocked).Select(Named)]);
            router.Wait(1);
        }

        if (state.Forwarded.Count > 0)
            router.Allow(G1, [.. state.Forwarded.Select(Named)]);
        router.Wait(2);
        router.ShouldBe(state.AsText);
        router.Forget();
        return router;
    }

    public sealed record Vector
    {
        public string Id { get; init; } = "";

        public string Slug { get; init; } = "";

        public Shape Initial { get; init; } = new();

        public string Record { get; init; } = "";

        public List<string> Sources { get; init; } = [];

        public Shape Final { get; init; } = new();

        public Dictionary<string, string> Timers { get; init; } = [];

        public string GroupTimer { get; init; } = "";

        public List<string> Deleted { get; init; } = [];

        public List<Ask> Queries { get; init; } = [];

        [YamlIgnore]
        public RecordType RecordType => Record switch
        {
            "IS_IN" => RecordType.IsInclude,
            "IS_EX" => RecordType.IsExclude,
            "TO_IN" => RecordType.ToInclude,
            "TO_EX" => RecordType.ToExclude,
            "ALLOW" => RecordType.Allow,
            "BLOCK" => RecordType.Block,
            _ => throw new ArgumentException(Record),
        };

        public override string ToString() => $"{Id} {Slug}";
    }

    public sealed record Shape
    {
        public string Mode { get; init; } = "";

        public List<string> Forwarded { get; init; } = [];

        public List<string> Blocked { get; init; } = [];

        public string AsText => Mode switch
        {
            "NONE" => "none",
            "INCLUDE" => $"INCLUDE({{{string.Join(',', Forwarded)}}})",
            _ => $"EXCLUDE({{{string.Join(',', Forwarded)}}},{{{string.Join(',', Blocked)}}})",
        };
    }

    public sealed record Ask
    {
        public string Type { get; init; } = "";

        public List<string> Sources { get; init; } = [];

        public override string ToString() => Type == "GSQ" ? "Q(G1)" : $"Q(G1,{string.Join('+', Sources)})";
    }

    public sealed class Igmp() : StateTableVectorTests(Vocabulary.Igmp);

    public sealed class Mld() : StateTableVectorTests(Vocabulary.Mld);
}
