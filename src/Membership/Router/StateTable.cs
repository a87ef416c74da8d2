using System.Text;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// What a router does on reception of a group record: the tables of RFC 9776 §6.4.1 and §6.4.2 as data. The router core executes
/// these rows, the documents print them, the tests sweep them.
/// </summary>
public static class StateTable
{
    /// <summary>The rows: current-state records (§6.4.1) first, then filter-mode-change and source-list-change records (§6.4.2).</summary>
    internal static IReadOnlyList<TableRow> Rows { get; } =
    [.. InIncludeMode().Concat(InExcludeMode()).OrderBy(row => row.Record.Type is RecordType.IsInclude or RecordType.IsExclude ? 1 : 2)];

    private static readonly Transition[] Transitions = Compile();

    /// <summary>What to do with a record of a type from 1 to 6.</summary>
    internal static Transition For(FilterMode mode, RecordType type) => Transitions[Index(mode, type)];

    /// <summary>The table as Markdown, in the RFC's notation.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("| Router state | Report received | New router state | Actions |");
        text.AppendLine("|---|---|---|---|");
        foreach (var row in Rows)
            text.AppendLine($"| {row.From} | {row.Record} | {row.To} | {string.Join("; ", row.Actions)} |");
        return text.ToString();
    }

    private static TableRow[] InIncludeMode()
    {
        var (A, B) = (SourceSet.ForwardedAs("A"), SourceSet.NamedAs("B"));
        return
        [
            Row(Include(A), IsIn(B),  Include(A + B),        Timers(B, Gmi)),
            Row(Include(A), IsEx(B),  Exclude(A * B, B - A), Timers(B - A, Zero), Delete(A - B), GroupTimerIsGmi),

            Row(Include(A), Allow(B), Include(A + B),        Timers(B, Gmi)),
            Row(Include(A), Block(B), Include(A),            Query(A * B)),
            Row(Include(A), ToEx(B),  Exclude(A * B, B - A), Timers(B - A, Zero), Delete(A - B), Query(A * B), GroupTimerIsGmi),
            Row(Include(A), ToIn(B),  Include(A + B),        Timers(B, Gmi), Query(A - B)),
        ];
    }

    private static TableRow[] InExcludeMode()
    {
        var (X, Y, A) = (SourceSet.ForwardedAs("X"), SourceSet.BlockedAs("Y"), SourceSet.NamedAs("A"));
        return
        [
            Row(Exclude(X, Y), IsIn(A),  Exclude(X + A, Y - A),   Timers(A, Gmi)),
            Row(Exclude(X, Y), IsEx(A),  Exclude(A - Y, Y * A),   Timers(A - X - Y, Gmi), Delete(X - A), Delete(Y - A), GroupTimerIsGmi),

            Row(Exclude(X, Y), Allow(A), Exclude(X + A, Y - A),   Timers(A, Gmi)),
            Row(Exclude(X, Y), Block(A), Exclude(X + (A - Y), Y), Timers(A - X - Y, GroupTimer), Query(A - Y)),
            Row(
                Exclude(X, Y), ToEx(A), Exclude(A - Y, Y * A), Timers(A - X - Y, GroupTimer), Delete(X - A), Delete(Y - A), Query(A - Y),
                GroupTimerIsGmi),
            Row(Exclude(X, Y), ToIn(A), Exclude(X + A, Y - A), Timers(A, Gmi), Query(X - A), QueryGroup),
        ];
    }

    private const TimerValue Zero = TimerValue.Zero;
    private const TimerValue Gmi = TimerValue.GroupMembershipInterval;
    private const TimerValue GroupTimer = TimerValue.GroupTimer;
    private static TableAction GroupTimerIsGmi => new(TableVerb.RenewGroupTimer);
    private static TableAction QueryGroup => new(TableVerb.QueryGroup);

    private static TableRow Row(TableState from, TableRecord record, TableState to, params TableAction[] actions) =>
        new(from, record, to, actions);

    private static TableState Include(SourceSet forwarded) => new(FilterMode.Include, forwarded, default);

    private static TableState Exclude(SourceSet forwarded, SourceSet blocked) => new(FilterMode.Exclude, forwarded, blocked);

    private static TableRecord IsIn(SourceSet sources) => new(RecordType.IsInclude, sources);

    private static TableRecord IsEx(SourceSet sources) => new(RecordType.IsExclude, sources);

    private static TableRecord ToIn(SourceSet sources) => new(RecordType.ToInclude, sources);

    private static TableRecord ToEx(SourceSet sources) => new(RecordType.ToExclude, sources);

    private static TableRecord Allow(SourceSet sources) => new(RecordType.Allow, sources);

    private static TableRecord Block(SourceSet sources) => new(RecordType.Block, sources);

    private static TableAction Timers(SourceSet sources, TimerValue value) => new(TableVerb.SetTimers, sources, value);

    private static TableAction Delete(SourceSet sources) => new(TableVerb.Delete, sources);

    private static TableAction Query(SourceSet sources) => new(TableVerb.QuerySources, sources);

    private static int Index(FilterMode mode, RecordType type) => ((int)mode * 6) + (int)type - 1;

    private static Transition[] Compile()
    {
        var transitions = new Transition[12];
        foreach (var row in Rows)
            transitions[Index(row.From.Mode, row.Record.Type)] = new Transition(row);
        return transitions;
    }
}
