using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// What is still to be reported of a group's state changes (RFC 9776 §5.1): how many reports must yet carry the filter mode, and each
/// source that has changed. Reports are built from the state at the time they are sent, so an older series never contradicts a newer one.
/// </summary>
internal sealed class PendingChange
{
    private readonly Dictionary<Address, int> sourceReports = [];
    private int filterModeReports;

    /// <summary>Whether another report is due.</summary>
    public bool IsPending => filterModeReports > 0 || sourceReports.Count > 0;

    /// <summary>
    /// Notes a change. Each source of the difference report is to be in the next <paramref name="robustness"/> reports, and after a change
    /// of the mode all of these report the mode, whatever happens to the sources meanwhile.
    /// </summary>
    public void Add(SourceFilter before, SourceFilter after, int robustness)
    {
        IEnumerable<Address> difference = after.Sources;
        if (before.Mode != after.Mode)
            filterModeReports = robustness;
        else
            difference = before.Sources.Except(after.Sources).Concat(after.Sources.Except(before.Sources));
        foreach (var source in difference)
            sourceReports[source] = robustness;
    }

    /// <summary>Nothing is left to be reported.</summary>
    public void Clear()
    {
        filterModeReports = 0;
        sourceReports.Clear();
    }

    /// <summary>Appends the records of the next report, none of them an empty ALLOW or BLOCK, and counts it as sent.</summary>
    public void Report(Address group, SourceFilter now, ReportPacker packer)
    {
        var pending = sourceReports.Keys.Order().ToList();
        if (filterModeReports > 0)
        {
            filterModeReports--;
            packer.Add(new RecordContent(now.Mode == FilterMode.Include ? RecordType.ToInclude : RecordType.ToExclude, group, now.Sources));
        }
        else
        {
            var wanted = pending.ToLookup(now.Wants);
            if (wanted.Contains(true))
                packer.Add(new RecordContent(RecordType.Allow, group, [.. wanted[true]]));
            if (wanted.Contains(false))
                packer.Add(new RecordContent(RecordType.Block, group, [.. wanted[false]]));
        }

        // A report of the mode covers all sources, including those that it does not list.
        foreach (var source in pending)
        {
            if (--sourceReports[source] == 0)
                sourceReports.Remove(source);
        }
    }
}
