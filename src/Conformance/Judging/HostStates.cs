using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging;

/// <summary>What a host listens to of a group, by what it has reported.</summary>
/// <param name="At">Since when.</param>
/// <param name="IsMember">Whether it listens to anything of it; null when that does not follow from its reports.</param>
/// <param name="Mode">The filter mode; null when it is not known.</param>
/// <param name="Sources">The sources of the filter; null when they are not all known.</param>
internal sealed record HostState(Instant At, bool? IsMember, FilterMode? Mode, IReadOnlySet<Address>? Sources)
{
    /// <summary>Whether this is the current state of the filter, as a record tells it.</summary>
    public bool Is(RecordContent record) =>
        Sources is not null && Mode == (record.Type == RecordType.IsInclude ? FilterMode.Include : FilterMode.Exclude)
        && Sources.SetEquals(record.Sources);

    /// <summary>What of these sources it listens to; null when that is not known.</summary>
    public IReadOnlySet<Address>? Wanted(IReadOnlyList<Address> sources) =>
        Sources is null || Mode is null ? null
        : sources.Where(each => Sources.Contains(each) == (Mode == FilterMode.Include)).ToHashSet();
}

/// <summary>What a host listens to, and when that has changed, by what it reports of itself (RFC 9776 §4.2.13).</summary>
internal sealed class HostStates
{
    private readonly Dictionary<Address, List<HostState>> states = [];

    // A long list comes in several reports.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<Address, Instant> askedForSources = [];

    /// <param name="messages">All messages of its segment, by time.</param>
    /// <param name="name">Its name as a sender.</param>
    /// <param name="tolerance">How much later than due it may answer.</param>
    internal HostStates(IEnumerable<SeenFrame> messages, string name, TimeSpan tolerance)
    {
        foreach (var frame in messages)
        {
            if (frame.Query is { Kind: QueryKind.GroupAndSourceSpecific } query)
                askedForSources[query.Group] = frame.At + query.MaxResponseTime + tolerance;
            if (frame.Sender != name)
                continue;
            if (frame.GroupMessage is { } older)
                Now(older.Group, new HostState(frame.At, older.Kind == GroupMessageKind.Report, null, null));
            foreach (var record in frame.Report?.Records ?? [])
            {
                Now(record.Group, record.Type == RecordType.IsInclude
                    ? Told(record, frame.At)
                    : After(record, Last(record.Group), frame.At));
            }
        }
    }

    /// <summary>The groups that it has said something of.</summary>
    public IEnumerable<Address> Groups => states.Keys;

    /// <summary>The state at a time; null before the first message about the group.</summary>
    public HostState? Of(Address group, Instant at) => states.GetValueOrDefault(group)?.LastOrDefault(each => each.At <= at);

    /// <summary>Whether the state changes within a time, its end included.</summary>
    public bool Changes(Address group, Instant from, Instant to) =>
        states.GetValueOrDefault(group)?.Exists(each => each.At > from && each.At <= to) == true;

    private HostState? Last(Address group) => states.GetValueOrDefault(group)?[^1];

    private void Now(Address group, HostState state)
    {
        if (!states.TryGetValue(group, out var all))
            states.Add(group, all = []);
        if (all.Count == 0 || !IsSame(all[^1], state))
            all.Add(state);
    }

    private static bool IsSame(HostState one, HostState other) =>
        one.IsMember == other.IsMember && one.Mode == other.Mode
        && (one.Sources is null ? other.Sources is null : other.Sources is not null && one.Sources.SetEquals(other.Sources));

    // What answers a query about sources says nothing about the rest.
    private HostState Told(RecordContent record, Instant at)
    {
        var before = Last(record.Group);
        if (before is { Mode: FilterMode.Include, Sources: { } first } && at - before.At <= Together)
            return before with { IsMember = true, Sources = first.Union(record.Sources).ToHashSet() };
        if (before?.Mode is not null)
            return before with { At = at, IsMember = true };
        return askedForSources.TryGetValue(record.Group, out var until) && at <= until
            ? new(at, true, null, null)
            : new(at, true, FilterMode.Include, record.Sources.ToHashSet());
    }

    private static HostState After(RecordContent record, HostState? before, Instant at)
    {
        var sources = record.Sources.ToHashSet();
        return record.Type switch
        {
            RecordType.IsExclude or RecordType.ToExclude => new(at, true, FilterMode.Exclude, sources),
            RecordType.ToInclude => new(at, sources.Count > 0, FilterMode.Include, sources),
            RecordType.Allow when before is { Mode: FilterMode.Exclude, Sources: { } excluded } =>
                new(at, true, FilterMode.Exclude, excluded.Except(sources).ToHashSet()),
            RecordType.Allow when before is { Mode: FilterMode.Include, Sources: { } included } =>
                new(at, true, FilterMode.Include, included.Union(sources).ToHashSet()),
            RecordType.Allow => new(at, true, before?.Mode, null),
            RecordType.Block when before is { Mode: FilterMode.Exclude, Sources: { } excluded } =>
                new(at, true, FilterMode.Exclude, excluded.Union(sources).ToHashSet()),
            RecordType.Block when before is { Mode: FilterMode.Include, Sources: { } included } =>
                included.Except(sources).ToHashSet() is var left ? new(at, left.Count > 0, FilterMode.Include, left) : before,
            _ => new(at, null, null, null),
        };
    }
}
