using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>Packs group records into as few reports as the MTU allows (RFC 9776 §4.2.17) and appends these to a list of effects.</summary>
internal sealed class ReportPacker
{
    private readonly Dialect dialect;
    private readonly List<Effect> output;
    private readonly int budget;
    private readonly int maxSources;
    private List<RecordContent> records = [];
    private int used;

    public ReportPacker(Dialect dialect, int mtu, List<Effect> output)
    {
        this.dialect = dialect;
        this.output = output;
        budget = dialect.ReportBudget(mtu);
        maxSources = (budget - dialect.RecordLength(0)) / (dialect.RecordLength(1) - dialect.RecordLength(0));
    }

    /// <summary>Whether the record goes into the report that is being filled.</summary>
    public bool Fits(RecordContent record) => used + dialect.RecordLength(record.Sources.Count) <= budget;

    /// <summary>Adds a record, to this report or to the next. Only one that is too large for any report is truncated.</summary>
    public void Add(RecordContent record)
    {
        if (record.Sources.Count <= maxSources)
            Append(record);
        else if (record.Type is RecordType.IsExclude or RecordType.ToExclude)
            // In two records the second would undo the first at the router. The list is ascending, so it is the same part each time.
            Append(record with { Sources = [.. record.Sources.Take(maxSources)] });
        else
            foreach (var part in record.Sources.Chunk(maxSources))
                Append(record with { Sources = part });
    }

    /// <summary>Ends the report that is being filled, if it has records.</summary>
    public void Flush()
    {
        if (records.Count == 0)
            return;
        output.Add(new SendReport(new ReportContent(records), dialect.ReportDestination));
        records = [];
        used = 0;
    }

    private void Append(RecordContent record)
    {
        if (!Fits(record))
            Flush();
        records.Add(record);
        used += dialect.RecordLength(record.Sources.Count);
    }
}
