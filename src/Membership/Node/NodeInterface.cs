using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>
/// One interface of a router: the protocol core, the router's own memberships on the LAN, the rules of what is accepted at all, and the
/// counters. Packets, changes of link and configuration, and the present time go in, effects come out; no I/O. Not safe for use by several
/// threads at once.
/// </summary>
/// <remarks>
/// Every method that takes <c>now</c> returns what is to be done, in order, in a list that is valid until the next call. The shell sends
/// each <see cref="SendMessage"/> and reports the outcome: <see cref="Sent"/> or <see cref="NotSent"/>.
/// </remarks>
public sealed class NodeInterface
{
    private readonly RouterInterface core;
    private readonly Random random;
    private readonly List<Effect> effects = [];
    private readonly OwnPackets own = new();
    private RouterSettings configured;
    private NodeLink? link;

    // While the link is up: on another one, its routers know nothing of this host, nor it of them.
    private RouterAsMember? member;
    private Instant lastReceived;
    private long expirations;

    internal NodeInterface(int number, string name, Dialect dialect, RouterSettings settings, Random random)
    {
        Number = number;
        core = new RouterInterface(name, dialect, settings);
        Counters = new RouterCounters(dialect);
        configured = settings;
        this.random = random;
    }

    /// <summary>0, 1, 2 …: the lowest number that was free when the interface was added.</summary>
    public int Number { get; }

    /// <summary>The interface's name.</summary>
    public string Name => core.Name;

    /// <summary>IGMP or MLD.</summary>
    public Dialect Dialect => core.Dialect;

    /// <summary>What was received, refused and sent here.</summary>
    public RouterCounters Counters { get; }

    /// <summary>The configuration in force: with what the link adds.</summary>
    public RouterSettings Settings => core.Settings;

    /// <summary>The configured version, by its number.</summary>
    public int Version => core.Version;

    /// <summary>Whether the interface is served.</summary>
    public bool IsUp => core.IsUp;

    /// <summary>Whether this router is the querier of the LAN.</summary>
    public bool IsQuerier => core.IsQuerier;

    /// <summary>How many groups there are.</summary>
    public int GroupCount => core.GroupCount;

    /// <summary>How many source records all groups have.</summary>
    public int SourceCount => core.SourceCount;

    /// <summary>How many timers of the protocol run: of groups, sources, queries and the election.</summary>
    public int TimerCount => core.TimerCount;

    /// <summary>
    /// When <see cref="Advance"/> is to be called next, after everything that has arrived until then was handed in; it may find nothing
    /// due.
    /// <see cref="Instant.Never"/> when there is nothing to wait for.
    /// </summary>
    public Instant NextDue => RouterDue < MemberDue ? RouterDue : MemberDue;

    /// <summary>The part of <see cref="NextDue"/> that is the router's: its timers.</summary>
    public Instant RouterDue => core.NextDue;

    /// <summary>
    /// The part of <see cref="NextDue"/> that is the router's as a host of the LAN: its reports, and what it is to hear from itself.
    /// </summary>
    public Instant MemberDue => member is not null && member.NextDue < own.Due ? member.NextDue : own.Due;

    /// <summary>When the work of the last call was due: the expiry of a timer, the arrival of a packet, the change of the link.</summary>
    public Instant ActedOn { get; private set; }

    /// <summary>Whether the packet received last was a report, of whatever version.</summary>
    public bool WasReport { get; private set; }

    /// <summary>The link can be served, or something of it has changed; when nothing has, nothing is done.</summary>
    /// <remarks>Without a valid configuration for this link (<see cref="LinkRefused"/>) the one before stays in force.</remarks>
    public IReadOnlyList<Effect> LinkUp(NodeLink link, Instant now)
    {
        ArgumentNullException.ThrowIfNull(link);
        Begin(now);
        this.link = link;
        FollowLink(link, now);
        // Before the first query, which it is to answer too.
        member ??= new RouterAsMember(Name, core.Dialect, Settings, random);
        Take(core.LinkUp(link.Address, now));
        Take(member.Follow(Settings, now));
        return effects;
    }

    /// <summary>The link can no longer be served: all its state is dropped, and nothing can be sent there any more.</summary>
    public IReadOnlyList<Effect> LinkDown(Instant now)
    {
        Begin(now);
        EndMember();
        Take(core.LinkDown(now));
        return effects;
    }

    /// <summary>A packet was received.</summary>
    /// <param name="packet">The packet from its IP header on, as far as it was received.</param>
    /// <param name="arrival">How it came.</param>
    /// <param name="now">The present.</param>
    public IReadOnlyList<Effect> Receive(ReadOnlySpan<byte> packet, in Arrival arrival, Instant now)
    {
        WasReport = false;
        // Never before what this interface knows, nor after the present: clocks may be set.
        var at = arrival.At < lastReceived ? lastReceived : arrival.At > now ? now : arrival.At;
        lastReceived = at;
        Begin(core.NextDue < at ? core.NextDue : at);
        if (arrival.IsOutgoing || (link is not null && arrival.Sender == link.Mac))
        {
            Counters.OwnReceived++;
            return effects;
        }

        if (arrival.Length > packet.Length)
        {
            Counters.Oversized++;
            return effects;
        }

        var error = core.Dialect.TryRead(packet, out var message);
        if (error != PacketError.None)
        {
            Counters.Refused(error);
            return effects;
        }

        Counters.Received(message);
        Take(core.Receive(message, at));
        HearAsMember(message, now);
        WasReport = message.IsReport;
        return effects;
    }

    /// <summary>Does what is due: runs expired timers, and has the router hear what it has sent itself.</summary>
    public IReadOnlyList<Effect> Advance(Instant now)
    {
        Begin(core.NextDue < now ? core.NextDue : now);
        if (core.NextDue <= now)
            Take(core.Advance(now));
        if (member is not null && member.NextDue <= now)
            Take(member.Advance(now));
        HearOwn(now);
        return effects;
    }

    /// <summary>Changes the configuration. What the link adds to it stays.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; nothing has changed then.</exception>
    public IReadOnlyList<Effect> Configure(RouterSettings settings, Instant now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Begin(now);
        Take(core.Configure(link is null ? settings : LinkSettings.Of(settings, link), now));
        configured = settings;
        if (member is not null)
            Take(member.Follow(Settings, now));
        return effects;
    }

    /// <summary>Forgets what was learnt: all groups, or one.</summary>
    public IReadOnlyList<Effect> ClearGroups(Address? group, Instant now)
    {
        Begin(now);
        Take(core.ClearGroups(group, now));
        return effects;
    }

    /// <summary>
    /// The router is about to end here: it leaves what it has joined itself. The router does not hear that, as its state goes too.
    /// </summary>
    public IReadOnlyList<Effect> Leave(Instant now)
    {
        Begin(now);
        if (member is not null)
            Take(member.Leave(now));
        EndMember();
        return effects;
    }

    /// <summary>Writes a message as a packet, from its IP header on.</summary>
    /// <param name="buffer">As long as the link's MTU.</param>
    /// <param name="message">What is to be sent.</param>
    /// <returns>The packet's length.</returns>
    public int Write(Span<byte> buffer, SendMessage message) =>
        core.Dialect.Write(buffer, message, link?.Address ?? core.Dialect.Unspecified);

    /// <summary>
    /// The message was sent. What concerns the router itself is heard with the next <see cref="Advance"/>, which is due at once.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="packet">The packet that was written for it.</param>
    /// <param name="now">The present.</param>
    public void Sent(SendMessage message, ReadOnlySpan<byte> packet, Instant now)
    {
        Counters.Sent(message);
        // The host hears the router as it hears any other, and the router hears its host: after each has finished with what made it send,
        // and after whatever arrived before. Neither hears itself.
        var isHeard = message is SendQuery query ? member?.IsAsked(query.Query.Group) : member is not null;
        if (isHeard is true)
            own.Add(packet, now);
    }

    /// <summary>A message could not be sent. As with any lost message, its repetition or the next query makes up for it (RFC 9776
    /// §5.1).</summary>
    public void NotSent() => Counters.SendFailures++;

    /// <summary>
    /// The forwarding decision of §6.3: whether traffic from this source to this group is wanted on this interface's LAN.
    /// </summary>
    public bool Forwards(Address source, Address group) => core.Forwards(source, group);

    /// <summary>The state of the interface, to be taken in slices.</summary>
    public InterfaceDump BeginDump() => core.BeginDump();

    /// <summary>The state of the interface.</summary>
    public InterfaceState Dump(Instant now) => core.Dump(now);

    /// <summary>The state without the groups, only their number.</summary>
    public InterfaceState Summary(Instant now) => core.Summary(now);

    /// <summary>How many timers of the protocol have expired since this was last asked.</summary>
    public int TakeExpirations()
    {
        var (before, now) = (expirations, core.Expirations);
        expirations = now;
        return (int)(now - before);
    }

    /// <summary>
    /// Has the runtime compile the code that the first query needs. Compiled when the query is sent, it would delay the first query but not
    /// the second, and the Startup Query Interval between them (§8.6) would come out short.
    /// </summary>
    public void Rehearse()
    {
        var rehearsal = new NodeInterface(Number, Name, core.Dialect, configured, new Random(0));
        var packet = new byte[Settings.Mtu];
        foreach (
            var message in rehearsal
                .LinkUp(new NodeLink(core.Dialect.Unspecified, default, Settings.Mtu, []), Instant.Epoch)
                .OfType<SendQuery>())
            rehearsal.Sent(message, packet.AsSpan(0, rehearsal.Write(packet, message)), Instant.Epoch);
    }

    private void Begin(Instant actedOn)
    {
        effects.Clear();
        ActedOn = actedOn;
    }

    // The MTU and, where the configuration says so, the accepted senders follow the link.
    private void FollowLink(NodeLink link, Instant now)
    {
        if (LinkSettings.Agree(Settings, configured, link))
            return;
        try
        {
            Take(core.Configure(LinkSettings.Of(configured, link), now));
        }
        catch (ArgumentException refused)
        {
            effects.Add(new LinkRefused($"MTU {link.Mtu} not accepted: {refused.Message}"));
        }
    }

    private void HearOwn(Instant now)
    {
        // What is sent in answer comes later.
        for (var left = own.Count; left > 0; left--)
        {
            if (core.Dialect.TryRead(own.Take(), out var message) != PacketError.None)
                continue;
            if (message.Kind == MessageKind.Query)
            {
                HearAsMember(message, now);
            }
            else if (message.Generation <= core.Generation)
            {
                // What the router sent before it was set to an older version, or because of that, it no longer understands itself
                // (§7.3.1).
                lastReceived = now;
                Take(core.Receive(message, now));
            }
        }
    }

    private void HearAsMember(in MembershipMessage message, Instant now)
    {
        if (member is not null && member.Concerns(message))
            Take(member.Receive(message, now));
    }

    private void EndMember()
    {
        member = null;
        own.Clear();
    }

    private void Take(IReadOnlyList<Effect> told)
    {
        for (var i = 0; i < told.Count; i++)
        {
            if (told[i] is Dropped dropped)
            {
                Counters.Dropped(dropped.Reason);
                continue;
            }

            if (told[i] is QueryOfOtherVersion)
                Counters.QueriesOfOtherVersions++;
            effects.Add(told[i]);
        }
    }
}
