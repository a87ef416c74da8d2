using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// A filter mode and a source list, the latter ascending and without repetition: the state of a socket or of an interface.
/// </summary>
internal readonly record struct Filter(FilterMode Mode, Address[] Sources)
{
    /// <summary>INCLUDE with no sources: the same as no state (RFC 9776 §3.1, §5.1).</summary>
    public static readonly Filter None = new(FilterMode.Include, []);

    public bool IsNone => Mode == FilterMode.Include && Sources.Length == 0;

    /// <summary>Whether traffic from this source is wanted.</summary>
    public bool Wants(Address source) => (Array.BinarySearch(Sources, source) >= 0) == (Mode == FilterMode.Include);

    public bool Equals(Filter other) => Mode == other.Mode && Sources.AsSpan().SequenceEqual(other.Sources);

    public override int GetHashCode() => HashCode.Combine(Mode, Sources.Length);

    /// <summary>
    /// The interface's state from those of its sockets (RFC 9776 §3.2): any socket in EXCLUDE mode makes it EXCLUDE, with the sources that
    /// all of those exclude and that no INCLUDE socket wants; otherwise it is INCLUDE with all sources together.
    /// </summary>
    public static Filter Merge(IReadOnlyCollection<Filter> sockets)
    {
        if (sockets.Count == 0)
            return None;
        var included = sockets.Where(each => each.Mode == FilterMode.Include).SelectMany(each => each.Sources);
        var excluding = sockets.Where(each => each.Mode == FilterMode.Exclude).Select(each => each.Sources).ToList();
        if (excluding.Count == 0)
            return new Filter(FilterMode.Include, [.. included.Distinct().Order()]);
        // Intersect and Except keep the order of the first list.
        var byAll = excluding.Skip(1).Aggregate(excluding[0].AsEnumerable(), (common, each) => common.Intersect(each));
        return new Filter(FilterMode.Exclude, [.. byAll.Except(included)]);
    }
}
