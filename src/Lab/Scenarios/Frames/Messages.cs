using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Frames;

/// <summary>
/// The messages of RFC 9776 as patterns and records; meant for <c>using static</c>. A message's destination is part of it.
/// </summary>
public static class Messages
{
    /// <summary>Any IGMP message.</summary>
    public static FramePattern AnyMessage() => new("every IGMP message", frame => frame.IsIgmp);

    /// <summary>A version 3 General Query to 224.0.0.1.</summary>
    public static FramePattern GeneralQuery() =>
        new(
            "General Query",
            frame =>
                frame.Query is { Generation: Generation.Sources, Kind: QueryKind.General }
                && frame.Envelope.Destination == frame.Dialect.AllSystems);

    /// <summary>
    /// A query for a group (Group-Specific), or for sources of it (Group-and-Source-Specific, in any order), to that group.
    /// </summary>
    public static FramePattern Query(Address group, params Address[] sources)
    {
        var set = sources.ToHashSet();
        return new FramePattern(sources.Length == 0 ? $"Query({group})" : $"Query({group}, {FrameText.Set(sources)})", frame =>
            frame.Query is { Generation: Generation.Sources } query && query.Group == group && frame.Envelope.Destination == group
            && query.Sources.Count == set.Count && set.SetEquals(query.Sources));
    }

    /// <summary>Any query.</summary>
    public static FramePattern AnyQuery() => new("any query", frame => frame.Query is not null);

    /// <summary>A General Query of any version, to any destination.</summary>
    public static FramePattern AnyGeneralQuery() => new("any General Query", frame => frame.Query is { Kind: QueryKind.General });

    /// <summary>A query of any version that names this group, to any destination.</summary>
    public static FramePattern QueriesAbout(Address group) => new($"any query about {group}", frame => frame.Query?.Group == group);

    /// <summary>A query for a group or for any sources of it, to that group.</summary>
    public static FramePattern AnyQueryOf(Address group) => new($"any query of {group}", frame =>
        frame.Query is { Generation: Generation.Sources } query && query.Group == group && frame.Envelope.Destination == group);

    /// <summary>A Group-and-Source-Specific Query that asks for this source, among others perhaps.</summary>
    public static FramePattern QueryAbout(Address group, Address source) =>
        new(
            $"Query({group}, {{… {source} …}})",
            frame =>
                frame.Query is { Generation: Generation.Sources } query
                && query.Group == group
                && frame.Envelope.Destination == group
                && query.Sources.Contains(source));

    /// <summary>A version 3 report to 224.0.0.22 with exactly these records, in any order.</summary>
    public static FramePattern Report(params RecordContent[] records) =>
        new(string.Join(", ", records.Select(FrameText.Of)), frame =>
            frame.Report is { } report && frame.Envelope.Destination == frame.Dialect.ReportDestination
            && report.Records.Count == records.Length
            && records.All(record => report.Records.Any(sent => Same(sent, record))));

    /// <summary>A report of the current version that has this record of the group and no other of it, whatever else it has.</summary>
    public static FramePattern Carrying(RecordContent record) => new($"{FrameText.Of(record)} in a report", frame =>
        frame.Report is { } report && frame.Envelope.Destination == frame.Dialect.ReportDestination
        && report.Records.Where(sent => sent.Group == record.Group).ToList() is [var only] && Same(only, record));

    /// <summary>Any report, leave or query of any version that names this group.</summary>
    public static FramePattern Naming(Address group) => new($"any message about {group}", frame =>
        frame.Query?.Group == group || frame.GroupMessage?.Group == group
        || frame.Report is { } report && report.Records.Any(each => each.Group == group));

    /// <summary>Any report of the current version.</summary>
    public static FramePattern AnyReport() => new("any report of the current version", frame => frame.Report is not null);

    /// <summary>Any report of the current version that has a record of this group.</summary>
    public static FramePattern ReportOf(Address group) => new($"any report of {group} of the current version", frame =>
        frame.Report is { } report && report.Records.Any(each => each.Group == group));

    /// <summary>A report of the current version that says how things are with this group: MODE_IS_INCLUDE or MODE_IS_EXCLUDE.</summary>
    public static FramePattern CurrentState(Address group) => new($"any Current-State Record of {group}", frame =>
        frame.Report is { } report && report.Records.Any(each => each.Group == group && IsCurrentState(each)));

    /// <summary>What answers a query: a report with Current-State Records, or one of an older version.</summary>
    public static FramePattern AnyAnswer() => new("any answer", frame =>
        frame.GroupMessage?.Kind == GroupMessageKind.Report
        || frame.Report is { } report && report.Records.Any(IsCurrentState));

    /// <summary>A report of an older version about this group, to the group.</summary>
    public static FramePattern OlderReport(Generation generation, Address group) =>
        new($"{NameOf(generation)} report of {group}", frame =>
            frame.GroupMessage is { Kind: GroupMessageKind.Report } message && message.Generation == generation && message.Group == group
            && frame.Envelope.Destination == group);

    /// <summary>Any report or leave of an older version.</summary>
    public static FramePattern AnyOlderMessage() =>
        new("any report or leave of an older version", frame => frame.GroupMessage is not null);

    /// <summary>A leave of this group of the version before the current one, to all routers.</summary>
    public static FramePattern OlderLeave(Address group) => new($"leave of {group}", frame =>
        frame.GroupMessage is { Kind: GroupMessageKind.Leave } message && message.Group == group
        && frame.Envelope.Destination == frame.Dialect.AllRouters);

    /// <summary>The record MODE_IS_INCLUDE.</summary>
    public static RecordContent IsInclude(Address group, params Address[] sources) => new(RecordType.IsInclude, group, sources);

    /// <summary>The record MODE_IS_EXCLUDE.</summary>
    public static RecordContent IsExclude(Address group, params Address[] sources) => new(RecordType.IsExclude, group, sources);

    /// <summary>The record CHANGE_TO_INCLUDE_MODE.</summary>
    public static RecordContent ToInclude(Address group, params Address[] sources) => new(RecordType.ToInclude, group, sources);

    /// <summary>The record CHANGE_TO_EXCLUDE_MODE.</summary>
    public static RecordContent ToExclude(Address group, params Address[] sources) => new(RecordType.ToExclude, group, sources);

    /// <summary>The record ALLOW_NEW_SOURCES.</summary>
    public static RecordContent Allow(Address group, params Address[] sources) => new(RecordType.Allow, group, sources);

    /// <summary>The record BLOCK_OLD_SOURCES.</summary>
    public static RecordContent Block(Address group, params Address[] sources) => new(RecordType.Block, group, sources);

    private static bool IsCurrentState(RecordContent record) => record.Type is RecordType.IsInclude or RecordType.IsExclude;

    private static string NameOf(Generation generation) => generation switch
    {
        Generation.Reports => "first-version",
        Generation.Leaves => "version-before",
        Generation.Sources => throw new ArgumentOutOfRangeException(nameof(generation), generation, "It is the current version."),
    };

    private static bool Same(RecordContent sent, RecordContent expected) =>
        sent.Type == expected.Type && sent.Group == expected.Group && sent.Sources.Count == expected.Sources.Count
        && sent.Sources.ToHashSet().SetEquals(expected.Sources);
}
