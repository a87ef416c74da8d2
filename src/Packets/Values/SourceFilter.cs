namespace MulticastLab.Packets;

/// <summary>
/// What a socket, or all sockets of an interface together, want of a group: a filter mode and a source list (RFC 9776 §3.1 and §3.2,
/// RFC 3678 §3). A value: two of the same mode and sources are equal.
/// </summary>
public sealed record SourceFilter
{
    private readonly Address[] sources;

    private SourceFilter(FilterMode mode, Address[] sources)
    {
        Mode = mode;
        this.sources = sources;
    }

    /// <summary>INCLUDE with no source: not a member, which is the same as no state (RFC 9776 §3.1, §5.1).</summary>
    public static SourceFilter None { get; } = new(FilterMode.Include, []);

    /// <summary>EXCLUDE with no source: everything that is sent to the group.</summary>
    public static SourceFilter AnySource { get; } = new(FilterMode.Exclude, []);

    /// <summary>INCLUDE or EXCLUDE.</summary>
    public FilterMode Mode { get; }

    /// <summary>The source list, ascending, each once.</summary>
    public IReadOnlyList<Address> Sources => sources;

    /// <summary>Whether it accepts nothing.</summary>
    public bool IsNone => Mode == FilterMode.Include && sources.Length == 0;

    /// <summary>The filter of this mode with these sources, in any order and with repetitions.</summary>
    public static SourceFilter Of(FilterMode mode, IEnumerable<Address> sources) => new(mode, [.. sources.Distinct().Order()]);

    /// <summary>
    /// The interface's state from those of its sockets (RFC 9776 §3.2): any socket in EXCLUDE mode makes it EXCLUDE, with the sources that
    /// all of those exclude and that no INCLUDE socket wants; otherwise it is INCLUDE with all sources together.
    /// </summary>
    public static SourceFilter Merge(IReadOnlyCollection<SourceFilter> sockets)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        var included = sockets.Where(each => each.Mode == FilterMode.Include).SelectMany(each => each.sources);
        var excluding = sockets.Where(each => each.Mode == FilterMode.Exclude).Select(each => each.sources).ToList();
        if (excluding.Count == 0)
            return Of(FilterMode.Include, included);
        // Intersect and Except keep the order of the first list.
        var byAll = excluding.Skip(1).Aggregate(excluding[0].AsEnumerable(), (common, each) => common.Intersect(each));
        return new SourceFilter(FilterMode.Exclude, [.. byAll.Except(included)]);
    }

    /// <summary>This filter, with these sources allowed too: added in INCLUDE mode, no longer excluded in EXCLUDE mode.</summary>
    public SourceFilter Allowing(IEnumerable<Address> sources) => Mode == FilterMode.Include ? With(sources) : Without(sources);

    /// <summary>This filter, with these sources blocked: removed in INCLUDE mode, excluded in EXCLUDE mode.</summary>
    public SourceFilter Blocking(IEnumerable<Address> sources) => Mode == FilterMode.Include ? Without(sources) : With(sources);

    /// <summary>Whether traffic from this source is wanted.</summary>
    public bool Wants(Address source) => (Array.BinarySearch(sources, source) >= 0) == (Mode == FilterMode.Include);

    /// <inheritdoc/>
    public bool Equals(SourceFilter? other) =>
        other is not null && Mode == other.Mode && sources.AsSpan().SequenceEqual(other.sources);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, sources.Length);

    /// <summary><c>INCLUDE {10.0.0.1, 10.0.0.2}</c>.</summary>
    public override string ToString() => $"{(Mode == FilterMode.Include ? "INCLUDE" : "EXCLUDE")} {{{string.Join(", ", sources)}}}";

    private SourceFilter With(IEnumerable<Address> others) => Of(Mode, sources.Concat(others));

    private SourceFilter Without(IEnumerable<Address> others) => new(Mode, [.. sources.Except(others)]);
}
