using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>What a querier asks when somebody gives up a group or sources (RFC 9776 §6.4.2, §6.6.3).</summary>
internal static class LeaveRules
{
    internal static IEnumerable<CaptureRule> All =>
    [
        new(
            "leave-asked-about", ["V3-R-6.1-03", "V3-R-6.6.3.1-01", "V3-R-6.4.2-45"],
            "When somebody leaves a group, the querier asks about it Last Member Query Count times, one Last Member Query Interval apart, "
                + "the first time at once.", "leaves", "a leave of a group that somebody wants",
            device => Rounds(device).Where(each => each.Item.Source is null).SelectMany(each => CasesOf(device, each))),
        new(
            "block-asked-about", ["V3-R-6.1-03", "V3-R-6.6.3.2-01"],
            "When somebody gives up a source, the querier asks about it Last Member Query Count times, one Last Member Query Interval "
                + "apart, the first time at once.", "sources given up", "that somebody gives up a source that is wanted",
            device => Rounds(device).Where(each => each.Item.Source is not null).SelectMany(each => CasesOf(device, each))),
        new(
            "s-flag-as-timers-are", ["V3-R-6.6.3.1-02", "V3-R-6.6.3.1-03", "V3-R-6.6.3.2-03"],
            "A specific query has the S flag set when what it asks about was reported since it was given up, and clear when it was not.",
            "queries", "a specific query whose cause is seen", SFlags),
    ];

    private static IEnumerable<CaptureCase> SFlags(JudgedDevice device)
    {
        var wanted = new Dictionary<int, bool>();
        foreach (var round in Rounds(device))
        {
            var ends = round.Left.At + new ExpectedTiming(device.Timers.Timing).LastMemberQueryTime + device.Tolerance;
            ends = device.End < ends ? device.End : ends;
            if (device.Missing(round.Left.At, ends) is not null)
                continue;
            var reports = Later(device, round, ends).Where(each => WantedItems.Wants(each, round.Item)).Select(each => each.At).ToList();
            foreach (var query in device.Between(round.Left.At, ends).Where(Asking(device, round.Item).Matches))
            {
                if (reports.TrueForAll(each => each > query.At))
                    wanted[query.Number] = false;
                else if (reports.Exists(each => each < query.At - device.Tolerance))
                    wanted.TryAdd(query.Number, true);
            }
        }

        return CaptureCase.Always(
            device, Messages.AnyQuery().From(device.Name).Where("whose cause is seen", frame => wanted.ContainsKey(frame.Number)),
            "the S flag as the timers are",
            frame => frame.Query!.SuppressRouterSideProcessing == wanted[frame.Number] ? null : wanted[frame.Number] ? "S=0" : "S=1");
    }

    private static IEnumerable<CaptureCase> CasesOf(JudgedDevice device, Round round)
    {
        var timing = device.Timers.Timing;
        var (count, interval) = (timing.LastMemberQueryCount, timing.LastMemberQueryInterval);
        var pattern = Asking(device, round.Item);
        var ends = round.Left.At + (count * interval) + device.Tolerance;
        if (IsOvertaken(device, round, ends))
            yield break;
        // Whether what is repeated while it is asked about is asked about anew is left open.
        var (times, spacing) = round.Repeats == 0
            ? ((Times)count, (Spacing)interval)
            : (Times.Between(count, count * (1 + round.Repeats)), Spacing.UpTo(interval));
        var asked = new Series(pattern, JudgedDevice.At(round.Left), TimeSpan.Zero, TimeSpan.Zero, times, spacing);
        var last = round.Left.At + ((count - 1) * interval) + device.Tolerance;
        var none = new Absence(pattern, new Moment(last, FormattableString.Invariant($"the last query after frame {round.Left.Number}")));
        yield return new CaptureCase(
            asked, round.Left.At, round.Left.At + ((count - 1) * interval) + (count * device.Tolerance), round.Left)
        {
            Beyond = round.Repeats > 0 ? null : (none, device.End < ends ? device.End : ends),
        };
    }

    /// <summary>
    /// Whether something else comes in between after which not all queries are due: another querier; of a source, a record that deletes it,
    /// or a report of it beside queries of the whole group, which may stand for those of it (RFC 9776 §6.4, §6.6.3.2).
    /// </summary>
    private static bool IsOvertaken(JudgedDevice device, Round round, Instant ends)
    {
        var later = Later(device, round, ends).ToList();
        if (later.Exists(each => ElectionRules.IsPreferred(device, each)))
            return true;
        return round.Item.Source is { } source && later.Exists(each =>
            each.GroupMessage?.Group == round.Item.Group
            || each.Report?.Records.Any(record => record.Group == round.Item.Group
                && record.Type is RecordType.IsExclude or RecordType.ToExclude && !record.Sources.Contains(source)) == true
            || (WantedItems.Wants(each, round.Item)
                && later.Exists(Asking(device, round.Item with { Source = null }).Matches)));
    }

    private static IEnumerable<SeenFrame> Later(JudgedDevice device, Round round, Instant ends) => device.Between(round.Left.At, ends)
        .Where(each => each.At > round.Left.At || each.Number > round.Left.Number);

    private static FramePattern Asking(JudgedDevice device, WantedItem item) => item.Source is { } source
        ? Messages.QueryAbout(item.Group, source).From(device.Name)
        : Messages.QueriesAbout(item.Group).Where("without sources", frame => frame.Query!.Kind == QueryKind.GroupSpecific)
            .From(device.Name);

    /// <summary>What is given up while the device is the querier, and is not yet being asked about.</summary>
    private static List<Round> Rounds(JudgedDevice device)
    {
        var timing = new ExpectedTiming(device.Timers.Timing);
        // What ends sooner anyway is not asked about; the older RFC's Group Membership Interval is the shorter one.
        var lasts = timing.OlderHostPresentInterval - timing.LastMemberQueryTime - device.Tolerance;
        var items = new WantedItems(timing.OlderHostPresentInterval);
        var latest = new Dictionary<WantedItem, Round>();
        var rounds = new List<Round>();
        SeenFrame? general = null, lower = null;
        foreach (var frame in device.Messages)
        {
            if (frame.Query is { Kind: QueryKind.General } && frame.Sender == device.Name)
                general = frame;
            else if (ElectionRules.IsPreferred(device, frame))
                lower = frame;
            var before = latest.Where(each => IsAsked(each.Value, frame.At)).ToList();
            foreach (var (item, round) in before.Where(each => GivesUp(frame, each.Key)))
                latest[item] = rounds[rounds.IndexOf(round)] = round with { Repeats = round.Repeats + 1 };
            foreach (var (item, since) in items.Take(frame))
            {
                var isSaid = before.Exists(each => each.Key == item);
                // Said again in between, and given up again: which of the rounds a query is of is not seen.
                if (isSaid && latest.Remove(item, out var first))
                    rounds.Remove(first);
                if (isSaid || !IsQuerier(frame) || since + lasts < frame.At || !device.Dialect.IsForwardable(item.Group))
                    continue;
                rounds.Add(latest[item] = new Round(frame, item, 0));
            }
        }

        return rounds;

        bool IsAsked(Round round, Instant at) => at <= round.Left.At + timing.LastMemberQueryTime + device.Tolerance;

        bool IsQuerier(SeenFrame frame) =>
            general is not null && general.At + QueryRules.IntervalOf(device, general) + device.Tolerance >= frame.At
            && (lower is null || ElectionRules.StartAfter(device, lower) <= general.At + device.Tolerance
                || lower.At + ElectionRules.OtherQuerierPresentInterval(device, lower.Query!).Least - device.Tolerance < general.At);
    }

    private static bool GivesUp(SeenFrame frame, WantedItem item) =>
        frame.GroupMessage is { Kind: GroupMessageKind.Leave } leave ? leave.Group == item.Group && item.Source is null
        : frame.Report?.Records.Any(record => record.Group == item.Group && record.Type switch
        {
            RecordType.ToInclude => item.Source is not { } source || !record.Sources.Contains(source),
            RecordType.Block or RecordType.ToExclude => item.Source is { } source && record.Sources.Contains(source),
            _ => false,
        }) == true;

    /// <summary>Something that has been given up and is to be asked about.</summary>
    /// <param name="Left">The report or leave that gives it up.</param>
    /// <param name="Item">What.</param>
    /// <param name="Repeats">How often it was given up again while it should have been asked about.</param>
    private sealed record Round(SeenFrame Left, WantedItem Item, int Repeats);
}
