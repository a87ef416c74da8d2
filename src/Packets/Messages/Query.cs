namespace MulticastLab.Packets;

/// <summary>Which of the three queries it is (RFC 9776 §4.1).</summary>
public enum QueryKind
{
    /// <summary>General Query: no group, no sources.</summary>
    General,

    /// <summary>Group-Specific Query: a group, no sources.</summary>
    GroupSpecific,

    /// <summary>Group-and-Source-Specific Query: a group and sources.</summary>
    GroupAndSourceSpecific,
}

/// <summary>
/// A received Membership Query of any version, decoded and independent of a dialect's units: what the protocol core reads. Lives as long as
/// the bytes it was read from. <see cref="QueryContent"/> is the same as a value to send.
/// </summary>
public readonly ref struct Query
{
    /// <summary>The generation of the protocol version, by the query's form (RFC 9776 §7.1, RFC 9777 §8.1).</summary>
    public required Generation Generation { get; init; }

    /// <summary>The time in which to answer, decoded from the Max Resp Code (RFC 9776 §4.1.1). Zero stays zero.</summary>
    public required TimeSpan MaxResponseTime { get; init; }

    /// <summary>The queried group; unspecified in a General Query.</summary>
    public required Address Group { get; init; }

    /// <summary>The S flag: routers do not update timers (RFC 9776 §4.1.5). Always false in older versions.</summary>
    public bool SuppressRouterSideProcessing { get; init; }

    /// <summary>QRV, 0 to 7; 0 says that the querier's robustness variable is above 7 or not announced (RFC 9776 §4.1.6).</summary>
    public int RobustnessVariable { get; init; }

    /// <summary>The querier's query interval, decoded from QQIC (RFC 9776 §4.1.7); zero when not announced.</summary>
    public TimeSpan QueryInterval { get; init; }

    /// <summary>The queried sources; empty unless group-and-source-specific.</summary>
    public SourceList Sources { get; init; }

    /// <summary>Which of the three queries it is.</summary>
    public QueryKind Kind => Group.IsUnspecified ? QueryKind.General
        : Sources.IsEmpty ? QueryKind.GroupSpecific
        : QueryKind.GroupAndSourceSpecific;

    /// <summary>The same as a value that outlives the bytes.</summary>
    public QueryContent ToContent() =>
        new(Generation, MaxResponseTime, Group, SuppressRouterSideProcessing, RobustnessVariable, QueryInterval, Sources.ToArray());
}

/// <summary>A Membership Query to send, as a value. The writers of <see cref="Query"/>'s wire forms take it.</summary>
/// <param name="Generation">The generation of the protocol version whose form is sent.</param>
/// <param name="MaxResponseTime">Encoded as Max Resp Code, rounded down to what it can hold.</param>
/// <param name="Group">Unspecified for a General Query.</param>
/// <param name="SuppressRouterSideProcessing">The S flag; not in older versions.</param>
/// <param name="RobustnessVariable">Sent as QRV, 0 when above 7; not in older versions.</param>
/// <param name="QueryInterval">Encoded as QQIC, rounded down to what it can hold; not in older versions.</param>
/// <param name="Sources">The sources of a Group-and-Source-Specific Query; not in older versions.</param>
public sealed record QueryContent(
    Generation Generation,
    TimeSpan MaxResponseTime,
    Address Group,
    bool SuppressRouterSideProcessing,
    int RobustnessVariable,
    TimeSpan QueryInterval,
    IReadOnlyList<Address> Sources)
{
    /// <summary>Which of the three queries it is.</summary>
    public QueryKind Kind => Group.IsUnspecified ? QueryKind.General
        : Sources.Count == 0 ? QueryKind.GroupSpecific
        : QueryKind.GroupAndSourceSpecific;
}
