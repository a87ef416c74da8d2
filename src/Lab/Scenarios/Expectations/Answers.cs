using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// Every query of a kind is answered at a random time within its Max Response Time; one answer may serve several queries that wait for it
/// (RFC 9776 §5.2).
/// </summary>
public sealed class Answers : Expectation
{
    private readonly FramePattern answer;
    private readonly FramePattern query;
    private readonly Moment since;
    private readonly Instant asked;
    private bool wholeRun;
    private Moment? until;

    /// <param name="answer">The answers.</param>
    /// <param name="query">The queries.</param>
    /// <param name="since">From when there may be answers.</param>
    /// <param name="asked">From when every query must be answered.</param>
    internal Answers(FramePattern answer, FramePattern query, Moment since, Instant asked) =>
        (this.answer, this.query, this.since, this.asked) = (answer, query, since, asked);

    /// <inheritdoc/>
    public override string Text =>
        $"{answer}, in answer to each {query} within its Max Response Time, since {since}{(until is null ? "" : $", until {until}")}";

    /// <summary>Expects it beyond the step, until the run ends.</summary>
    public Answers InAllSteps()
    {
        wholeRun = true;
        return this;
    }

    /// <summary>Ends it: nobody answers after this moment.</summary>
    public Answers Until(Moment moment)
    {
        until = moment;
        return this;
    }

    internal override bool OutlivesStep => wholeRun && until is null;

    internal override Instant? Closes(TimeSpan tolerance) => until?.Done + tolerance;

    private protected override void Examine(Record record)
    {
        var end = until?.At ?? record.Now;
        var last = until?.Done + record.Tolerance ?? record.Now;
        // A host may still wait to answer an earlier query: it reports its state at the time when its delay is over (RFC 9776 §5.2).
        var queries = record
            .Messages.Where(frame => query.Matches(frame) && frame.At <= end && DueBy(frame, record.Tolerance) >= since.At)
            .ToList();
        var answers = record
            .Messages.Where(frame =>
                frame.At >= since.At
                && frame.At <= last
                && answer.Matches(frame)
                && queries.Exists(each => Serves(frame, each, record.Tolerance)))
            .ToList();
        answers.ForEach(Claim);
        if (queries.Count == 0)
            Fail($"{query} was not seen: nothing is shown");
        foreach (var each in queries.Where(each => each.At >= asked))
        {
            // A host that was queried just before the end has time left.
            if (DueBy(each, record.Tolerance) > end || answers.Exists(frame => Serves(frame, each, record.Tolerance)))
                continue;
            Fail($"no answer to frame {each.Number} within {each.Query!.MaxResponseTime.InWords()}", each);
            Miss(answer, DueBy(each, TimeSpan.Zero));
        }

        if (answers.Count > queries.Count)
            Fail(string.Create(CultureInfo.InvariantCulture, $"{answers.Count} answers to {queries.Count} queries"), answers);
    }

    private static bool Serves(SeenFrame answer, SeenFrame query, TimeSpan tolerance) =>
        answer.At > query.At && answer.At <= DueBy(query, tolerance);

    private static Instant DueBy(SeenFrame query, TimeSpan tolerance) => query.At + query.Query!.MaxResponseTime + tolerance;
}
