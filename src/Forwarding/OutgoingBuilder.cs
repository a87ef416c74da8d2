using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// Collects the interfaces where packets go out. Nothing goes back out of the interface where it came in, nor out of one that is down: such
/// additions are ignored. Where several want the packets, the lowest TTL threshold applies.
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
    /// Whether packets could go out there at all: otherwise the cost of finding out whether they are wanted can be saved.
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
