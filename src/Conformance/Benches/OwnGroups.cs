using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// What a host listens to of itself: an appliance that nobody can tell what to join is judged by that. It is learned from its own reports.
/// </summary>
internal static class OwnGroups
{
    /// <summary>
    /// Starts the device, and finds out what it listens to: from what it says of itself, or else from its answer to a query. A device that
    /// can be told what to listen to is told so first, as it has no groups otherwise.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="generation">What it is to speak: a device that knows nothing newer is asked in that.</param>
    /// <returns>What it answers for each group, in the current version; without sources where it is of an older one.</returns>
    internal static async Task<IReadOnlyList<RecordContent>> JoinsOfItself(
        this HostBench lab, Generation generation = Generation.Sources)
    {
        var start = await lab.Start();
        if (lab.CanListen)
        {
            await lab.Device.Join(lab.G1);
            await lab.Device.Include(lab.G2, lab.S1);
        }

        await lab.PassRepetitions();
        var known = Learn(lab, start);
        if (known.Count == 0)
        {
            var query = generation == Generation.Sources ? lab.General() : lab.OlderGeneral(generation);
            await lab.Querier.Query(query);
            await lab.Pass(query.MaxResponseTime + lab.Tolerance);
            known = Learn(lab, start);
        }

        return known.Count > 0 ? known : throw Bench.CannotBegin("The device reports no group");
    }

    /// <summary>The same, once an older querier has asked and was answered.</summary>
    internal static async Task<IReadOnlyList<RecordContent>> JoinsOfItselfInVersion(this HostBench lab, Generation generation)
    {
        var known = await lab.JoinsOfItself(generation);
        await lab.Settle(generation, known);
        return known;
    }

    private static List<RecordContent> Learn(HostBench lab, Moment start)
    {
        var known = new SortedDictionary<Address, SourceFilter>();
        foreach (var frame in lab.All(AnyMessage().From(lab.Device), start))
        {
            if (frame.GroupMessage is { } older)
                known[older.Group] = older.Kind == GroupMessageKind.Report ? SourceFilter.AnySource : SourceFilter.None;
            foreach (var record in frame.Report?.Records ?? [])
                known[record.Group] = After(record, known.GetValueOrDefault(record.Group, SourceFilter.None));
        }

        return
        [
            .. known.Where(each => !each.Value.IsNone).Select(each => new RecordContent(
                each.Value.Mode == FilterMode.Include ? RecordType.IsInclude : RecordType.IsExclude, each.Key, each.Value.Sources)),
        ];
    }

    private static SourceFilter After(RecordContent record, SourceFilter before) => record.Type switch
    {
        RecordType.IsInclude or RecordType.ToInclude => SourceFilter.Of(FilterMode.Include, record.Sources),
        RecordType.IsExclude or RecordType.ToExclude => SourceFilter.Of(FilterMode.Exclude, record.Sources),
        RecordType.Allow => before.Allowing(record.Sources),
        RecordType.Block => before.Blocking(record.Sources),
        _ => before,
    };
}
