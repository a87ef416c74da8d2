using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>One row of the state table.</summary>
internal sealed record TableRow(TableState From, TableRecord Record, TableState To, IReadOnlyList<TableAction> Actions);

/// <summary>INCLUDE (A) or EXCLUDE (X,Y).</summary>
internal sealed record TableState(FilterMode Mode, SourceSet Forwarded, SourceSet Blocked)
{
    public override string ToString() => Mode switch
    {
        FilterMode.Include => $"INCLUDE ({Forwarded.Text})",
        FilterMode.Exclude => $"EXCLUDE ({Forwarded.Text}, {Blocked.Text})",
    };
}

/// <summary>A record and the name of its source list.</summary>
internal sealed record TableRecord(RecordType Type, SourceSet Sources)
{
    public override string ToString() => $"{Type.ShortName()} ({Sources.Text})";
}

/// <summary>What is done with some of the sources or with the group.</summary>
internal sealed record TableAction(TableVerb Verb, SourceSet Sources = default, TimerValue Value = default)
{
    public override string ToString() => Verb switch
    {
        TableVerb.SetTimers => $"({Sources.Text})={ValueText}",
        TableVerb.Delete => $"Delete ({Sources.Text})",
        TableVerb.QuerySources => $"Send Q(G,{Sources.Text})",
        TableVerb.QueryGroup => "Send Q(G)",
        TableVerb.RenewGroupTimer => "Group Timer=GMI",
    };

    private string ValueText => Value switch
    {
        TimerValue.Zero => "0",
        TimerValue.GroupMembershipInterval => "GMI",
        TimerValue.GroupTimer => "Group Timer",
    };
}

/// <summary>The verbs of the actions.</summary>
internal enum TableVerb
{
    SetTimers,
    Delete,
    QuerySources,
    QueryGroup,
    RenewGroupTimer,
}

/// <summary>What a source timer is set to.</summary>
internal enum TimerValue
{
    Zero,
    GroupMembershipInterval,

    /// <summary>The value of the group timer before the record (§6.4.2: the actions are in order, the group timer is set last).</summary>
    GroupTimer,
}
