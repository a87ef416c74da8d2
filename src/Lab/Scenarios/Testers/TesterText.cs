using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>What the tester sends, in words.</summary>
internal static class TesterText
{
    public static string Of(IReadOnlyList<RecordContent> records) =>
        records.Count == 0 ? "a report without records" : string.Join(", ", records.Select(FrameText.Of));

    public static string Of(QueryContent query)
    {
        var text = query.Kind switch
        {
            QueryKind.General => "a General Query",
            QueryKind.GroupSpecific => $"Query({query.Group})",
            QueryKind.GroupAndSourceSpecific => $"Query({query.Group}, {FrameText.Set(query.Sources)})",
        };
        return query.Generation switch
        {
            Generation.Sources => query.SuppressRouterSideProcessing ? text + " with S=1" : text,
            Generation.Leaves => text + " of the version before",
            Generation.Reports => text + " of the first version",
        };
    }
}
