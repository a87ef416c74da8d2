using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>What must hold after any sequence of requests and queries.</summary>
public abstract class HostPropertyTests(Vocabulary words) : HostTests(words)
{
    private static readonly string[] Names = ["S1", "S2", "S3", "S4"];
    private const int Thorough = 500;

    /// <summary>A socket wants this of a group; before it, some time passes.</summary>
    public sealed record Request(int Milliseconds, int Socket, int Group, bool Exclude, int Sources);

    /// <summary>A query; before it, some time passes. Group 0 is a General Query, no sources a Group-Specific one.</summary>
    public sealed record Asked(int Milliseconds, int Group, int Sources, int ResponseMilliseconds);

    private static Arbitrary<(int Seed, Request[] Requests)> Requests => WithSeed(
        from time in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 700)), (1, Gen.Choose(700, 9000)))
        from socket in Gen.Choose(1, 3)
        from @group in Gen.Choose(1, 2)
        from exclude in ArbMap.Default.GeneratorFor<bool>()
        from sources in Gen.Choose(0, 15)
        select new Request(time, socket, @group, exclude, sources));

    private static Arbitrary<(int Seed, Asked[] Queries)> Queries => WithSeed(
        from time in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 3000)), (1, Gen.Choose(3000, 20000)))
        from @group in Gen.Choose(0, 9)
        from sources in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 15)))
        from response in Gen.Choose(1, 10000)
        select new Asked(time, @group, @group == 0 ? 0 : sources, response));

    // §3.2 in one sentence, without sets: the interface wants what some socket wants.
    [Fact]
    public void The_interface_wants_what_some_socket_wants()
    {
        Prop.ForAll(Requests, run =>
        {
            var host = NewHost(random: new Random(run.Seed));
            var sockets = new Dictionary<(int Socket, int Group), Request>();
            foreach (var request in run.Requests)
            {
                Do(host, request);
                sockets[(request.Socket, request.Group)] = request;
                foreach (var group in new[] { 1, 2 })
                {
                    var present = sockets.Values.Where(each => each.Group == group).ToList();
                    foreach (var source in Names.Append("S9"))
                    {
                        var wanted = present.Any(each => each.Exclude != List(each.Sources).Contains(source));
                        host.Host.Accepts(Named(source), Named($"G{group}")).Should().Be(wanted);
                    }

                    host.State($"G{group}").StartsWith("EXCLUDE", StringComparison.Ordinal).Should().Be(present.Any(each => each.Exclude));
                }
            }
        }).Holds(Thorough);
    }

    // §5.1: copies make up for losses. Each change is in RV reports of its group, so at least one of it arrives.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_router_that_misses_fewer_than_RV_reports_in_a_row_ends_with_the_state_of_the_host(int robustness)
    {
        Prop.ForAll(Requests, run =>
        {
            var host = NewHost(robustness, random: new Random(run.Seed));
            foreach (var request in run.Requests)
                Do(host, request);
            host.TakeAll();

            var loss = new Random(run.Seed);
            var missed = new Dictionary<Address, int>();
            var router = new OneMemberRouter();
            foreach (var (_, _, report) in host.Sent)
            {
                var groups = report.Records.Select(record => record.Group).Distinct().ToList();
                var mayMiss = groups.TrueForAll(group => missed.GetValueOrDefault(group) < robustness - 1);
                var misses = mayMiss && loss.Next(4) > 0;
                foreach (var group in groups)
                    missed[group] = misses ? missed.GetValueOrDefault(group) + 1 : 0;
                if (!misses)
                    router.Receive(report);
            }

            router.Dump().Should().Equal(host.Host.Dump().Select(each => $"{each.Group} {each.Mode} {string.Join(' ', each.Sources)}"));
        }).Holds(Thorough);
    }

    [Fact]
    public void Copies_follow_within_the_Unsolicited_Report_Interval_and_end()
    {
        Prop.ForAll(Requests, run =>
        {
            const int Robustness = 3;
            var host = NewHost(Robustness, random: new Random(run.Seed));
            foreach (var request in run.Requests)
            {
                Do(host, request);
                (host.Host.NextDue == Instant.Never || host.Host.NextDue <= host.Now + TimeSpan.FromSeconds(1)).Should().BeTrue();
            }

            var last = host.Now;
            host.TakeAll();

            // After the last change RV - 1 copies at most: the quiet comes within that many intervals.
            (host.Now - last).Should().BeLessThanOrEqualTo((Robustness - 1) * TimeSpan.FromSeconds(1));
            host.Host.NextDue.Should().Be(Instant.Never);
            host.Sent.Should().HaveCountLessThanOrEqualTo(run.Requests.Length * Robustness);
            host.Sent.SelectMany(each => each.Report.Records)
                .Any(record => record.Type is RecordType.Allow or RecordType.Block && record.Sources.Count == 0).Should().BeFalse();
        }).Holds(Thorough);
    }

    // §5.2, whatever the rules combine: each query is answered in its time by all that it asks for. A small MTU spreads the general
    // answers.
    [Theory]
    [InlineData(1500)]
    public void Every_query_is_answered_within_its_response_time(int mtu)
    {
        Prop.ForAll(
                Queries,
                run =>
                {
                    var host = NewHost(robustness: 1, mtu, new Random(run.Seed));
                    for (var i = 1; i <= 8; i++)
                        host.Listen(
                            $"G{i}", i % 2 == 0 ? FilterMode.Exclude : FilterMode.Include, string.Join(',', List((i * 7 % 15) + 1)));
                    host.TakeAll();
                    var joined = host.Sent.Count;
                    var asked = new List<(TimeSpan At, Asked Query)>();
                    foreach (var query in run.Queries)
                    {
                        host.Pass(query.Milliseconds / 1000.0);
                        asked.Add((host.Elapsed, query));
                        host.Query(
                            query.Group == 0 ? "" : $"G{query.Group}", string.Join(',', List(query.Sources)),
                            query.ResponseMilliseconds / 1000.0);
                    }

            host.TakeAll();
            host.Host.NextDue.Should().Be(Instant.Never);
            var answers = host.Sent.Skip(joined).ToList();
            foreach (var (at, query) in asked)
            {
                var end = at + TimeSpan.FromMilliseconds(query.ResponseMilliseconds);
                // A tick for each of 8 groups: what a spread answer adds when its time is used up.
                var records = answers.Where(each => each.At > at && each.At <= end + TimeSpan.FromTicks(8)).SelectMany(
                    each => each.Report.Records).ToList();
                foreach (var state in host.Host.Dump().Where(each => query.Group == 0 || each.Group == Named($"G{query.Group}")))
                {
                    if (query.Sources == 0 || Wanted(state, query).Count > 0)
                        records.Exists(record => Answers(record, state, query)).Should().BeTrue("{0} was asked at {1}", query, at);
                }

                if (query.Group == 9)
                    records.Exists(record => record.Group == Named("G9")).Should().BeFalse();
            }
        }).Holds(Thorough);
    }

    /// <summary>
    /// Something that happens to a host of an older version; before it, some time passes. Group 0 is that of a General Query.
    /// </summary>
    public sealed record Event(int Milliseconds, int What, int Group, int ResponseMilliseconds);

    // RFC 2236 §3: a query is answered in its time by every member, unless another host has answered; what was left is not told any more.
    // RFC 1112, Appendix I: for version 1 there are General Queries only, and their time is 10 s.
    [Theory]
    [InlineData(2)]
    public void A_host_of_an_older_version_answers_each_query_unless_another_does(int version)
    {
        var events = WithSeed(
            from time in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(1, 3000)), (1, Gen.Choose(3000, 20000)))
            from what in Gen.Choose(0, 3)
            from @group in Gen.Choose(0, 4)
            from response in Gen.Choose(100, 25500)
            select new Event(time, what, @group, response));

        Prop.ForAll(events, run =>
        {
            var host = NewHost(random: new Random(run.Seed), settings: new HostSettings { Version = Version(version) });
            var asked = new List<(int Step, TimeSpan At, TimeSpan End, string Group)>();
            var heard = new List<(TimeSpan At, string Group)>();
            var joined = new Dictionary<string, (int Step, TimeSpan At)>();
            var left = new List<((int Step, TimeSpan At) From, TimeSpan Until, string Group)>();
            // Several things may happen at one instant: which came first is told by the step.
            foreach (var (step, each) in run.Steps.Index())
            {
                host.Pass(each.Milliseconds / 1000.0);
                var name = $"G{Math.Max(each.Group, 1)}";
                switch (each.What)
                {
                    case 0:
                        host.Exclude(name, "");
                        joined.TryAdd(name, (step, host.Elapsed));
                        break;
                    case 1:
                        host.Include(name, "");
                        if (joined.Remove(name, out var from))
                            left.Add((from, host.Elapsed, name));
                        break;
                    case 2:
                        host.Overhear(name);
                        heard.Add((host.Elapsed, name));
                        break;
                    default:
                        var seconds = each.ResponseMilliseconds / 1000.0;
                        host.Query(each.Group == 0 ? "" : name, seconds: seconds, version: 2);
                        asked.AddRange(joined.Keys.Where(member => each.Group == 0 || (version > 1 && member == name))
                            .Select(member => (
                                step, host.Elapsed, host.Elapsed + TimeSpan.FromSeconds(version > 1 ? seconds : 10), member)));
                        break;
                }
            }

            host.TakeAll();
            left.AddRange(joined.Select(member => (member.Value, TimeSpan.MaxValue, member.Key)));
            host.Sent.Where(sent => !sent.Text.StartsWith("LEAVE", StringComparison.Ordinal) && !left.Exists(member =>
                sent.Text == $"V{version}({member.Group})" && member.From.At <= sent.At
                    && sent.At <= member.Until)).Should().BeEmpty("only members report");
            foreach (var (_, at, end, name) in asked.Where(
                query => left.Exists(member => member.Group == query.Group && member.From.Step < query.Step && query.End < member.Until)))
            {
                var answered = host.Sent.Any(
                    sent => sent.Text.EndsWith($"({name})", StringComparison.Ordinal) && sent.At > at && sent.At <= end)
                    || heard.Exists(other => other.Group == name && other.At >= at && other.At <= end);
                answered.Should().BeTrue("{0} was asked for at {1}", name, at);
            }
        }).Holds(Thorough);
    }

    /// <summary>Which of the queried sources the host wants; none are queried by a General or Group-Specific Query.</summary>
    private List<Address> Wanted(ReceptionState state, Asked query) =>
        [.. List(query.Sources).Select(Named).Where(source => state.Sources.Contains(source) == (state.Mode == FilterMode.Include))];

    private bool Answers(RecordContent record, ReceptionState state, Asked query)
    {
        if (record.Group != state.Group)
            return false;
        if (query.Sources > 0 && record.Type == RecordType.IsInclude && Wanted(state, query).TrueForAll(record.Sources.Contains))
            return true;
        return record.Type == (state.Mode == FilterMode.Include ? RecordType.IsInclude : RecordType.IsExclude)
            && record.Sources.SequenceEqual(state.Sources);
    }

    private static void Do(HostUnderTest host, Request request) =>
        host.Pass(request.Milliseconds / 1000.0)
            .Listen(
                $"G{request.Group}", request.Exclude ? FilterMode.Exclude : FilterMode.Include, string.Join(',', List(request.Sources)),
                request.Socket);

    private static IEnumerable<string> List(int mask) => Names.Where((_, i) => (mask >> i & 1) != 0);

    private static Arbitrary<(int Seed, T[] Steps)> WithSeed<T>(Gen<T> step) => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from steps in Gen.ArrayOf(step)
        select (seed, steps),
        run => run.steps.Select((_, left) => (run.seed, run.steps.Where((_, i) => i != left).ToArray())));

    /// <summary>What a router knows that hears one host only, by the meaning of the records (§4.2.13) and with no timers.</summary>
    private sealed class OneMemberRouter
    {
        private readonly SortedDictionary<Address, (bool Exclude, SortedSet<Address> Sources)> groups = [];

        public void Receive(ReportContent report)
        {
            foreach (var record in report.Records)
            {
                var (exclude, sources) = groups.GetValueOrDefault(record.Group, (false, []));
                switch (record.Type)
                {
                    case RecordType.ToExclude or RecordType.ToInclude:
                        exclude = record.Type == RecordType.ToExclude;
                        sources = [.. record.Sources];
                        break;
                    case RecordType.Allow or RecordType.Block when exclude == (record.Type == RecordType.Allow):
                        sources.ExceptWith(record.Sources);
                        break;
                    default:
                        sources.UnionWith(record.Sources);
                        break;
                }

                groups[record.Group] = (exclude, sources);
            }
        }

        public IEnumerable<string> Dump() =>
            groups
                .Where(each => each.Value.Exclude || each.Value.Sources.Count > 0)
                .Select(each =>
                    $"{each.Key} {(each.Value.Exclude ? FilterMode.Exclude : FilterMode.Include)} {string.Join(' ', each.Value.Sources)}");
    }

    public sealed class Igmp() : HostPropertyTests(Vocabulary.Igmp)
    {
        [Fact]
        public void Every_query_is_answered_within_its_response_time_by_answers_that_are_spread() =>
            Every_query_is_answered_within_its_response_time(68);

        [Fact]
        public void A_host_of_version_1_answers_each_query_unless_another_does() =>
            A_host_of_an_older_version_answers_each_query_unless_another_does(1);
    }

    public sealed class Mld() : HostPropertyTests(Vocabulary.Mld);
}
