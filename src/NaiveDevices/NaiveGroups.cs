using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using static MulticastLab.NaiveDevices.RouterMistakes;

namespace MulticastLab.NaiveDevices;

/// <summary>The groups of a LAN as the naive router knows them: the state table (RFC 9776 §6.4), timers, and queries about them.</summary>
internal sealed class NaiveGroups(ISimulatedMachine machine, NaiveSettings settings, NaiveInterface lan)
{
    private static readonly Address SourceSpecificRange = Address.Parse("232.0.0.0");
    private static readonly Address LinkLocalRange = Address.Parse("224.0.0.0");

    private readonly Dictionary<Address, NaiveGroup> groups = [];
    private Instant nextLook = Instant.Never;

    private NaiveTimers Timers => lan.Timers;

    private Instant Now => machine.Now;

    private Instant Membership => Now + Timers.GroupMembershipInterval;

    internal bool Forwards(Address source, Address group) => groups.TryGetValue(group, out var known) && known.Forwards(source);

    /// <summary>Applies a record; whether the next one may be applied.</summary>
    internal bool Apply(GroupRecord record, bool isLeave = false)
    {
        if (!IsServed(record.Group))
            return true;
        var group = groups.GetValueOrDefault(record.Group) ?? new NaiveGroup();
        var (type, listed) = (record.Type, record.Sources);
        var isVersionOne = group.VersionOneUntil > Now;
        if (isVersionOne || group.VersionTwoUntil > Now)
        {
            // §7.3.2: members that do not know of sources.
            if (type == RecordType.Block || (isVersionOne && type == RecordType.ToInclude))
                return true;
            if (type == RecordType.ToExclude)
                listed = [];
        }

        var isExclude = type is RecordType.IsExclude or RecordType.ToExclude;
        // Those groups are asked for by their sources only (RFC 4604 §2.2).
        if ((isExclude || isLeave) && record.Group.IsIn(SourceSpecificRange, 8))
            return true;
        if (isLeave && !groups.ContainsKey(record.Group))
            return true;
        var deletes = isExclude && group.Wanted.Concat(group.Excludes ? group.Blocked : []).Except(listed).Any();
        if (group.Excludes)
            InExclude(group, record.Group, type, listed);
        else
            InInclude(group, record.Group, type, listed);
        Keep(record.Group, group);
        return !(deletes && Makes(ListChangedWhileRead));
    }

    /// <summary>Applies a report of an older version: all sources are wanted.</summary>
    internal void ApplyOlder(Address address, bool isVersionOne)
    {
        Apply(new GroupRecord(RecordType.IsExclude, address, []));
        if (address.IsIn(SourceSpecificRange, 8) || !groups.TryGetValue(address, out var group))
            return;
        if (isVersionOne)
            group.VersionOneUntil = Now + Timers.OlderHostPresentInterval;
        else
            group.VersionTwoUntil = Now + Timers.OlderHostPresentInterval;
    }

    /// <summary>A query of any router without the S flag lowers timers (§6.6.1).</summary>
    internal void LowerTimers(IgmpQuery query)
    {
        var time = Now + (query.Version == 3
            ? Timers.LastMemberQueryTime
            : Timers.LastMemberQueryCount * TimeSpan.FromSeconds(0.1 * query.MaxRespCode));
        if (!groups.TryGetValue(query.Group, out var group))
        {
            if (!Makes(QueryCreatesGroup) || !IsServed(query.Group))
                return;
            group = new NaiveGroup { Excludes = true, Timer = Membership };
            Keep(query.Group, group);
        }

        if (query.Sources.Count == 0 && (time < group.Timer || Makes(QueryRaisesTimer)))
            group.Timer = time;
        foreach (var source in query.Sources.Where(each => group.Sources.GetValueOrDefault(each) > time))
            group.Sources[source] = time;
        Keep(query.Group, group);
    }

    // INCLUDE (A), record (B).
    private void InInclude(NaiveGroup group, Address address, RecordType type, IReadOnlyList<Address> listed)
    {
        List<Address> known = Makes(KnownSourcesForgotten) ? [] : group.Wanted;
        switch (type)
        {
            case RecordType.IsInclude or RecordType.Allow:
                Renew(group, listed);
                break;
            case RecordType.IsExclude or RecordType.ToExclude:
                foreach (var source in group.Wanted.Except(listed))
                    group.Sources.Remove(source);
                Block(group, listed.Except(known), type);
                group.Excludes = !(type == RecordType.ToExclude && Makes(ToExKeepsMode));
                RenewGroup(group, type);
                if (type == RecordType.ToExclude)
                    AskAboutSources(address, group, known.Intersect(listed));
                break;
            case RecordType.Block:
                AskAboutSources(address, group, known.Intersect(listed));
                break;
            case RecordType.ToInclude:
                Renew(group, listed);
                AskAboutSources(address, group, known.Except(listed));
                break;
        }
    }

    // EXCLUDE (X, Y), record (A).
    private void InExclude(NaiveGroup group, Address address, RecordType type, IReadOnlyList<Address> listed)
    {
        List<Address> wanted = Makes(KnownSourcesForgotten) ? [] : group.Wanted;
        var blocked = group.Blocked;
        List<Address> added = [.. listed.Except(wanted).Except(blocked)];
        switch (type)
        {
            case RecordType.IsInclude or RecordType.Allow:
                Renew(group, listed);
                break;
            case RecordType.IsExclude or RecordType.ToExclude:
                foreach (var source in group.Sources.Keys.Except(listed).ToList())
                    group.Sources.Remove(source);
                Set(group, added, type == RecordType.IsExclude ? Membership : group.Timer);
                RenewGroup(group, type);
                if (type == RecordType.ToExclude)
                    AskAboutSources(address, group, listed.Except(blocked));
                break;
            case RecordType.Block:
                Set(group, added, group.Timer);
                AskAboutSources(address, group, listed.Except(blocked));
                break;
            case RecordType.ToInclude:
                Renew(group, listed);
                AskAboutSources(address, group, wanted.Except(listed));
                AskAboutGroup(address, group);
                break;
        }
    }

    private void Renew(NaiveGroup group, IEnumerable<Address> sources) =>
        Set(group, sources, Makes(SourceTimersStopped) ? Instant.Never : Membership);

    private void RenewGroup(NaiveGroup group, RecordType type) =>
        group.Timer = type == RecordType.IsExclude && Makes(GroupTimerStopped) ? Instant.Never : Membership;

    private static void Set(NaiveGroup group, IEnumerable<Address> sources, Instant timer)
    {
        foreach (var source in sources)
            group.Sources[source] = timer;
    }

    private void Block(NaiveGroup group, IEnumerable<Address> sources, RecordType type)
    {
        if (type == RecordType.ToExclude && Makes(ToExKeepsPackets))
            return;
        foreach (var source in sources)
            group.Sources[source] = null;
    }

    // §6.6.3.1.
    private void AskAboutGroup(Address address, NaiveGroup group)
    {
        if (!lan.IsQuerier)
            return;
        var time = Now + Timers.LastMemberQueryTime;
        if (time < group.Timer)
            group.Timer = time;
        Ask(Timers.LastMemberQueryCount);

        void Ask(int left)
        {
            if (left == 0 || !lan.IsQuerier || groups.GetValueOrDefault(address) != group || !group.Excludes)
                return;
            lan.AskAbout(address, suppress: group.Timer > Now + Timers.LastMemberQueryTime);
            machine.At(Now + Timers.LastMemberQueryInterval, () => Ask(left - 1));
        }
    }

    // §6.6.3.2: only sources whose timer is above the Last Member Query Time; the others are asked about already.
    private void AskAboutSources(Address address, NaiveGroup group, IEnumerable<Address> sources)
    {
        var time = Now + Timers.LastMemberQueryTime;
        List<Address> asked = [.. sources.Where(each => group.Sources.GetValueOrDefault(each) > time)];
        if (!lan.IsQuerier || asked.Count == 0)
            return;
        Set(group, asked, time);
        Ask(Timers.LastMemberQueryCount);

        void Ask(int left)
        {
            if (left == 0 || !lan.IsQuerier)
                return;
            var running = asked.Where(each => group.Sources.GetValueOrDefault(each) is not null)
                .ToLookup(each => group.Sources[each] > Now + Timers.LastMemberQueryTime);
            foreach (var suppress in (ReadOnlySpan<bool>)[false, true])
            {
                if (running[suppress].Any())
                    lan.AskAboutSources(address, [.. running[suppress]], suppress);
            }

            machine.At(Now + Timers.LastMemberQueryInterval, () => Ask(left - 1));
        }
    }

    // Stores a group that was changed, and looks at its timers when the first of them is due.
    private void Keep(Address address, NaiveGroup group)
    {
        if (Makes(NothingBlocked))
            group.Blocked.ForEach(each => group.Sources.Remove(each));
        if (group.IsEmpty)
        {
            groups.Remove(address);
            return;
        }

        groups[address] = group;
        var due = group.Sources.Values.Select(each => each ?? Instant.Never).Append(group.Excludes ? group.Timer : Instant.Never).Min();
        if (due >= nextLook)
            return;
        nextLook = due;
        machine.At(due, LookAtTimers);
    }

    private void LookAtTimers()
    {
        if (Now < nextLook)
            return;
        nextLook = Instant.Never;
        foreach (var (address, group) in groups.ToList())
        {
            foreach (var source in group.Wanted.Where(each => group.Sources[each] <= Now))
            {
                // §6.2.3: deleted in INCLUDE mode, blocked in EXCLUDE mode.
                if (group.Excludes)
                    group.Sources[source] = null;
                else
                    group.Sources.Remove(source);
            }

            if (group.Excludes && group.Timer <= Now)
                GroupTimerExpired(group);
            Keep(address, group);
        }
    }

    // §6.5: what is left are the sources that are asked for.
    private void GroupTimerExpired(NaiveGroup group)
    {
        group.Timer = Instant.Never;
        if (Makes(EmptyGroupStays))
            return;
        var gone = Makes(NoSwitchToInclude) ? [.. group.Sources.Keys] : group.Blocked;
        gone.ForEach(each => group.Sources.Remove(each));
        group.Excludes = false;
    }

    private bool IsServed(Address group) =>
        group.IsMulticast && (!group.IsIn(LinkLocalRange, 24) || Makes(LinkLocalForwarded));

    private bool Makes(Mistake mistake) => settings.Makes(mistake);
}
