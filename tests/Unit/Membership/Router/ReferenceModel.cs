using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>
/// One group of one router, written a second time to hold the core against it: plain sets and a map of deadlines, one sentence of the
/// RFC after another, every time in milliseconds, no compilation and no sharing with the core.
/// </summary>
internal sealed class ReferenceModel(long gmi, long ohpi, long lmqi, int lmqc, bool querier, int version = 3)
{
    private readonly Dictionary<int, long> timers = [];
    private readonly Dictionary<int, (int Left, long Next)> retransmissions = [];
    private (int Left, long Next)? groupRetransmissions;
    private long groupTimer;
    private long version1HostPresent;
    private long version2HostPresent;

    public bool Exists { get; private set; }

    public bool IsExclude { get; private set; }

    /// <summary>What was asked: (time, source or 0 for the group, S flag).</summary>
    public List<(long At, int Source, bool Suppress)> Asked { get; } = [];

    private long Lmqt => lmqi * lmqc;

    public string Shape(long now) => !Exists ? "none"
        : IsExclude ? $"EXCLUDE({Text(X(now))},{Text(Y(now))}) {groupTimer - now} v{Mode(now)}" : $"INCLUDE({Text(X(now))}) v{Mode(now)}";

    public void AdvanceTo(long now)
    {
        while (true)
        {
            var moments = timers.Values.Where(each => each > 0)
                .Concat(IsExclude ? [groupTimer] : [])
                .Concat(retransmissions.Values.Select(each => each.Next))
                .Concat(groupRetransmissions is { } pending ? [pending.Next] : []).ToList();
            if (moments.Count == 0 || moments.Min() > now)
                return;
            Happen(moments.Min());
        }
    }

    /// <summary>A report of version 1 or 2.</summary>
    public void ReceiveReport(int reportVersion, long now)
    {
        // §7.3.2: it is an IS_EX ({}), and the timer of its version is set to the Older Host Present Interval.
        Act(RecordType.IsExclude, [], now);
        if (reportVersion == 1)
            version1HostPresent = now + ohpi;
        else
            version2HostPresent = now + ohpi;
    }

    /// <summary>A leave.</summary>
    public void ReceiveLeave(long now)
    {
        // §7.3.2: it is a TO_IN ({}), and version 1, of the group or as configured (§7.3.1), ignores it.
        if (Mode(now) > 1)
            Act(RecordType.ToInclude, [], now);
    }

    /// <summary>A record of version 3.</summary>
    public void Receive(RecordType type, IReadOnlyCollection<int> reported, long now)
    {
        if (version < 3)
            return;
        // §7.3.2: in version 2 mode BLOCK is ignored, and so is the source list of TO_EX; in version 1 mode TO_IN is ignored besides.
        if (Mode(now) < 3 && type == RecordType.Block)
            return;
        if (Mode(now) == 1 && type == RecordType.ToInclude)
            return;
        Act(type, Mode(now) < 3 && type == RecordType.ToExclude ? [] : reported, now);
    }

    private void Act(RecordType type, IReadOnlyCollection<int> reported, long now)
    {
        if (!Exists)
        {
            // §6.4: a router without a record for the group is in INCLUDE ({}).
            if (
                type == RecordType.Block
                || (type is RecordType.IsInclude or RecordType.ToInclude or RecordType.Allow && reported.Count == 0))
                return;
            Exists = true;
            IsExclude = false;
        }

        if (IsExclude)
            InExclude(type, [.. reported], now);
        else
            InInclude(type, [.. reported], now);
    }

    private void InInclude(RecordType type, HashSet<int> B, long now)
    {
        var A = X(now);
        switch (type)
        {
            case RecordType.IsInclude or RecordType.Allow:
                SetTimers(B, now + gmi);
                break;
            case RecordType.ToInclude:
                SetTimers(B, now + gmi);
                Ask(Minus(A, B), now);
                break;
            case RecordType.Block:
                Ask(And(A, B), now);
                break;
            case RecordType.IsExclude or RecordType.ToExclude:
                IsExclude = true;
                foreach (var source in Minus(A, B))
                    Delete(source);
                SetTimers(Minus(B, A), 0);
                if (type == RecordType.ToExclude)
                    Ask(And(A, B), now);
                groupTimer = now + gmi;
                break;
        }
    }

    private void InExclude(RecordType type, HashSet<int> A, long now)
    {
        var (x, y) = (X(now), Y(now));
        switch (type)
        {
            case RecordType.IsInclude or RecordType.Allow:
                SetTimers(A, now + gmi);
                break;
            case RecordType.ToInclude:
                SetTimers(A, now + gmi);
                Ask(Minus(x, A), now);
                AskGroup(now);
                break;
            case RecordType.Block:
                SetTimers(Minus(Minus(A, x), y), groupTimer);
                Ask(Minus(A, y), now);
                break;
            case RecordType.IsExclude or RecordType.ToExclude:
                foreach (var source in Minus(x, A).Concat(Minus(y, A)))
                    Delete(source);
                SetTimers(Minus(Minus(A, x), y), type == RecordType.IsExclude ? now + gmi : groupTimer);
                if (type == RecordType.ToExclude)
                    Ask(Minus(A, y), now);
                groupTimer = now + gmi;
                break;
        }
    }

    // §6.6.3.2: per source, and only for those above LMQT.
    private void Ask(HashSet<int> sources, long now)
    {
        if (!querier)
            return;
        foreach (var source in sources.Where(each => timers[each] > now + Lmqt))
        {
            timers[source] = now + Lmqt;
            Asked.Add((now, source, false));
            retransmissions.Remove(source);
            if (lmqc > 1)
                retransmissions[source] = (lmqc - 1, now + lmqi);
        }
    }

    // §6.6.3.1, merged (§6.4.2) with what is pending for a leave that nobody has answered yet.
    private void AskGroup(long now)
    {
        if (!querier || (groupRetransmissions is not null && groupTimer <= now + Lmqt))
            return;
        groupTimer = Math.Min(groupTimer, now + Lmqt);
        Asked.Add((now, 0, false));
        groupRetransmissions = lmqc > 1 ? (lmqc - 1, now + lmqi) : null;
    }

    private void Happen(long now)
    {
        // §6.2.3: INCLUDE deletes, EXCLUDE keeps with timer zero.
        foreach (var source in timers.Where(each => each.Value == now).Select(each => each.Key).ToList())
        {
            Delete(source);
            if (IsExclude)
                timers[source] = 0;
        }

        // §6.5.
        if (IsExclude && groupTimer == now)
        {
            IsExclude = false;
            groupRetransmissions = null;
            foreach (var source in Y(now))
                Delete(source);
        }

        foreach (var (source, (left, next)) in retransmissions.Where(each => each.Value.Next == now).ToList())
        {
            Asked.Add((now, source, timers[source] > now + Lmqt));
            retransmissions[source] = (left - 1, next + lmqi);
            if (left == 1)
                retransmissions.Remove(source);
        }

        if (version == 2 && groupTimer > now + Lmqt)
        {
            // RFC 2236 §7: a report in Checking Membership clears the retransmission timer.
            groupRetransmissions = null;
        }

        if (groupRetransmissions is { } pending && pending.Next == now)
        {
            Asked.Add((now, 0, groupTimer > now + Lmqt));
            groupRetransmissions = pending.Left > 1 ? (pending.Left - 1, now + lmqi) : null;
        }

        if (!IsExclude && timers.Count == 0)
        {
            // The timers of older hosts are the group record's.
            Exists = false;
            version1HostPresent = version2HostPresent = 0;
        }
    }

    // §7.3.2: version 1 while its timer runs, otherwise version 2 while its does, otherwise version 3; never above the configured one.
    private int Mode(long now) => version1HostPresent > now ? 1 : version2HostPresent > now ? Math.Min(2, version) : version;

    private HashSet<int> X(long now) => [.. timers.Where(each => each.Value > now).Select(each => each.Key)];

    private HashSet<int> Y(long now) => [.. timers.Where(each => each.Value <= now).Select(each => each.Key)];

    private void SetTimers(IEnumerable<int> sources, long until)
    {
        foreach (var source in sources)
            timers[source] = until;
    }

    private void Delete(int source)
    {
        timers.Remove(source);
        retransmissions.Remove(source);
    }

    private string Text(IEnumerable<int> sources) => string.Join(',', sources.Order().Select(each => $"{each}@{timers[each]}"));

    private static HashSet<int> Minus(HashSet<int> a, HashSet<int> b) => [.. a.Except(b)];

    private static HashSet<int> And(HashSet<int> a, HashSet<int> b) => [.. a.Intersect(b)];
}
