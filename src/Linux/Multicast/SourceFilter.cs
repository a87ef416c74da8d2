using MulticastLab.Packets;

namespace MulticastLab.Linux.Multicast;

/// <summary>The filter mode of a socket, with the kernel's numbers (linux/in.h: MCAST_EXCLUDE, MCAST_INCLUDE).</summary>
public enum SourceFilterMode
{
    /// <summary>All sources but the listed ones are wanted.</summary>
    Exclude = 0,

    /// <summary>Only the listed sources are wanted.</summary>
    Include = 1,
}

/// <summary>What a socket wants of a group: RFC 3376 §3.1, RFC 3678 §3.</summary>
/// <param name="Mode">INCLUDE or EXCLUDE.</param>
/// <param name="Sources">The source list, ascending, each once.</param>
public sealed record SourceFilter(SourceFilterMode Mode, IReadOnlyList<Address> Sources)
{
    /// <summary>INCLUDE with no source: not a member.</summary>
    public static SourceFilter None { get; } = new(SourceFilterMode.Include, []);

    /// <summary>EXCLUDE with no source: everything that is sent to the group.</summary>
    public static SourceFilter AnySource { get; } = new(SourceFilterMode.Exclude, []);

    /// <summary>Whether it accepts nothing.</summary>
    public bool IsNone => Mode == SourceFilterMode.Include && Sources.Count == 0;

    /// <summary>The filter with its list in order and without duplicates.</summary>
    public static SourceFilter Of(SourceFilterMode mode, IEnumerable<Address> sources) => new(mode, [.. sources.Distinct().Order()]);

    /// <summary>This filter, with these sources allowed too: added in INCLUDE mode, no longer excluded in EXCLUDE mode.</summary>
    public SourceFilter Allowing(IEnumerable<Address> sources) => Mode == SourceFilterMode.Include ? With(sources) : Without(sources);

    /// <summary>This filter, with these sources blocked: removed in INCLUDE mode, excluded in EXCLUDE mode.</summary>
    public SourceFilter Blocking(IEnumerable<Address> sources) => Mode == SourceFilterMode.Include ? Without(sources) : With(sources);

    /// <summary>Whether this source is wanted.</summary>
    public bool Wants(Address source) => Sources.Contains(source) == (Mode == SourceFilterMode.Include);

    /// <inheritdoc/>
    public bool Equals(SourceFilter? other) => other is not null && Mode == other.Mode && Sources.SequenceEqual(other.Sources);

    /// <inheritdoc/>
    public override int GetHashCode() => Sources.Aggregate((int)Mode, HashCode.Combine);

    /// <summary><c>INCLUDE {10.0.0.1, 10.0.0.2}</c>.</summary>
    public override string ToString() => $"{(Mode == SourceFilterMode.Include ? "INCLUDE" : "EXCLUDE")} {{{string.Join(", ", Sources)}}}";

    private SourceFilter With(IEnumerable<Address> sources) => Of(Mode, Sources.Concat(sources));

    private SourceFilter Without(IEnumerable<Address> sources) => Of(Mode, Sources.Except(sources));
}
