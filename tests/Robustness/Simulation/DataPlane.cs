using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// The datagrams of the streams, which start on the first LAN and reach the others by the first router. What should happen to each is
/// decided when it is sent; whether it did is checked when it can no longer be in flight.
/// </summary>
internal sealed class DataPlane
{
    /// <summary>The node that sends.</summary>
    public const string Node = "source";

    private readonly Dictionary<(ulong Stream, ulong Number), Underway> underway = [];

    /// <summary>A datagram was sent; for each other LAN it must come, must not, or may.</summary>
    public void Sent(StreamDatagram datagram, Address group, Address source, Instant at, IReadOnlyDictionary<int, bool> expected) =>
        underway[(datagram.Stream, datagram.Sequence)] = new Underway(group, source, at, expected, []);

    /// <summary>A router has sent it on to this LAN.</summary>
    public void Forwarded(StreamDatagram datagram, int lan)
    {
        if (underway.TryGetValue((datagram.Stream, datagram.Sequence), out var found))
            found.Seen.Add(lan);
    }

    /// <summary>Looks at all that were sent before this time.</summary>
    /// <param name="before">Later ones may be on their way.</param>
    /// <param name="changedAt">When the LAN's or the group's state has last changed: what was settled before that no longer is.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Settle(Instant before, Func<int, Address, Instant> changedAt)
    {
        foreach (var (key, each) in underway.Where(each => each.Value.At < before).ToList())
        {
            underway.Remove(key);
            foreach (var (lan, must) in each.Expected)
            {
                var came = each.Seen.Count(seen => seen == lan);
                if (changedAt(lan, each.Group) > each.At)
                    continue;
                if (must && came == 0)
                    return $"datagram {key.Number} of {each.Source} to {each.Group}, sent at {each.At}, does not come to LAN "
                        + $"{(char)('A' + lan)}";
                if (!must && came > 0)
                    return $"datagram {key.Number} of {each.Source} to {each.Group}, sent at {each.At}, comes to LAN {(char)('A' + lan)}";
            }
        }

        return null;
    }

    private sealed record Underway(Address Group, Address Source, Instant At, IReadOnlyDictionary<int, bool> Expected, List<int> Seen);
}
