using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The state tables of RFC 9776 §6.4: every entry that is one record on one state, as data.</summary>
internal static class StateTableTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        .. StateTableVector.All.Select(vector =>
            LastingTest.Lasting(NameOf(vector), [vector.Requirement], vector.Purpose, lab => Play(lab, vector))),
        .. StateTableVector.All.Where(vector => vector.Queries.Count > 0).Select(vector =>
            LastingTest.Lasting(
                $"{NameOf(vector)}-unanswered", [vector.Requirement], $"{vector.Purpose} What is left when nobody has answered.",
                lab => PlayUnanswered(lab, vector))),
        .. StateTableVector.All.Where(TellsNewTimersFromOld).Select(vector =>
            new RouterTest(
                $"{NameOf(vector)}-in-time", [vector.Requirement],
                $"{vector.Purpose} What is left when timers that the record did not set have run out.",
                lab => PlayUntilOldTimersEnd(lab, vector))),
    ];

    private static bool TellsNewTimersFromOld(StateTableVector vector) =>
        vector.Initial.Mode != "none" && vector.SourceTimers.Values.Append(vector.GroupTimer).Any(value => value is "GMI" or "unchanged");

    private static string NameOf(StateTableVector vector) =>
        $"table-{(vector.Name.StartsWith("t-", StringComparison.Ordinal) ? vector.Name[2..] : vector.Name)}";

    private static async Task Play(RouterBench lab, StateTableVector vector)
    {
        var t = lab.Timing;
        await lab.StartQuerier();
        // Blocked sources tell themselves only by what a BLOCK does not ask about: without a state dump a second group is asked so.
        Address[] groups = lab.ShowsState ? [lab.G1] : [lab.G1, lab.G2];
        var brought = (Group: lab.Now, Sources: lab.Now);
        foreach (var group in groups)
            brought = await lab.Bring(group, Shape(vector.Initial));
        await lab.Pass(lab.Distinguishable);

        await lab.Step($"{vector.Record} is received in {Shape(vector.Initial)}");
        var record = await lab.Host3.Report(
            [.. groups.Select(group => RecordOf(lab, vector, group))]);
        foreach (var group in groups)
        {
            FramePattern[] expected =
            [
                .. vector.Queries.Select(asked => Query(group, [.. asked.Select(Named)]).WithoutSuppression()),
            ];
            foreach (var query in expected)
                lab.ExpectQueries(query, since: record);
            lab.ExpectNone(
                QueriesAbout(group)
                    .Where("other than those of the table", frame => !expected.Any(each => each.Matches(frame)))
                    .From(lab.Device),
                since: record, atOnce: true);
        }

        // By the tables what does not exist is INCLUDE({}): a record of that which nobody asked for says the same.
        if (vector is { Initial.Mode: "none", Final.Mode: "none" } && lab.ShowsState)
            await lab.ExpectNothingOf(lab.G1);
        else
            await lab.ExpectShown(lab.G1, Shape(vector.Final), [.. Timers()]);
        await lab.PassLastMemberQueryTime();

        if (vector is { Initial.Mode: "none", Final.Mode: "none" })
            await lab.ShowHearing();

        if (!lab.ShowsState && vector.Queries.Count == 0)
        {
            await lab.ExpectGroup(lab.G1, Shape(vector.Final));
            await lab.ExpectBlocked(lab.G2, Shape(vector.Final));
        }

        IEnumerable<TimerLeft> Timers()
        {
            foreach (var (source, value) in vector.SourceTimers)
            {
                if (value != "0")
                    yield return Timer(Named(source), value, brought.Sources);
            }

            if (vector.GroupTimer != "n/a")
                yield return Timer(null, vector.GroupTimer, brought.Group);
        }

        TimerLeft Timer(Address? source, string value, Moment before) => value switch
        {
            "GMI" => TimerLeft.Gmi(source, t, record),
            "LMQT" or "min(GT_before, LMQT)" => new TimerLeft(source, t.LastMemberQueryTime, t.LastMemberQueryTime, record),
            "unchanged" => TimerLeft.Gmi(source, t, before),
            _ => throw new InvalidOperationException($"{vector.Name} has a timer of {value}."),
        };

        GroupShape Shape(VectorShape shape) => ShapeOf(lab, shape);

        Address Named(string source) => SourceOf(lab, source);
    }

    /// <summary>The timers that were lowered to the Last Member Query Time run out.</summary>
    private static async Task PlayUnanswered(RouterBench lab, StateTableVector vector)
    {
        await lab.StartQuerier();
        foreach (var group in (Address[])[lab.G1, lab.G2])
            await lab.Bring(group, ShapeOf(lab, vector.Initial));

        await lab.Step($"{vector.Record} is received in {ShapeOf(lab, vector.Initial)}, and nobody answers");
        var record = await lab.ReportAlike(lab.Host3, RecordOf(lab, vector, lab.G1), lab.G2);
        await lab.Asked(lab.G1, record);
        await lab.PassUntil(record, lab.Timing.LastMemberQueryTime + lab.Tolerance);
        await lab.ExpectGroups(lab.G1, lab.G2, Left(lab, vector, value => value is "GMI" or "unchanged"));
    }

    /// <summary>The timers that ran before the record run out: what it has set to the Group Membership Interval goes on.</summary>
    private static async Task PlayUntilOldTimersEnd(RouterBench lab, StateTableVector vector)
    {
        await lab.StartQuerier();
        var (brought, _) = await lab.Bring(lab.G1, ShapeOf(lab, vector.Initial));
        // Longer by what a probe needs of a source timer.
        await lab.Pass(lab.Distinguishable + lab.Timing.LastMemberQueryTime);

        await lab.Step($"{vector.Record} is received in {ShapeOf(lab, vector.Initial)}");
        await lab.Host3.Report(RecordOf(lab, vector, lab.G1));
        await lab.ShowHearing();
        // Some states are brought about by two reports.
        await lab.PassUntil(brought, lab.Timing.GroupMembershipInterval + (2 * lab.Tolerance) + 50.Milliseconds());
        await lab.ExpectGroup(lab.G1, Left(lab, vector, value => value == "GMI"));
    }

    /// <summary>What is left of the state after a record when some of its timers have run out (RFC 9776 §6.2.3, §6.5).</summary>
    /// <param name="lab">The bench.</param>
    /// <param name="vector">The record and the state.</param>
    /// <param name="runs">Whether a timer of this value still runs.</param>
    private static GroupShape Left(RouterBench lab, StateTableVector vector, Func<string, bool> runs)
    {
        var forwarded = vector.Final.Forwarded.Where(source => runs(vector.SourceTimers[source])).ToList();
        if (vector.Final.Mode == "exclude" && runs(vector.GroupTimer))
        {
            return GroupShape.Exclude(
                forwarded.Select(each => SourceOf(lab, each)),
                vector.Final.Blocked.Concat(vector.Final.Forwarded.Except(forwarded)).Select(each => SourceOf(lab, each)));
        }

        return forwarded.Count == 0 ? GroupShape.None : GroupShape.Include(forwarded.Select(each => SourceOf(lab, each)));
    }

    private static RecordContent RecordOf(RouterBench lab, StateTableVector vector, Address group) =>
        new(TypeOf(vector.Record), group, [.. vector.Sources.Select(each => SourceOf(lab, each))]);

    private static GroupShape ShapeOf(RouterBench lab, VectorShape shape) => shape.Mode switch
    {
        "none" => GroupShape.None,
        "include" => GroupShape.Include(shape.Forwarded.Select(each => SourceOf(lab, each))),
        "exclude" => GroupShape.Exclude(
            shape.Forwarded.Select(each => SourceOf(lab, each)), shape.Blocked.Select(each => SourceOf(lab, each))),
        var other => throw new InvalidOperationException($"There is no mode {other}."),
    };

    private static Address SourceOf(RouterBench lab, string name) => lab.S(int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture));

    private static RecordType TypeOf(string name) =>
        Enum.GetValues<RecordType>().Cast<RecordType?>().FirstOrDefault(each => each!.Value.ShortName() == name)
        ?? throw new InvalidOperationException($"There is no record type {name}.");
}
