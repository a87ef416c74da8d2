using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>Queries on a state dump, so that conditions read like sentences.</summary>
public static class StateReading
{
    /// <summary>The state of an interface.</summary>
    /// <exception cref="ArgumentException">The router has no such interface.</exception>
    public static InterfaceState On(this RouterState state, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Interfaces.FirstOrDefault(each => each.Name == interfaceName)
            ?? throw new ArgumentException($"The dump has no interface {interfaceName}.", nameof(interfaceName));
    }

    /// <summary>Whether the router is the querier on every interface.</summary>
    public static bool IsQuerier(this RouterState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Interfaces.All(each => each.IsQuerier);
    }

    /// <summary>Whether the router is no querier on any interface, and knows this one as the querier.</summary>
    public static bool Follows(this RouterState state, Address querier)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Interfaces.All(each => !each.IsQuerier && each.Querier == querier);
    }

    /// <summary>The state of a group, on the one interface that has it; null when none has.</summary>
    public static GroupState? Group(this RouterState state, Address group)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Interfaces.SelectMany(each => each.Groups).SingleOrDefault(each => each.Group == group);
    }

    /// <summary>Whether the group is in INCLUDE mode with exactly these forwarded sources.</summary>
    public static bool IsInclude(this GroupState? state, params Address[] sources) =>
        state is { Mode: FilterMode.Include } && Are(state.Sources.Select(each => each.Source), sources);

    /// <summary>
    /// Whether the group is in EXCLUDE mode with exactly these sources: EXCLUDE(X, Y), X forwarded as asked for, Y blocked (RFC 9776
    /// §6.2.1).
    /// </summary>
    public static bool IsExclude(this GroupState? state, Address[]? forwarded = null, Address[]? blocked = null) =>
        state is { Mode: FilterMode.Exclude }
        && Are(state.Sources.Where(each => each.Forward).Select(each => each.Source), forwarded ?? [])
        && Are(state.Sources.Where(each => !each.Forward).Select(each => each.Source), blocked ?? []);

    /// <summary>What is left of a source's timer; null when the group or the source is not there.</summary>
    public static TimeSpan? TimerOf(this GroupState? state, Address source) =>
        state?.Sources.FirstOrDefault(each => each.Source == source)?.Expires;

    private static bool Are(IEnumerable<Address> found, Address[] expected) => found.Order().SequenceEqual(expected.Order());
}
