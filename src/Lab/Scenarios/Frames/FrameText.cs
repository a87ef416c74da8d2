using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Frames;

/// <summary>Messages in one line, made to be read beside the RFC.</summary>
internal static class FrameText
{
    public static string Of(SeenFrame frame) => frame switch
    {
        { Query: { } query } => Of(query),
        { Report: { } report } => string.Join(", ", report.Records.Select(Of)),
        { GroupMessage: { } type } => type.ToString(),
        { IsIgmp: true } => $"malformed IGMP: {frame.Error}",
        { Datagram: { } payload } => string.Create(CultureInfo.InvariantCulture, $"datagram of {payload.Length} bytes from {frame.Envelope.Source} to {frame.Envelope.Destination}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{frame.Frame.Bytes.Length} other bytes"),
    };

    public static string Of(QueryContent query)
    {
        var what = query.Kind switch
        {
            QueryKind.General => "General Query",
            QueryKind.GroupSpecific => $"Query({query.Group})",
            QueryKind.GroupAndSourceSpecific => $"Query({query.Group}, {Set(query.Sources)})",
        };
        var version = query.Version == 3 ? "" : $"v{query.Version} ";
        return string.Create(CultureInfo.InvariantCulture,
            $"{version}{what} S={(query.SuppressRouterSideProcessing ? 1 : 0)} MRT={query.MaxResponseTime.InWords()} QRV={query.RobustnessVariable} QQI={query.QueryInterval.InWords()}");
    }

    public static string Of(RecordContent record) => record.Type switch
    {
        RecordType.IsInclude => "IS_IN",
        RecordType.IsExclude => "IS_EX",
        RecordType.ToInclude => "TO_IN",
        RecordType.ToExclude => "TO_EX",
        RecordType.Allow => "ALLOW",
        RecordType.Block => "BLOCK",
        _ => $"type {(int)record.Type}",
    } + $"({record.Group}, {Set(record.Sources)})";

    public static string Set(IEnumerable<Address> sources) => "{" + string.Join(", ", sources.Order()) + "}";
}
