using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>What a router has shown of its state on an interface.</summary>
/// <param name="State">The state.</param>
/// <param name="From">When it was asked for.</param>
/// <param name="To">When it was there: the state is of some instant in between.</param>
internal sealed record RouterReading(InterfaceState State, Instant From, Instant To)
{
    public GroupShape Shape(Address group) => GroupShape.Of(Find(group));

    public TimeSpan? Left(Address group, Address? source) =>
        source is null ? Find(group)?.Expires : Find(group)?.Sources.FirstOrDefault(each => each.Source == source)?.Expires;

    private GroupState? Find(Address group) => State.Groups.FirstOrDefault(each => each.Group == group);
}
