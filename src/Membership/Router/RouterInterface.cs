using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// The router side of RFC 9776 §6 on one interface: querier election, group table, query retransmission, forwarding decision.
/// Input and time in, effects out; no I/O. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Every method that takes <c>now</c> first runs the timers due at or before it, and returns the effects of both, in order, in a list
/// that is valid until the next call. <c>now</c> never goes back.
/// </remarks>
public sealed class RouterInterface
{
    private static readonly IReadOnlyList<Effect> Nothing = [];

    /// <summary>A router interface that is down: nothing is sent until <see cref="LinkUp"/>.</summary>
    public RouterInterface(string name, Dialect dialect, RouterSettings settings)
    {
        Name = name;
        Dialect = dialect;
        Settings = settings;
    }

    /// <summary>The interface's name, for dumps.</summary>
    public string Name { get; }

    /// <summary>IGMP or MLD.</summary>
    public Dialect Dialect { get; }

    /// <summary>The present configuration.</summary>
    public RouterSettings Settings { get; private set; }

    /// <summary>When <see cref="Advance"/> is to be called next; <see cref="Instant.Never"/> when no timer runs.</summary>
    public Instant NextDue => Instant.Never;

    /// <summary>The interface has come up, or its address has changed: querier duty begins with start-up queries (§6.6.2, §8.6, §8.7).</summary>
    public IReadOnlyList<Effect> LinkUp(Address address, Instant now) => Nothing;

    /// <summary>The interface has gone down: all state of it is dropped.</summary>
    public IReadOnlyList<Effect> LinkDown(Instant now) => Nothing;

    /// <summary>A query was received: election (§6.6.2), adoption of QRV and QQIC, timer lowering (§6.6.1).</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Query query, Instant now) => Nothing;

    /// <summary>A state report was received: the tables of §6.4.</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Report report, Instant now) => Nothing;

    /// <summary>Runs every timer that is due at or before <paramref name="now"/>.</summary>
    public IReadOnlyList<Effect> Advance(Instant now) => Nothing;

    /// <summary>Changes the configuration without losing state.</summary>
    public IReadOnlyList<Effect> Configure(RouterSettings settings, Instant now) => Nothing;

    /// <summary>The forwarding decision of §6.3: whether traffic from this source to this group is wanted on this interface's LAN.</summary>
    public bool Forwards(Address source, Address group) => false;

    /// <summary>The state of the interface as RFC 8652 names it.</summary>
    public InterfaceState Dump(Instant now) => throw new NotImplementedException();
}
