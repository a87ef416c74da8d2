using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// The queries that leaves and blocks cause while others may answer: RFC 9776 §6.6.3 from the outside. Every change queries what has been
/// reported since it was last queried; each is queried LMQC times, LMQI apart; the S flag is set for what was reported in between. Beyond
/// this, the router sends no query of this group in the window.
/// </summary>
public sealed class SpecificQueries : Expectation
{
    private readonly RouterNode router;
    private readonly Address group;
    private readonly FramePattern changes;
    private readonly FramePattern answers;
    private readonly Moment since;
    private readonly ExpectedTiming timing;
    private readonly FramePattern right;

    internal SpecificQueries(
        RouterNode router, Address group, FramePattern changes, FramePattern answers, Moment since, ExpectedTiming timing)
    {
        (this.router, this.group, this.changes, this.answers, this.since, this.timing) = (router, group, changes, answers, since, timing);
        right = Messages.AnyQueryOf(group).Announcing(timing);
    }

    /// <inheritdoc/>
    public override string Text =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"queries of {group} from {router}: what {changes} gives up, {timing.LastMemberQueryCount} times every "
                + $"{timing.LastMemberQueryInterval.InWords()}, with the S flag once {answers} has reported it");

    internal override string? Topic => $"queries of {group}";

    internal override Instant? Closes(TimeSpan tolerance) => since.Done
        + ((timing.RobustnessVariable - 1) * (timing.UnsolicitedReportInterval + tolerance))
        + (timing.LastMemberQueryCount * timing.LastMemberQueryInterval) + tolerance;

    private protected override void Examine(Record record)
    {
        var closes = Closes(record.Tolerance)!.Value;
        var window = record.Messages.Where(frame => frame.At >= since.At && frame.At <= closes).ToList();
        var sent = window.Where(frame => frame.Sender == router.Name && frame.Query is { } query && query.Group == group).ToList();
        sent.ForEach(Claim);
        foreach (var frame in sent.Where(frame => !right.Matches(frame)))
            Fail($"this is not like {right}", frame);
        var model = new Model(timing);
        foreach (var frame in window)
        {
            if (changes.Matches(frame))
                model.Changed(frame);
            else if (answers.Matches(frame))
                model.Answered(frame);
        }

        if (!window.Exists(changes.Matches))
            Fail($"{changes} was not seen: nothing is shown");
        // A message queries several things, each of which may belong to another round.
        var questions = sent.SelectMany(Questions).ToList();
        foreach (var round in model.Rounds.OrderBy(each => each.At))
        {
            foreach (var asked in round.Asked)
                Examine(round, asked, questions, record.Tolerance);
        }

        foreach (var (frame, asked) in questions)
            Fail($"nothing calls for asking for {Name(asked)} at this time", frame);
    }

    private void Examine(Round round, Address? asked, List<(SeenFrame Frame, Address? Asked)> questions, TimeSpan tolerance)
    {
        var index = questions.FindIndex(each => each.Asked == asked && (each.Frame.At - round.At).Duration() <= tolerance);
        if (index < 0)
        {
            Fail($"{Name(asked)} was not asked for at {round.At}");
            var what = asked is { } source ? $"query of {group} for {source}" : $"query of {group}";
            Miss(new MissingFrame(what, router.Name, Lan: null, round.At));
            return;
        }

        var frame = questions[index].Frame;
        questions.RemoveAt(index);
        // An answer that crosses the query in flight may or may not have been seen in time.
        if (round.Reported(asked, tolerance) is { } reported && frame.Query!.SuppressRouterSideProcessing != reported)
            Fail($"S={(reported ? 0 : 1)} for {Name(asked)}, which was {(reported ? "" : "not ")}reported before", frame);
    }

    private static IEnumerable<(SeenFrame Frame, Address? Asked)> Questions(SeenFrame frame) =>
        frame.Query!.Sources is { Count: > 0 } sources ? sources.Select(source => (frame, (Address?)source)) : [(frame, null)];

    private static string Name(Address? asked) => asked?.ToString() ?? "the group";

    /// <summary>A time at which queries are due.</summary>
    /// <param name="At">When.</param>
    /// <param name="Asked">What is queried: sources, and null for the group as a whole.</param>
    /// <param name="Answers">When each of them was reported.</param>
    /// <param name="Began">When the change came that caused it.</param>
    private sealed record Round(Instant At, List<Address?> Asked, List<(Instant At, Address? What)> Answers, Instant Began)
    {
        /// <summary>Whether it was reported before this round; null when that is too close to tell.</summary>
        public bool? Reported(Address? asked, TimeSpan tolerance)
        {
            var times = Answers
                .Where(answer => answer.What == asked && answer.At > Began && answer.At < At + tolerance)
                .Select(answer => answer.At)
                .ToList();
            if (times.Exists(at => at < At - tolerance))
                return true;
            return times.Count == 0 ? false : null;
        }
    }

    // Rounds are kept per source, as the RFC counts retransmissions.
    private sealed class Model(ExpectedTiming timing)
    {
        private readonly HashSet<(bool IsGroup, Address Source)> askedFor = [];
        private readonly List<(Instant At, Address? What)> answers = [];

        public List<Round> Rounds { get; } = [];

        public void Changed(SeenFrame change)
        {
            var fresh = GivenUp(change).Where(what => askedFor.Add((what is null, what ?? default))).ToList();
            if (fresh.Count == 0)
                return;
            // Queried again: the earlier rounds no longer query it.
            foreach (var round in Rounds.Where(round => round.At > change.At))
                round.Asked.RemoveAll(fresh.Contains);
            for (var i = 0; i < timing.LastMemberQueryCount; i++)
                Rounds.Add(new Round(change.At + (i * timing.LastMemberQueryInterval), [.. fresh], answers, change.At));
            Rounds.RemoveAll(round => round.Asked.Count == 0);
        }

        public void Answered(SeenFrame answer)
        {
            foreach (var what in Wanted(answer))
            {
                answers.Add((answer.At, what));
                askedFor.Remove((what is null, what ?? default));
            }
        }

        // A leave, or a report, of an older version is about the whole group (RFC 9776 §7.3.2).
        private static IEnumerable<Address?> GivenUp(SeenFrame change) => change.Report is not { } report
            ? [null]
            : report.Records.SelectMany(record => record.Type switch
            {
                RecordType.Block => record.Sources.Select(source => (Address?)source),
                RecordType.ToInclude => [null],
                _ => [],
            });

        private static IEnumerable<Address?> Wanted(SeenFrame answer) => answer.Report is not { } report
            ? [null]
            : report.Records.SelectMany(record => record.Type switch
            {
                RecordType.IsInclude or RecordType.Allow => record.Sources.Select(source => (Address?)source),
                RecordType.IsExclude or RecordType.ToExclude => [null],
                _ => [],
            });
    }
}
