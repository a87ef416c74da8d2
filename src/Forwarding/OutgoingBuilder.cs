using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// Collects the interfaces where packets go out. Nothing goes back to where it came in, nor out of an interface that is down: what is added
/// of the kind is left out. Where several want the packets, the lowest TTL threshold counts.
/// </summary>
/// <param name="interfaces">The interfaces.</param>
/// <param name="incoming">The number of the interface where the packets are taken.</param>
public struct OutgoingBuilder(ForwardingInterfaces interfaces, int incoming)
{
    private OutgoingInterfaces outgoing;

    /// <summary>The number of the interface where the packets are taken.</summary>
    public readonly int Incoming => incoming;

    /// <summary>What has been added.</summary>
    public readonly OutgoingInterfaces Outgoing => outgoing;

    /// <summary>
    /// Whether packets could go out there at all: what it costs to find out whether they are wanted can be spared otherwise.
    /// </summary>
    public readonly bool Accepts(int number) => number != incoming && interfaces.IsUp(number);

    /// <summary>Packets go out there above the interface's own TTL threshold.</summary>
    /// <param name="number">The interface's number.</param>
    public void Add(int number) => Add(number, interfaces.Threshold(number));

    /// <summary>Packets go out there above this TTL threshold.</summary>
    /// <param name="number">The interface's number; <see cref="ForwardingInterfaces.None"/> adds nothing.</param>
    /// <param name="threshold">1 to 255.</param>
    public void Add(int number, byte threshold)
    {
        if (Accepts(number))
            outgoing[number] = outgoing.Contains(number) ? Math.Min(outgoing[number], threshold) : threshold;
    }
}
