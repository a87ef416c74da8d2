using MulticastLab.Packets;

namespace MulticastLab.NaiveDevices;

/// <summary>Spreads records over reports that the link has room for (RFC 9776 §4.2.17).</summary>
internal static class NaiveReports
{
    private const int Header = 8; // of a report, and of a record
    private const int MostSources = (IgmpPacket.Room - Header - Header) / 4;

    /// <summary>The records of each report; none when there are no records.</summary>
    internal static IEnumerable<IReadOnlyList<GroupRecord>> Spread(IEnumerable<GroupRecord> records)
    {
        var (report, left) = (new List<GroupRecord>(), IgmpPacket.Room - Header);
        foreach (var record in records.SelectMany(Cut))
        {
            var length = Header + (4 * record.Sources.Count);
            if (length > left)
            {
                yield return report;
                (report, left) = ([], IgmpPacket.Room - Header);
            }

            report.Add(record);
            left -= length;
        }

        if (report.Count > 0)
            yield return report;
    }

    // A list of sources to exclude cannot be split: each part would admit what another excludes.
    private static IEnumerable<GroupRecord> Cut(GroupRecord record) => record switch
    {
        { Sources.Count: 0 } => [record],
        { Type: RecordType.IsExclude or RecordType.ToExclude } => [record with { Sources = [.. record.Sources.Take(MostSources)] }],
        _ => record.Sources.Chunk(MostSources).Select(part => record with { Sources = part }),
    };
}
