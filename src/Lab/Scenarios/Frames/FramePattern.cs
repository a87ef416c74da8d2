using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;

namespace MulticastLab.Lab.Scenarios.Frames;

/// <summary>What a frame is expected to be: a message, narrowed by who sends it, where, and which fields it has.</summary>
public sealed class FramePattern
{
    private readonly Func<SeenFrame, bool> message;
    private readonly string text;

    internal FramePattern(string text, Func<SeenFrame, bool> message)
    {
        this.text = text;
        this.message = message;
        What = text;
    }

    /// <summary>The message in words, without who sends it and where.</summary>
    internal string What { get; private init; }

    /// <summary>Who sends it; null for anybody.</summary>
    internal string? Sender { get; private init; }

    /// <summary>The LAN that it is sent on; null for any.</summary>
    internal string? Lan { get; private init; }

    /// <summary>The same, sent by this node.</summary>
    public FramePattern From(LabNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return From(node.Name);
    }

    /// <summary>The same, sent by this station of the tester.</summary>
    public FramePattern From(Station station)
    {
        ArgumentNullException.ThrowIfNull(station);
        return From(station.Name);
    }

    /// <summary>The same, where this holds too.</summary>
    /// <param name="words">What holds, in words.</param>
    /// <param name="holds">Whether it holds of a frame.</param>
    public FramePattern Where(string words, Func<SeenFrame, bool> holds) => And(words, holds);

    /// <summary>This or the other.</summary>
    public FramePattern Or(FramePattern other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new FramePattern($"{text} or {other.text}", frame => message(frame) || other.message(frame));
    }

    /// <summary>The same, on this LAN.</summary>
    public FramePattern On(string lan) => Narrowed($"on LAN {lan}", frame => frame.Frame.Lan == lan, What, Sender, lan);

    /// <summary>A query whose S flag is clear: routers lower their timers (RFC 9776 §4.1.5).</summary>
    public FramePattern WithoutSuppression() => And("S=0", frame => frame.Query is { SuppressRouterSideProcessing: false });

    /// <summary>A query whose S flag is set: routers do not lower their timers (RFC 9776 §4.1.5).</summary>
    public FramePattern WithSuppression() => And("S=1", frame => frame.Query is { SuppressRouterSideProcessing: true });

    /// <summary>
    /// A query that announces these timers: QRV, QQIC, and a Max Response Time of the Query Response Interval in a General Query, of the
    /// Last Member Query Interval in a specific one.
    /// </summary>
    public FramePattern Announcing(ExpectedTiming timing)
    {
        ArgumentNullException.ThrowIfNull(timing);
        return And($"announcing RV {timing.RobustnessVariable}, QI {timing.QueryInterval.InWords()}", frame => frame.Query is { } query
            && query.RobustnessVariable == timing.RobustnessVariable
            && query.QueryInterval == timing.QueryInterval
            && query.MaxResponseTime == (query.Group.IsUnspecified ? timing.QueryResponseInterval : timing.LastMemberQueryInterval));
    }

    /// <summary>Whether the frame is what is expected.</summary>
    public bool Matches(SeenFrame frame) => message(frame);

    /// <summary>In words.</summary>
    public override string ToString() => text;

    /// <summary>The same, sent by whoever is called so.</summary>
    internal FramePattern From(string sender) =>
        Narrowed($"from {sender}", frame => frame.Sender == sender, What, sender, Lan);

    private FramePattern And(string also, Func<SeenFrame, bool> condition) =>
        Narrowed(also, condition, $"{What} {also}", Sender, Lan);

    private FramePattern Narrowed(string also, Func<SeenFrame, bool> condition, string what, string? sender, string? lan)
    {
        var before = message;
        return new FramePattern($"{text} {also}", frame => before(frame) && condition(frame))
        {
            What = what,
            Sender = sender,
            Lan = lan,
        };
    }
}
