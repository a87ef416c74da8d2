using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>What a router knows of a group on one LAN (RFC 9776 §6.2): nothing, INCLUDE(A) or EXCLUDE(X, Y).</summary>
public sealed record GroupShape
{
    private GroupShape(FilterMode? mode, IEnumerable<Address> forwarded, IEnumerable<Address> blocked) =>
        (Mode, Forwarded, Blocked) = (mode, [.. forwarded.Order()], [.. blocked.Order()]);

    /// <summary>The router has no record of the group.</summary>
    public static GroupShape None { get; } = new(null, [], []);

    /// <summary>The mode; null when there is no record.</summary>
    public FilterMode? Mode { get; }

    /// <summary>A of INCLUDE, X of EXCLUDE: the sources whose timers run, ascending.</summary>
    public IReadOnlyList<Address> Forwarded { get; }

    /// <summary>Y of EXCLUDE: the sources that are blocked, ascending.</summary>
    public IReadOnlyList<Address> Blocked { get; }

    /// <summary>INCLUDE(A).</summary>
    public static GroupShape Include(params IEnumerable<Address> sources) => new(FilterMode.Include, sources, []);

    /// <summary>EXCLUDE(X, Y).</summary>
    public static GroupShape Exclude(IEnumerable<Address>? forwarded = null, IEnumerable<Address>? blocked = null) =>
        new(FilterMode.Exclude, forwarded ?? [], blocked ?? []);

    /// <summary>That of a group in a state dump.</summary>
    internal static GroupShape Of(GroupState? state) => state switch
    {
        null => None,
        { Mode: FilterMode.Include } => Include(state.Sources.Where(each => each.Forward).Select(each => each.Source)),
        _ => Exclude(
            state.Sources.Where(each => each.Forward).Select(each => each.Source),
            state.Sources.Where(each => !each.Forward).Select(each => each.Source)),
    };

    /// <inheritdoc/>
    public bool Equals(GroupShape? other) =>
        other is not null && Mode == other.Mode && Forwarded.SequenceEqual(other.Forwarded) && Blocked.SequenceEqual(other.Blocked);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mode, Forwarded.Count, Blocked.Count);

    /// <summary>As the RFC writes it.</summary>
    public override string ToString() => Mode switch
    {
        null => "no record of the group",
        FilterMode.Include => $"INCLUDE({Set(Forwarded)})",
        _ => $"EXCLUDE({Set(Forwarded)}, {Set(Blocked)})",
    };

    private static string Set(IEnumerable<Address> sources) => "{" + string.Join(", ", sources) + "}";
}
