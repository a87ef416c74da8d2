using MulticastLab.Packets;

namespace MulticastLab.NaiveDevices;

/// <summary>What the naive host wants of a group, and what it still has to say about it.</summary>
internal sealed class NaiveMembership
{
    /// <summary>What is wanted: the filters of all sockets in one.</summary>
    internal SourceFilter Filter { get; set; } = SourceFilter.None;

    /// <summary>How often the mode is to be reported yet: it goes before the sources.</summary>
    internal int ModeReportsLeft { get; set; }

    /// <summary>How often a change of each source is to be reported yet.</summary>
    internal Dictionary<Address, int> SourceReportsLeft { get; } = [];

    /// <summary>Counts the changes: a repetition of an earlier one is not sent.</summary>
    internal int Series { get; set; }

    /// <summary>When a query is to be answered.</summary>
    internal Instant AnswerDue { get; set; } = Instant.Never;

    /// <summary>The sources that it has asked for; none for the whole group.</summary>
    internal HashSet<Address> Asked { get; } = [];

    /// <summary>Whether another host has reported the group since the General Query.</summary>
    internal bool IsSuppressed { get; set; }

    /// <summary>The records of the next report of a change (RFC 9776 §5.1); whether there is another one after it.</summary>
    internal bool NextChange(out List<GroupRecord> records, Address group)
    {
        records = [];
        var includes = Filter.Mode == FilterMode.Include;
        if (ModeReportsLeft > 0)
        {
            ModeReportsLeft--;
            records.Add(new GroupRecord(includes ? RecordType.ToInclude : RecordType.ToExclude, group, Filter.Sources));
        }
        else
        {
            var listed = SourceReportsLeft.Keys.Order().ToLookup(Filter.Wants);
            if (listed[true].Any())
                records.Add(new GroupRecord(RecordType.Allow, group, [.. listed[true]]));
            if (listed[false].Any())
                records.Add(new GroupRecord(RecordType.Block, group, [.. listed[false]]));
        }

        // The mode is reported with all sources, so that counts for them too.
        foreach (var source in SourceReportsLeft.Keys.ToList())
        {
            if (--SourceReportsLeft[source] == 0)
                SourceReportsLeft.Remove(source);
        }

        return ModeReportsLeft > 0 || SourceReportsLeft.Count > 0;
    }

    /// <summary>Nothing is to be said any more.</summary>
    internal void Forget()
    {
        ModeReportsLeft = 0;
        SourceReportsLeft.Clear();
        Series++;
        AnswerDue = Instant.Never;
        Asked.Clear();
    }
}
