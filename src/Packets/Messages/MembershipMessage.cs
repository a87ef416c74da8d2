namespace MulticastLab.Packets;

/// <summary>The kinds of messages that routers and hosts exchange.</summary>
public enum MessageKind
{
    /// <summary>A query of any version.</summary>
    Query,

    /// <summary>A state report of the current version.</summary>
    Report,

    /// <summary>A report or leave of an older version.</summary>
    GroupMessage,
}

/// <summary>
/// A received message of whatever protocol and version, valid, with what its IP header said: what a dialect's reader makes of the bytes and
/// the protocol core reads. Lives as long as the bytes.
/// </summary>
public readonly ref struct MembershipMessage
{
    private readonly Query query;
    private readonly Report report;
    private readonly GroupMessage groupMessage;

    /// <summary>A query.</summary>
    public MembershipMessage(scoped in Envelope envelope, scoped in Query query)
    {
        Envelope = envelope;
        Kind = MessageKind.Query;
        this.query = query;
    }

    /// <summary>A report of the current version.</summary>
    public MembershipMessage(scoped in Envelope envelope, scoped in Report report)
    {
        Envelope = envelope;
        Kind = MessageKind.Report;
        this.report = report;
    }

    /// <summary>A message of an older version.</summary>
    public MembershipMessage(scoped in Envelope envelope, scoped in GroupMessage message)
    {
        Envelope = envelope;
        Kind = MessageKind.GroupMessage;
        groupMessage = message;
    }

    /// <summary>Source, destination, hop limit and Router Alert.</summary>
    public Envelope Envelope { get; }

    /// <summary>What kind of message it is.</summary>
    public MessageKind Kind { get; }

    /// <summary>The query; only for <see cref="MessageKind.Query"/>.</summary>
    public Query Query => query;

    /// <summary>The report; only for <see cref="MessageKind.Report"/>.</summary>
    public Report Report => report;

    /// <summary>The report or leave of an older version; only for <see cref="MessageKind.GroupMessage"/>.</summary>
    public GroupMessage GroupMessage => groupMessage;

    /// <summary>The generation of the message's version.</summary>
    public Generation Generation => Kind switch
    {
        MessageKind.Query => query.Generation,
        MessageKind.Report => Generation.Sources,
        MessageKind.GroupMessage => groupMessage.Generation,
    };

    /// <summary>Whether somebody reports membership, in whatever version.</summary>
    public bool IsReport =>
        Kind == MessageKind.Report || (Kind == MessageKind.GroupMessage && groupMessage.Kind == GroupMessageKind.Report);
}
