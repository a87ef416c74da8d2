using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The outcome for a source that a record names or does not name.</summary>
/// <param name="Outcome">Where it ends.</param>
/// <param name="Query">Whether it is queried (§6.6.3.2).</param>
internal readonly record struct SourceFate(Outcome Outcome, bool Query)
{
    public bool IsNothing => Outcome == Outcome.Unchanged && !Query;
}

/// <summary>Where a source ends, with its timer.</summary>
internal enum Outcome : byte
{
    /// <summary>As before; a source that was not there is not made.</summary>
    Unchanged,

    /// <summary>Forwarded, the timer at the Group Membership Interval.</summary>
    ForwardedForGmi,

    /// <summary>Forwarded, the timer where the group timer was.</summary>
    ForwardedAsLongAsGroup,

    /// <summary>Blocked: in Y, the timer at zero.</summary>
    Blocked,

    /// <summary>No longer there.</summary>
    Deleted,
}

/// <summary>
/// A row of the state table made ready for execution: what becomes of a source depends only on its standing, so a record is processed
/// source by source, without building a set.
/// </summary>
internal sealed class Transition
{
    public Transition(TableRow row)
    {
        NewMode = row.To.Mode;
        Named = FateOf(row, Standing.Named);
        Forwarded = FateOf(row, Standing.Forwarded);
        ForwardedAndNamed = FateOf(row, Standing.ForwardedAndNamed);
        Blocked = FateOf(row, Standing.Blocked);
        BlockedAndNamed = FateOf(row, Standing.BlockedAndNamed);
        TouchesUnnamed = !Forwarded.IsNothing || !Blocked.IsNothing;
        RenewsGroupTimer = row.Actions.Any(each => each.Verb == TableVerb.RenewGroupTimer);
        QueriesGroup = row.Actions.Any(each => each.Verb == TableVerb.QueryGroup);
    }

    /// <summary>The filter mode afterwards.</summary>
    public FilterMode NewMode { get; }

    /// <summary>A source that the record names and the router does not have.</summary>
    public SourceFate Named { get; }

    /// <summary>A forwarded source that the record does not name.</summary>
    public SourceFate Forwarded { get; }

    /// <summary>A forwarded source that the record names.</summary>
    public SourceFate ForwardedAndNamed { get; }

    /// <summary>A blocked source that the record does not name.</summary>
    public SourceFate Blocked { get; }

    /// <summary>A blocked source that the record names.</summary>
    public SourceFate BlockedAndNamed { get; }

    /// <summary>Whether sources that the record does not name have to be looked at.</summary>
    public bool TouchesUnnamed { get; }

    /// <summary>Group Timer=GMI.</summary>
    public bool RenewsGroupTimer { get; }

    /// <summary>Send Q(G).</summary>
    public bool QueriesGroup { get; }

    /// <summary>Whether the record makes a group that is not there, which the tables see as INCLUDE ({}).</summary>
    public bool CreatesGroup(bool hasSources) =>
        NewMode == FilterMode.Exclude || (hasSources && Named.Outcome != Outcome.Unchanged);

    private static SourceFate FateOf(TableRow row, Standing standing)
    {
        var query = row.Actions.Any(each => each.Verb == TableVerb.QuerySources && each.Sources.Has(standing));
        var deleted = row.Actions.Any(each => each.Verb == TableVerb.Delete && each.Sources.Has(standing));
        var values = row
            .Actions.Where(each => each.Verb == TableVerb.SetTimers && each.Sources.Has(standing))
            .Select(each => each.Value)
            .ToArray();
        var wasForwarded = row.From.Forwarded.Has(standing);
        var wasBlocked = row.From.Blocked.Has(standing);
        var outcome = (row.To.Forwarded.Has(standing), row.To.Blocked.Has(standing), deleted, values) switch
        {
            (true, false, false, [TimerValue.GroupMembershipInterval]) => Outcome.ForwardedForGmi,
            (true, false, false, [TimerValue.GroupTimer]) => Outcome.ForwardedAsLongAsGroup,
            (true, false, false, []) when wasForwarded => Outcome.Unchanged,
            (false, true, false, [TimerValue.Zero]) => Outcome.Blocked,
            (false, true, false, []) when wasBlocked => Outcome.Unchanged,
            (false, false, true, []) when wasForwarded || wasBlocked => Outcome.Deleted,
            (false, false, false, []) when !wasForwarded && !wasBlocked => Outcome.Unchanged,
            _ => throw new InvalidOperationException(
                $"{row.From} {row.Record}: the row contradicts itself for sources that are {standing}."),
        };
        return new SourceFate(outcome, query);
    }
}
