using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>
/// The router as a host of its LAN (RFC 9776 §5): a member of what it is configured to join, and of 224.0.0.22, as every router of version
/// 3 is (§6). It hears the router's messages as it hears any other station's. Input, time and randomness go in, messages come out; no I/O.
/// One per interface that is up. Not safe for use by several threads at once.
/// </summary>
public sealed class RouterAsMember
{
    private const int Socket = 0;

    private readonly Dialect dialect;
    private readonly Random random;
    private HostInterface host;
    private Dictionary<Address, Address[]?> joined = [];

    /// <summary>A host that has joined nothing yet.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="dialect">IGMP or MLD.</param>
    /// <param name="settings">The router's configuration.</param>
    /// <param name="random">Where the random delays are drawn from.</param>
    public RouterAsMember(string name, Dialect dialect, RouterSettings settings, Random random)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.dialect = dialect;
        this.random = random;
        host = new HostInterface(name, dialect, AsHost(settings), random);
    }

    /// <summary>When <see cref="Advance"/> is to be called next; <see cref="Instant.Never"/> when no timer runs.</summary>
    public Instant NextDue => host.NextDue;

    /// <summary>Joins what these settings say, and leaves what they no longer say.</summary>
    /// <remarks>
    /// Where they make another host of it, of another version perhaps, that one reports all that it has joined: as it does on a new link
    /// (§5.1), the previous one having left only what it is to leave.
    /// </remarks>
    public IReadOnlyList<SendAsMember> Follow(RouterSettings settings, Instant now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var wanted = Wanted(settings);
        var messages = new List<SendAsMember>();
        foreach (var group in joined.Keys.Except(wanted.Keys))
            messages.AddRange(Messages(host.Listen(Socket, group, SourceFilter.None, now)));
        if (AsHost(settings) is var other && other != host.Settings)
            host = new HostInterface(host.Name, dialect, other, random);
        foreach (var (group, sources) in wanted)
        {
            var filter = sources is null ? SourceFilter.AnySource : SourceFilter.Of(FilterMode.Include, sources);
            messages.AddRange(Messages(host.Listen(Socket, group, filter, now)));
        }

        joined = wanted;
        return messages;
    }

    /// <summary>Whether a query for this group, unspecified in a General Query, concerns the router too.</summary>
    public bool IsAsked(Address group) => group == dialect.Unspecified || joined.ContainsKey(group);

    /// <summary>
    /// Whether a message is for it. A router hears a great many reports; a host only needs those that may suppress its own (§7.2.2).
    /// </summary>
    public bool Concerns(in MembershipMessage message) => message.Kind switch
    {
        MessageKind.Query => IsAsked(message.Query.Group),
        MessageKind.Report => false,
        MessageKind.GroupMessage => message.IsReport && joined.ContainsKey(message.GroupMessage.Group),
    };

    /// <summary>A message that concerns it was heard on the LAN, of another station or of the router itself.</summary>
    public IReadOnlyList<SendAsMember> Receive(in MembershipMessage message, Instant now) => Messages(host.Receive(message, now));

    /// <summary>Runs every timer that is due at or before <paramref name="now"/>.</summary>
    public IReadOnlyList<SendAsMember> Advance(Instant now) => Messages(host.Advance(now));

    /// <summary>Leaves everything, sent once: its last message.</summary>
    public IReadOnlyList<SendAsMember> Leave(Instant now)
    {
        joined = [];
        return Messages(host.Close(Socket, now));
    }

    // Null: from all sources.
    private Dictionary<Address, Address[]?> Wanted(RouterSettings settings) =>
        settings
            .Joined(dialect)
            .ToLookup(each => each.Group, each => each.Source)
            .ToDictionary(each => each.Key, each => each.Contains(null) ? null : each.OfType<Address>().Distinct().ToArray());

    // Only the timers that a host uses: it stays the same host when the rest changes.
    private static HostSettings AsHost(RouterSettings settings) => new()
    {
        Timing = new Timing
        {
            RobustnessVariable = settings.Timing.RobustnessVariable,
            QueryInterval = settings.Timing.QueryInterval,
            UnsolicitedReportInterval = settings.Timing.UnsolicitedReportInterval,
            OlderVersionUnsolicitedReportInterval = settings.Timing.OlderVersionUnsolicitedReportInterval,
        },
        Version = settings.Version,
        Mtu = settings.Mtu,
        SourceSpecificRange = settings.SourceSpecificRange,
        // The operator's configuration is not refused for its size.
        MaxSources = Math.Max(1024, settings.LocalJoins.Count),
    };

    // A copy: sending them may be heard, and change the list.
    private static SendAsMember[] Messages(IReadOnlyList<Effect> effects) => effects.Count == 0 ? [] : [.. effects.OfType<SendAsMember>()];
}
