using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging;

/// <summary>Somebody who has sent messages in a capture.</summary>
/// <param name="Address">The IP source.</param>
/// <param name="Station">The Ethernet address; null when it is not known.</param>
/// <param name="Segment">Where.</param>
/// <param name="LooksLike">What it seems to be, in words: <c>querier</c>, <c>router</c>, <c>host</c>, <c>proxy querier</c>.</param>
/// <param name="Versions">The versions of its messages, ascending.</param>
/// <param name="Queries">How many queries it has sent.</param>
/// <param name="Reports">How many reports and leaves.</param>
public sealed record Speaker(
    Address Address, MacAddress? Station, string Segment, string LooksLike, IReadOnlyList<int> Versions, int Queries, int Reports)
{
    /// <summary>Everybody who has sent messages, by segment and address.</summary>
    public static IReadOnlyList<Speaker> AllOf(CaptureContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        return
        [
            .. contents.Messages
                .GroupBy(each => (each.Packet.Segment, each.Packet.Source, each.Packet.Station))
                .Select(each => Of(contents, each.Key, [.. each.Select(one => one.Frame)]))
                .OrderBy(each => each.Segment, StringComparer.Ordinal).ThenBy(each => each.Address),
        ];
    }

    private static Speaker Of(CaptureContents contents, (string Segment, Address Address, MacAddress? Station) who, List<SeenFrame> sent)
    {
        var dialect = contents.Dialect;
        var queries = sent.Where(each => each.Query is not null).ToList();
        var isMemberOfRouters = sent.Any(each => each.Report?.Records.Any(record => record.Group == dialect.ReportDestination) == true);
        var generations = sent.Select(GenerationOf).OfType<Generation>();
        return new Speaker(
            who.Address, who.Station, who.Segment,
            (queries.Count, who.Address.IsUnspecified, isMemberOfRouters) switch
            {
                ( > 0, true, _) => "proxy querier",
                ( > 0, _, _) => IsLast(contents, who.Segment, queries) ? "querier" : "router",
                (_, _, true) => "router",
                _ => "host",
            },
            [.. generations.Distinct().Order().Select(dialect.VersionOf)],
            queries.Count, sent.Count - queries.Count);
    }

    // The querier is whoever asked last, and not merely once before another.
    private static bool IsLast(CaptureContents contents, string segment, List<SeenFrame> queries) =>
        contents.Messages.Where(each => each.Packet.Segment == segment && !each.Packet.Source.IsUnspecified)
            .Select(each => each.Frame).Last(each => each.Query is not null).Sender == queries[^1].Sender;

    private static Generation? GenerationOf(SeenFrame frame) =>
        frame.Query?.Generation ?? frame.GroupMessage?.Generation ?? (frame.Report is null ? null : Generation.Sources);

    /// <summary>In a line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Address} ({LooksLike}) on {Segment}: {Queries} queries, {Reports} reports and leaves");
}
