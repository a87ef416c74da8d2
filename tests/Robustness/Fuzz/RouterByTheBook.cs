using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// What RFC 9776 says of a querier to the nanosecond, on a link that has just come up: start-up queries, intervals, repetitions, the S
/// flag, older members. The intervals are the RFC's formulas, not the core's.
/// </summary>
internal sealed class RouterByTheBook(RouterInterface core, Addresses addresses, Instant start)
{
    private readonly Address[] sources = [addresses.Sender];
    private readonly byte[] buffer = new byte[200];
    private readonly Timing timing = core.Dialect.OnTheWire(core.Settings.Timing, core.Generation);
    private Instant now = start;

    /// <summary>Takes the link up, and down again.</summary>
    public void Check()
    {
        StartupQueries();
        if (
            core.Generation.HasSources
            && core.Settings is { ImmediateLeave: ImmediateLeave.Never } or { ImmediateLeaveScope: LeaveScope.SourceSpecific })
        {
            // Otherwise no timer is ever above the Last Member Query Time.
            if (GroupMembershipInterval > 2 * timing.LastMemberQueryTime)
            {
                GroupQueries();
                SourceQueries();
            }

            SourceSpecificRange();
            if (core.Settings.OldestVersion < core.Dialect.CurrentVersion)
                OlderMember();
        }

        core.LinkDown(now);
    }

    private TimeSpan GroupMembershipInterval => (timing.RobustnessVariable * timing.QueryInterval) + (2 * timing.QueryResponseInterval);

    private TimeSpan OlderHostPresentInterval => (timing.RobustnessVariable * timing.QueryInterval) + timing.QueryResponseInterval;

    // §8.6, §8.7, §8.2.
    private void StartupQueries()
    {
        var asked = new List<Instant>();
        Note(core.LinkUp(addresses.Own, now));
        while (asked.Count <= timing.StartupQueryCount)
        {
            now = core.NextDue;
            Note(core.Advance(now));
        }

        for (var i = 1; i < asked.Count; i++)
        {
            var due = i < timing.StartupQueryCount ? timing.StartupQueryInterval : timing.QueryInterval;
            Invariant.Holds(
                asked[i] - asked[i - 1] == due,
                $"General Query {i + 1} after the start comes {asked[i] - asked[i - 1]} after the one before, not {due}");
        }

        void Note(IReadOnlyList<Effect> effects) =>
            asked.AddRange(effects.OfType<SendQuery>().Where(each => each.Query.Kind == QueryKind.General).Select(_ => now));
    }

    // §6.6.3.1: LMQC queries; the S flag as soon as somebody has answered. §8.4: the answer counts for GMI.
    private void GroupQueries()
    {
        Tell(RecordType.ToExclude);
        Hold(Found!.Expires, GroupMembershipInterval, "the group timer after a join");
        Pass(TimeSpan.FromMilliseconds(1));
        var suppress = Answered(Tell(RecordType.ToInclude), () => Tell(RecordType.IsExclude));
        Hold(suppress, "the queries after a leave");
    }

    // §6.6.3.2: the same for sources.
    private void SourceQueries()
    {
        Tell(RecordType.Allow, sources);
        Hold(Found!.Sources.Single().Expires, GroupMembershipInterval, "the source timer after ALLOW");
        Pass(TimeSpan.FromMilliseconds(1));
        var suppress = Answered(Tell(RecordType.Block, sources), () => Tell(RecordType.IsInclude, sources));
        Hold(suppress, "the queries after BLOCK");
    }

    // RFC 4604 §3.1.
    private void SourceSpecificRange()
    {
        var group = addresses.UntouchedSourceSpecific;
        if (!core.Settings.IsSourceSpecific(group, core.Dialect))
            return;
        Report(new RecordContent(RecordType.ToExclude, group, sources));
        Invariant.Holds(core.Dump(now).Groups.All(each => each.Group != group), $"an EXCLUDE record for a source-specific group is taken");
    }

    // §7.3.2: with an IGMPv2 or MLDv1 member BLOCK says nothing, until the Older Host Present Interval after its last report is over
    // (§8.13).
    private void OlderMember()
    {
        Older();
        Pass(OlderHostPresentInterval / 2);
        Older();
        Tell(RecordType.Allow, sources);
        Pass(OlderHostPresentInterval - TimeSpan.FromMilliseconds(1));
        Invariant.Holds(
            Found?.CompatibilityMode == core.Dialect.VersionOf(Generation.Leaves) && Queries(Tell(RecordType.Block, sources)).Count == 0,
            $"BLOCK counts beside an older member: {Found}");
        Pass(TimeSpan.FromMilliseconds(1));
        Invariant.Holds(Found?.CompatibilityMode == core.Dialect.CurrentVersion, $"the older member is not forgotten: {Found}");
    }

    // Half an interval after the first query somebody answers. The flags of the queries, and when they came.
    private List<(TimeSpan After, bool Suppress)> Answered(IReadOnlyList<Effect> first, Action answer)
    {
        var began = now;
        var queries = Queries(first);
        now += timing.LastMemberQueryInterval / 2;
        core.Advance(now);
        answer();
        var end = began + (timing.LastMemberQueryCount * timing.LastMemberQueryInterval);
        while (core.NextDue <= end)
        {
            now = core.NextDue;
            queries.AddRange(Queries(core.Advance(now)));
        }

        now = end;
        core.Advance(now);
        return [.. queries.Select(each => (each.At - began, each.Suppress))];
    }

    private void Hold(List<(TimeSpan After, bool Suppress)> queries, string what) =>
        Invariant.Holds(
            queries.SequenceEqual(
                Enumerable.Range(0, timing.LastMemberQueryCount).Select(each => (each * timing.LastMemberQueryInterval, each > 0))),
            $"{what}: {string.Join(", ", queries)}");

    private static void Hold(TimeSpan found, TimeSpan expected, string what) =>
        Invariant.Holds(found == expected, $"{what} is {found}, not {expected}");

    private GroupState? Found => core.Dump(now).Groups.FirstOrDefault(each => each.Group == addresses.Untouched);

    private List<(Instant At, bool Suppress)> Queries(IReadOnlyList<Effect> effects) =>
        [
            .. effects
                .OfType<SendQuery>()
                .Where(each => each.Query.Kind != QueryKind.General)
                .Select(each => (now, each.Query.SuppressRouterSideProcessing)),
        ];

    private IReadOnlyList<Effect> Tell(RecordType type, params Address[] of) => Report(new RecordContent(type, addresses.Untouched, of));

    private IReadOnlyList<Effect> Report(RecordContent record) =>
        Receive(new SendReport(new ReportContent([record]), core.Dialect.ReportDestination));

    private void Older() => Receive(new SendOlderReport(Generation.Leaves, addresses.Untouched));

    private IReadOnlyList<Effect> Receive(SendMessage sent)
    {
        core.Dialect.TryRead(buffer.AsSpan(0, core.Dialect.Write(buffer, sent, addresses.Member)), out var message);
        return core.Receive(message, now);
    }

    private void Pass(TimeSpan time)
    {
        now += time;
        core.Advance(now);
    }
}
