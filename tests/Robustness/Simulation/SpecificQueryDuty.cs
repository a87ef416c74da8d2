using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// The specific queries of a LAN that is whole (RFC 9776 §6.4.2, §6.6.3): each series answers a record that calls for it, has Last Member
/// Query Count queries, a Last Member Query Interval apart, and the S flag says whether the timer is above the Last Member Query Time.
/// </summary>
internal sealed class SpecificQueryDuty(Windows windows, TimeSpan delay, HeardReports heard)
{
    private readonly List<Cause> causes = [];
    private readonly Dictionary<Address, Instant> excluded = [];
    private readonly Dictionary<(string Router, Address Group, Address? Source), Series> pending = [];

    /// <summary>The LAN is not whole, or its routers are others: what has begun may end.</summary>
    public void Abandon() => pending.Clear();

    /// <summary>A record that every router hears; to be told before <see cref="HeardReports"/> is.</summary>
    public void Heard(in GroupRecord record, Instant at)
    {
        switch (record.Type)
        {
            case RecordType.Block when !heard.IgnoresBlocks(record.Group, at):
                Note(record, [.. record.Sources], at);
                break;
            case RecordType.ToExclude when !Dialect.Igmp.IsSourceSpecific(record.Group):
                Note(record, heard.IgnoresBlocks(record.Group, at) ? [] : [.. record.Sources], at);
                Excluded(record.Group, at);
                break;
            case RecordType.IsExclude when !Dialect.Igmp.IsSourceSpecific(record.Group):
                Excluded(record.Group, at);
                break;
            case RecordType.ToInclude when !heard.IgnoresLeaves(record.Group, at):
                Note(record, [.. record.Sources], at);
                break;
        }
    }

    /// <summary>An older report that every router hears.</summary>
    public void HeardOlder(Address group, Instant at) => Excluded(group, at);

    /// <summary>A leave that every router hears; to be told before <see cref="HeardReports"/> is.</summary>
    public void HeardLeave(Address group, Instant at)
    {
        if (!heard.IgnoresLeaves(group, at))
            Note(new GroupRecord { Type = RecordType.ToInclude, Group = group }, [], at);
    }

    /// <summary>A specific query was sent; to be told before <see cref="HeardReports"/> is.</summary>
    /// <returns>The law that it breaks, and how; null when it is right.</returns>
    public (Law Law, string What)? Asked(NodePlan router, in Query query, Instant at)
    {
        if (query.Kind == QueryKind.GroupSpecific)
            return Asked(router, query, null, at);
        foreach (var source in query.Sources)
        {
            if (Asked(router, query, source, at) is { } wrong)
                return wrong;
        }

        return null;
    }

    /// <summary>A query that should have been repeated and was not; null when there is none.</summary>
    public string? Overdue(Instant now)
    {
        causes.RemoveAll(each => each.At + delay < now);
        string? wrong = null;
        foreach (var (key, series) in pending.Where(each => now > each.Value.Due + Windows.Rounding).ToList())
        {
            pending.Remove(key);
            if (!series.MayEnd)
                wrong =
                    $"{key.Router} has asked for {Text(key.Group, key.Source)} {series.Sent} times, the next query was due at {series.Due}";
        }

        return wrong;
    }

    private (Law, string)? Asked(NodePlan router, in Query query, Address? source, Instant at)
    {
        var (group, suppress) = (query.Group, query.SuppressRouterSideProcessing);
        // §6.6.3.2: the sources that are asked for with the S flag may be left to the query for the group.
        if (source is null)
        {
            foreach (
                var (other, each) in pending
                    .Where(each =>
                        each.Key.Router == router.Name && each.Key.Group == group && each.Key.Source is not null && each.Value.IsDue(at))
                    .ToList())
                Continue(other, each, router, at);
        }

        var key = (router.Name, group, source);
        if (pending.TryGetValue(key, out var series) && series.IsDue(at))
        {
            Continue(key, series, router, at);
            return !suppress && IsSurelyHigh(source is { } one ? heard.Source(group, one) : heard.Group(group), at)
                ? (Law.SuppressFlag, $"{router.Name} asks for {Text(group, source)}, which was reported meanwhile, without the S flag")
                : null;
        }

        var cause = CauseOf(group, source, at);
        pending[key] = new Series { Sent = 0, Due = at, MayEnd = cause is null || MayEnd(cause, source, at) };
        Continue(key, pending[key], router, at);
        if (cause is null)
            return (Law.QueryRate, $"{router.Name} asks for {Text(group, source)}, and no record calls for it");
        // §6.6.3: the timer has just been lowered.
        return suppress ? (Law.SuppressFlag, $"{router.Name} asks for {Text(group, source)} for the first time, with the S flag") : null;
    }

    private void Continue((string Router, Address Group, Address? Source) key, Series series, NodePlan router, Instant at)
    {
        series.Sent++;
        series.Due = at + Windows.By(router, windows.LastMemberQueryInterval);
        if (series.Sent == windows.LastMemberQueryCount)
            pending.Remove(key);
    }

    // A group whose timer is lower than the Last Member Query Time may end before the next query, and what deletes a source may be under
    // way.
    private bool MayEnd(Cause cause, Address? source, Instant at) => source is null
        ? !IsSurelyHigh(cause.GroupHeard, at)
        : excluded.TryGetValue(cause.Group, out var report) && report + delay > at;

    // §6.4.2. A query goes out at once, so the record has come in at this very instant.
    private Cause? CauseOf(Address group, Address? source, Instant at) =>
        causes.Find(each => each.Group == group && each.At + delay == at && each.CallsFor(source));

    private void Note(in GroupRecord record, Address[] sources, Instant at) =>
        causes.Add(new Cause(at, record.Group, record.Type, sources, heard.Group(record.Group)));

    // §6.4: sources that the record does not name are deleted.
    private void Excluded(Address group, Instant at)
    {
        excluded[group] = at;
        foreach (var (key, series) in pending)
            series.MayEnd |= key.Group == group && key.Source is not null;
    }

    private bool IsSurelyHigh(Instant? report, Instant at) =>
        report + delay < at && at < report + windows.SurelyAboveLastMemberQueryTime;

    private static string Text(Address group, Address? source) => source is null ? $"{group}" : $"{source} of {group}";

    private sealed class Series
    {
        public required int Sent { get; set; }

        public required Instant Due { get; set; }

        /// <summary>What it asks for may be gone before the next query.</summary>
        public bool MayEnd { get; set; }

        public bool IsDue(Instant at) => at >= Due - Windows.Rounding && at <= Due + Windows.Rounding;
    }

    // GroupHeard: what the group timer ran from before.
    private sealed record Cause(Instant At, Address Group, RecordType Type, Address[] Sources, Instant? GroupHeard)
    {
        public bool CallsFor(Address? source) => (Type, source) switch
        {
            (RecordType.ToInclude, null) => true,
            (_, null) => false,
            (RecordType.ToInclude, { } one) => !Sources.Contains(one),
            (_, { } one) => Sources.Contains(one),
        };
    }
}
