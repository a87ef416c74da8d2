using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>The pending answer to specific queries for one group: its timer and the recorded sources (RFC 9776 §5.2).</summary>
internal sealed class PendingResponse(HostGroup group) : QueuedTimer
{
    private readonly HashSet<Address> recorded = [];

    public HostGroup Group { get; } = group;

    /// <summary>
    /// Merges a query: rule 3 when no answer is pending, else rules 4 and 5, by which an answer for the whole group is never narrowed
    /// to some sources.
    /// </summary>
    /// <param name="sources">The queried sources; none in a Group-Specific Query.</param>
    /// <param name="limit">Beyond this many sources the answer is for the whole group: correct, and bounded in memory (RFC 9776
    /// §9.1).</param>
    public void Record(in SourceList sources, int limit)
    {
        var wholeGroup = sources.IsEmpty || (IsRunning && recorded.Count == 0);
        if (!wholeGroup)
        {
            foreach (var source in sources)
                recorded.Add(source);
            wholeGroup = recorded.Count > limit;
        }

        if (wholeGroup)
            recorded.Clear();
    }

    /// <summary>
    /// Clears the recorded sources, as after every report of the group: what is still pending answers for the whole group.
    /// </summary>
    public void Clear() => recorded.Clear();

    /// <summary>The answer according to the state at this moment; null when there is none.</summary>
    public RecordContent? Answer(SourceFilter now)
    {
        if (now.IsNone)
            return null;
        if (recorded.Count == 0)
            return CurrentState(Group.Address, now);
        var sources = recorded.Where(now.Wants).Order().ToList();
        return sources.Count == 0 ? null : new RecordContent(RecordType.IsInclude, Group.Address, sources);
    }

    /// <summary>The Current-State Record with the mode and the whole list.</summary>
    public static RecordContent CurrentState(Address group, SourceFilter now) =>
        new(now.Mode == FilterMode.Include ? RecordType.IsInclude : RecordType.IsExclude, group, now.Sources);
}
