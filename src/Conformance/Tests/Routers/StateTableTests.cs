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
    internal static IEnumerable<ConformanceTest> All => StateTableVector.All.Select(vector =>
        new RouterTest(
            $"table-{(vector.Name.StartsWith("t-", StringComparison.Ordinal) ? vector.Name[2..] : vector.Name)}",
            [vector.Requirement], vector.Purpose, lab => Play(lab, vector)));

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
            [.. groups.Select(group => new RecordContent(TypeOf(vector.Record), group, [.. vector.Sources.Select(Named)]))]);
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
                since: record);
        }

        await lab.ExpectShown(lab.G1, Shape(vector.Final), [.. Timers()]);
        await lab.PassLastMemberQueryTime();

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

        GroupShape Shape(VectorShape shape) => shape.Mode switch
        {
            "none" => GroupShape.None,
            "include" => GroupShape.Include(shape.Forwarded.Select(Named)),
            "exclude" => GroupShape.Exclude(shape.Forwarded.Select(Named), shape.Blocked.Select(Named)),
            var other => throw new InvalidOperationException($"{vector.Name} has a mode of {other}."),
        };

        Address Named(string source) => lab.S(int.Parse(source.AsSpan(1), CultureInfo.InvariantCulture));
    }

    private static RecordType TypeOf(string name) =>
        Enum.GetValues<RecordType>().Cast<RecordType?>().FirstOrDefault(each => each!.Value.ShortName() == name)
        ?? throw new InvalidOperationException($"There is no record type {name}.");
}
