using MulticastLab.Packets;
using MulticastLab.Lab.Scenarios.Frames;

namespace MulticastLab.Conformance.Judging;

/// <summary>A group, or a source of one, that somebody may want.</summary>
/// <param name="Group">The group.</param>
/// <param name="Source">The source; null for the group as a whole.</param>
internal readonly record struct WantedItem(Address Group, Address? Source)
{
    /// <summary>In words.</summary>
    public override string ToString() => Source is { } source ? $"{source} of {Group}" : $"{Group}";
}

/// <summary>
/// What a router must know to be wanted, by the reports of a capture: only what follows whatever was before (RFC 9776 §6.4). What somebody
/// gives up of it has to be asked about.
/// </summary>
internal sealed class WantedItems
{
    private readonly Dictionary<WantedItem, Instant> wanted = [];
    private readonly Dictionary<Address, Instant> version1 = [];
    private readonly Dictionary<Address, Instant> version2 = [];
    private readonly TimeSpan olderHostPresent;

    /// <param name="olderHostPresent">How long a host of an older version keeps a group in that version (RFC 9776 §8.13).</param>
    internal WantedItems(TimeSpan olderHostPresent) => this.olderHostPresent = olderHostPresent;

    /// <summary>Takes in a report or leave.</summary>
    /// <returns>What it gives up that was wanted, each with the time at which that was last said.</returns>
    internal IReadOnlyList<(WantedItem Item, Instant Since)> Take(SeenFrame frame)
    {
        var givenUp = new List<(WantedItem, Instant)>();
        if (frame.GroupMessage is { } older)
            Take(older, frame.At, givenUp);
        foreach (var record in frame.Report?.Records ?? [])
            Take(record, frame.At, givenUp);
        return givenUp;
    }

    /// <summary>Whether a report wants something of it, in whatever version.</summary>
    internal static bool Wants(SeenFrame frame, WantedItem item) =>
        frame.GroupMessage is { Kind: GroupMessageKind.Report } older ? older.Group == item.Group
        : frame.Report?.Records.Any(record => record.Group == item.Group && record.Type switch
        {
            RecordType.IsExclude or RecordType.ToExclude => item.Source is not { } source || !record.Sources.Contains(source),
            RecordType.IsInclude or RecordType.ToInclude or RecordType.Allow =>
                item.Source is { } source && record.Sources.Contains(source),
            _ => false,
        }) == true;

    private void Take(GroupMessage message, Instant at, List<(WantedItem Item, Instant Since)> givenUp)
    {
        var group = new WantedItem(message.Group, null);
        if (message.Kind == GroupMessageKind.Leave)
        {
            GiveUp(group, at, givenUp, version1);
            return;
        }

        (message.Generation == Generation.Reports ? version1 : version2)[message.Group] = at;
        Exclude(message.Group, [], at);
    }

    private void Take(RecordContent record, Instant at, List<(WantedItem Item, Instant Since)> givenUp)
    {
        var group = record.Group;
        switch (record.Type)
        {
            case RecordType.IsExclude:
                Exclude(group, record.Sources, at);
                break;
            case RecordType.ToExclude:
                foreach (var source in SourcesOf(group).Where(each => record.Sources.Contains(each.Source!.Value)).ToList())
                    GiveUp(source, at, givenUp, version1, version2);
                Exclude(group, record.Sources, at);
                break;
            case RecordType.IsInclude or RecordType.Allow:
                Include(group, record.Sources, at);
                break;
            case RecordType.ToInclude:
                foreach (var source in SourcesOf(group).Where(each => !record.Sources.Contains(each.Source!.Value)).ToList())
                    GiveUp(source, at, givenUp, version1);
                GiveUp(new WantedItem(group, null), at, givenUp, version1);
                Include(group, record.Sources, at);
                break;
            case RecordType.Block:
                foreach (var source in SourcesOf(group).Where(each => record.Sources.Contains(each.Source!.Value)).ToList())
                    GiveUp(source, at, givenUp, version1, version2);
                break;
        }
    }

    private IEnumerable<WantedItem> SourcesOf(Address group) => wanted.Keys.Where(each => each.Group == group && each.Source is not null);

    private void Include(Address group, IReadOnlyList<Address> sources, Instant at)
    {
        foreach (var source in sources)
            wanted[new WantedItem(group, source)] = at;
    }

    // The sources that were wanted and are not among the excluded ones are deleted.
    private void Exclude(Address group, IReadOnlyList<Address> sources, Instant at)
    {
        foreach (var source in SourcesOf(group).Where(each => !sources.Contains(each.Source!.Value)).ToList())
            wanted.Remove(source);
        wanted[new WantedItem(group, null)] = at;
    }

    // A group in compatibility mode does not take everything (RFC 9776 §7.3.2).
    private void GiveUp(
        WantedItem item, Instant at, List<(WantedItem Item, Instant Since)> givenUp,
        params IReadOnlyList<Dictionary<Address, Instant>> ignoredBeside)
    {
        if (ignoredBeside.Any(each => each.TryGetValue(item.Group, out var last) && last + olderHostPresent >= at))
            return;
        if (wanted.Remove(item, out var since))
            givenUp.Add((item, since));
    }
}
