using System.Collections;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// What a dump has of a group, as a value: for a hundred thousand groups without sources it keeps no object each, which would cost long
/// garbage collection pauses.
/// </summary>
/// <param name="Group">The address.</param>
/// <param name="Mode">The filter mode.</param>
/// <param name="Expires">What is left of the group timer.</param>
/// <param name="UpTime">Since when it is there.</param>
/// <param name="LastReporter">Who has reported it last.</param>
/// <param name="CompatibilityMode">The compatibility mode.</param>
/// <param name="Whole">The whole of a group that has more to it; otherwise null.</param>
internal readonly record struct GroupRow(
    Address Group, FilterMode Mode, TimeSpan Expires, TimeSpan UpTime, Address LastReporter, int CompatibilityMode,
    GroupState? Whole = null)
{
    /// <summary>What a dump has of a group now.</summary>
    public static GroupRow Of(Group group, Dialect dialect, Instant now)
    {
        var row = new GroupRow(
            group.Address, group.Mode, group.Remaining(now) ?? TimeSpan.Zero, now - group.Created, group.LastReporter,
            dialect.VersionOf(group.CompatibilityMode));
        return group is { SourceCount: 0, Hosts: null, OlderHosts: null } ? row : row with { Whole = row.WithParts(group, dialect, now) };
    }

    public GroupState ToState() => Whole ?? new GroupState
    {
        Group = Group,
        Mode = Mode,
        Expires = Expires,
        UpTime = UpTime,
        LastReporter = LastReporter,
        CompatibilityMode = CompatibilityMode,
    };

    private GroupState WithParts(Group group, Dialect dialect, Instant now)
    {
        var sources = new SourceState[group.SourceCount];
        var count = 0;
        for (var source = group.FirstSource; source is not null; source = source.Next)
        {
            sources[count++] = new SourceState
            {
                Source = source.Address,
                Expires = source.Remaining(now) ?? TimeSpan.Zero,
                Hosts = source.Hosts?.Dump(now) ?? [],
            };
        }

        Array.Sort(sources, static (a, b) => a.Source.CompareTo(b.Source));
        return ToState() with
        {
            Version1HostPresentExpires = group.OlderHosts?.Of(dialect.GenerationOf(1))?.Remaining(now),
            Version2HostPresentExpires = group.OlderHosts?.Of(dialect.GenerationOf(2))?.Remaining(now),
            Hosts = group.Hosts?.Dump(now) ?? [],
            Sources = sources,
        };
    }
}

/// <summary>Rows as the states that they stand for, each made when it is looked at.</summary>
internal sealed class GroupStates(GroupRow[] rows) : IReadOnlyList<GroupState>
{
    public int Count => rows.Length;

    public GroupState this[int index] => rows[index].ToState();

    public IEnumerator<GroupState> GetEnumerator()
    {
        foreach (var row in rows)
            yield return row.ToState();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
