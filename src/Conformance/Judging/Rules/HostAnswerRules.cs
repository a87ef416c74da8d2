using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>What a host owes to queries, by what it has reported of itself (RFC 9776 §5.2).</summary>
internal static class HostAnswerRules
{
    // Fewer may all be early by chance.
    private const int EnoughDelays = 5;

    internal static IEnumerable<CaptureRule> All =>
    [
        new(
            "general-query-answered", ["V3-H-5.2-01", "V3-H-5.2-12"],
            "A host answers a General Query within its Max Response Time for every group that it listens to.", "answers owed",
            "a General Query while the host is known to listen to a group", device =>
                from asked in Queries(device, QueryKind.General) from each in Owed(device, asked) select each),
        new(
            "group-specific-query-answered", ["V3-H-5.2-06", "V3-H-5.2-14"],
            "A host answers a query about a group that it listens to within its Max Response Time.", "answers owed",
            "a query about a group that the host is known to listen to", device =>
                from asked in Queries(device, QueryKind.GroupSpecific) from each in Owed(device, asked) select each),
        new(
            "source-specific-query-answered", ["V3-H-5.2-07", "V3-H-5.2-15", "V3-H-5.2-16"],
            "A host answers a query about sources that it listens to within its Max Response Time.", "answers owed",
            "a query about sources that the host is known to listen to", device =>
                from asked in Queries(device, QueryKind.GroupAndSourceSpecific) from each in Owed(device, asked) select each),
        new(
            "answers-tell-its-filter", ["V3-H-5.2-12", "V3-H-5.2-14", "V3-H-5.2-15", "V3-H-5.2-16"],
            "An answer tells the filter that the host's reports of changes have made, or which of the sources that it was asked about it "
                + "wants.", "answers", "an answer about a group whose filter is known", Filters),
        new(
            "no-answer-at-once", ["V3-H-5.2-02", "V3-H-5.2-01"],
            "The delays of answers to General Queries are random.", "series of answers",
            FormattableString.Invariant($"{EnoughDelays} answers to General Queries"), Delays),
    ];

    /// <summary>The queries of others that the host should accept (RFC 9776 §9.1).</summary>
    private static IEnumerable<SeenFrame> Queries(JudgedDevice device, QueryKind kind) => device.Heard.Where(each =>
        each.Query is { } query && query.Kind == kind && query.MaxResponseTime > TimeSpan.Zero
        && (each.Envelope.RouterAlert || query.Generation == Generation.Reports)
        && each.Envelope.Destination == (kind == QueryKind.General ? device.Dialect.AllSystems : query.Group));

    private static IEnumerable<CaptureCase> Owed(JudgedDevice device, SeenFrame asked)
    {
        var query = asked.Query!;
        var states = device.States;
        var due = asked.At + query.MaxResponseTime + device.Tolerance;
        foreach (var group in query.Kind == QueryKind.General ? states.Groups : states.Groups.Where(each => each == query.Group))
        {
            // What the query finds, and what is there when the answer goes out, is to be the same.
            if (states.Of(group, asked.At - device.Tolerance) is not { IsMember: true } state || !device.Dialect.IsReportable(group)
                || states.Of(group, asked.At) is not { IsMember: true } || Leaves(states, group, asked.At, due))
            {
                continue;
            }

            if (query.Sources.Count > 0
                && (state.Wanted(query.Sources) is not { Count: > 0 } || states.Changes(group, asked.At - device.Tolerance, due)))
            {
                continue;
            }

            // A host of version 1 falls silent without a word. Reports of older versions suppress each other, and may suppress others
            // (RFC 9776 §7.2.2).
            if (query.Generation == Generation.Reports || device.Between(asked.At - device.Tolerance, due).Any(each =>
                    each.Sender != device.Name && each.GroupMessage is { Kind: GroupMessageKind.Report } other && other.Group == group))
            {
                continue;
            }

            var answer = Answers(group).From(device.Name);
            yield return new CaptureCase(
                new Presence(answer, JudgedDevice.At(asked), query.MaxResponseTime), asked.At, due, asked);
        }
    }

    private static bool Leaves(HostStates states, Address group, Instant from, Instant to) =>
        states.Changes(group, from, to) && states.Of(group, to) is not { IsMember: true };

    private static FramePattern Answers(Address group) => Messages.CurrentState(group).Or(new FramePattern(
        $"a report of {group} of an older version",
        frame => frame.GroupMessage is { Kind: GroupMessageKind.Report } report && report.Group == group));

    private static IEnumerable<CaptureCase> Filters(JudgedDevice device)
    {
        var wrong = new Dictionary<int, string?>();
        foreach (var frame in device.Sent.Where(each => each.Report is not null))
        {
            foreach (var record in frame.Report!.Records.Where(each => each.Type is RecordType.IsInclude or RecordType.IsExclude))
            {
                var before = device.States.Of(record.Group, frame.At - TimeSpan.FromTicks(1));
                if (before is not { IsMember: not null, Mode: not null, Sources: not null }
                    || device.States.Changes(record.Group, frame.At - device.Tolerance, frame.At - TimeSpan.FromTicks(1))
                    || device.Missing(before.At, frame.At) is not null)
                {
                    continue;
                }

                var right = new RecordContent(
                    before.Mode == FilterMode.Include ? RecordType.IsInclude : RecordType.IsExclude, record.Group, [.. before.Sources]);
                var text = before.Is(record) || IsOfQuery(device, frame, record, before)
                    ? null
                    : $"{FrameText.Of(record)} instead of {FrameText.Of(right)}";
                wrong[frame.Number] = wrong.GetValueOrDefault(frame.Number) ?? text;
            }
        }

        return CaptureCase.Always(
            device,
            Messages.AnyReport().From(device.Name).Where("of a filter that is known", each => wrong.ContainsKey(each.Number)),
            "the filter as it is", frame => wrong[frame.Number]);
    }

    // What it wants of the sources of the queries that wait for an answer.
    private static bool IsOfQuery(JudgedDevice device, SeenFrame frame, RecordContent record, HostState state)
    {
        var pending = device.Between(device.Start, frame.At).Where(each =>
            each.Query is { Kind: QueryKind.GroupAndSourceSpecific } query && query.Group == record.Group && each.Sender != device.Name
            && each.At + query.MaxResponseTime + device.Tolerance >= frame.At);
        var asked = pending.SelectMany(each => each.Query!.Sources).ToHashSet();
        return record is { Type: RecordType.IsInclude, Sources.Count: > 0 } && record.Sources.All(asked.Contains)
            && state.Wanted(record.Sources)!.Count == record.Sources.Count;
    }

    private static IEnumerable<CaptureCase> Delays(JudgedDevice device)
    {
        // The first answer to a query that nothing else has called for, of queries with the same Max Response Time.
        var answered = new List<(SeenFrame Query, SeenFrame Answer)>();
        foreach (var asked in Queries(device, QueryKind.General))
        {
            var (from, to) = (asked.At - asked.Query!.MaxResponseTime, asked.At + asked.Query.MaxResponseTime + device.Tolerance);
            var isAlone = device.Missing(from, to) is null
                && !device.Between(from, to).Any(each => each.Query is not null && each.Number != asked.Number);
            if (isAlone && device.Between(asked.At, to).FirstOrDefault(each =>
                    each.Sender == device.Name && Messages.AnyAnswer().Matches(each)) is { } answer)
                answered.Add((asked, answer));
        }

        foreach (var same in answered.GroupBy(each => each.Query.Query!.MaxResponseTime).Where(each => each.Count() >= EnoughDelays))
        {
            var delays = new Delays(
                [.. same.Select(each => (JudgedDevice.At(each.Query), Messages.AnyAnswer().From(device.Name)))], same.Key,
                "after random delays", (found, _) => Chance.AtOnce(found, same.Key));
            yield return new CaptureCase(
                delays, same.First().Query.At, same.Last().Answer.At, [.. same.Select(each => each.Query)]);
        }
    }
}
