using System.Buffers.Binary;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Suite.NearlyCorrect.MistakeShapes;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>
/// Mistakes of routers, each alone: typical ones of young implementations, and what FRR, pimd, the Linux bridge and others have got wrong.
/// </summary>
internal static class RouterMistakes
{
    private static readonly Address AllSystems = Address.Parse("224.0.0.1");
    private static readonly Address V3Routers = Address.Parse("224.0.0.22");

    /// <summary>The mistakes, made anew: some count.</summary>
    internal static IReadOnlyList<Mistake> All =>
    [
        // What it sends.
        .. OfPackets,
        Sends("reserved-bytes-of-reports-set", frame => (frame.Body[1], frame.Body[4]) = (1, 1), frame => frame.IsReport),
        Sends("bytes-after-the-report", frame => frame.Body = [.. frame.Body, 0, 0, 0, 0], frame => frame.IsReport),
        Sends("auxiliary-data-in-reports", WithAuxiliaryData, frame => frame.IsReport),
        Sends("general-query-to-v3-routers", frame => frame.Destination = V3Routers, frame => frame.IsGeneral),
        Sends("specific-query-to-all-systems", frame => frame.Destination = AllSystems, IsSpecific),
        Sends("specific-query-without-group", frame => frame.Group = Address.AnyV4, IsSpecific),
        Sends("general-query-with-a-group", frame => frame.Group = AllSystems, frame => frame.IsGeneral),
        Sends("response-code-125-always", frame => frame.Body[1] = 125, frame => frame.IsQuery),
        Sends("response-code-of-general-queries-in-all", frame => frame.Body[1] = 100, IsSpecific),
        Sends("response-code-one-more", frame => frame.Body[1]++, frame => frame.IsQuery),
        Sends("response-code-linear", frame => frame.Body[1] |= 0x80, frame => frame.IsQuery && frame.Body[1] >= 64),
        Sends("qrv-0", frame => frame.Body[8] &= 0xF8, frame => frame.IsV3Query),
        Sends("qrv-1-more", frame => frame.Body[8] = (byte)((frame.Body[8] & 0xF8) | ((frame.Body[8] + 1) & 7)), frame => frame.IsV3Query),
        Sends("qqic-0", frame => frame.Body[9] = 0, frame => frame.IsV3Query),
        Sends("qqic-1-more", frame => frame.Body[9]++, frame => frame.IsV3Query),
        Sends("s-flag-always", frame => frame.Body[8] |= 8, frame => frame.IsV3Query),
        Sends("s-flag-always-in-specific-queries", frame => frame.Body[8] |= 8, IsSpecific),
        Sends("s-flag-never", frame => frame.Body[8] &= 0xF7, frame => frame.IsV3Query),
        Sends("reserved-bits-set", frame => frame.Body[8] |= 0x80, frame => frame.IsV3Query),
        Sends("bytes-after-the-query", frame => frame.Body = [.. frame.Body, 0, 0, 0, 0], frame => frame.IsV3Query),
        Sends("queries-of-version-2", frame => frame.Body = frame.Body[..8], frame => frame.IsV3Query && frame.Sources == 0),
        Sends(
            "queries-of-version-3-in-version-2", frame => frame.Body = [.. frame.Body, 2, 125, 0, 0],
            frame => frame.IsQuery && !frame.IsV3Query),
        Sends("source-count-off", frame => frame.Body[11]++, frame => frame.IsV3Query && frame.Sources > 0),
        Sends("one-source-too-many", WithOneSourceMore, frame => frame.IsV3Query && frame.Sources > 0),
        Sends("asks-about-the-first-source-only", WithFirstSource, frame => frame.IsV3Query && frame.Sources > 1),
        Sends("source-specific-queries-without-sources", WithoutSources, frame => frame.IsV3Query && frame.Sources > 0),
        Drops("no-source-specific-queries", frame => frame.IsV3Query && frame.Sources > 0),
        Drops("no-group-specific-queries", frame => IsSpecific(frame) && (!frame.IsV3Query || frame.Sources == 0)),
        Drops("no-general-queries", frame => frame.IsGeneral),
        Drops("not-a-member-of-v3-routers", frame => frame.IsReport),
        new("one-general-query-only") { Sends = Once(frame => frame.IsGeneral) },
        new("specific-queries-once") { Sends = EverySecond(IsSpecific, keepFirst: true) },
        // FRR 8.4, of a group that was reported more than once.
        new("asks-about-no-source-beside-the-group")
        {
            Sends = frame =>
            {
                if (!IsSpecific(frame) || !frame.IsV3Query || frame.Sources > 0)
                    return [frame];
                var beside = frame.Copy();
                beside.Body = [.. frame.Body[..11], 1, 0, 0, 0, 0];
                return [frame, beside];
            },
        },
        new("queries-twice") { Sends = frame => frame.IsQuery ? [frame, frame.Copy()] : [frame] },

        // What it understands.
        Deaf("ignores-allow", AllowNew),
        Deaf("ignores-block", BlockOld),
        Deaf("ignores-is-in", IsIn),
        Deaf("ignores-is-ex", IsEx),
        Deaf("ignores-to-in", ToIn),
        Deaf("ignores-to-ex", ToEx),
        Mistakes("is-in-as-to-in", IsIn, record => record.As(ToIn)),
        Mistakes("is-ex-as-to-ex", IsEx, record => record.As(ToEx)),
        Mistakes("to-in-as-is-in", ToIn, record => record.As(IsIn)),
        Mistakes("to-ex-as-is-ex", ToEx, record => record.As(IsEx)),
        Mistakes("allow-as-to-in", AllowNew, record => record.As(ToIn)),
        Mistakes("block-as-to-ex", BlockOld, record => record.As(ToEx)),
        Mistakes("block-as-leave", BlockOld, record => record.WithoutSources().As(ToIn)),
        Mistakes("is-ex-without-sources", IsEx, record => record.WithoutSources()),
        Mistakes("to-ex-without-sources", ToEx, record => record.WithoutSources()),
        Mistakes("to-in-without-sources", ToIn, record => record.WithoutSources()),
        Gets("first-record-only", frame => frame.Records(First())),
        Gets("records-in-reverse", Reversed),
        Gets("joins-are-for-any-source", frame => frame.Records(record => record[0] is IsIn or ToIn or AllowNew && record[3] > 0
            ? record.WithoutSources().As(ToEx) : record)),
        Gets("joins-take-in-one-source-more", frame => frame.Records(record => record[0] is IsIn or ToIn or AllowNew && record[3] > 0
            ? record.WithSource(4) : record)),
        Gets("excludes-one-source-more", frame => frame.Records(record => record[0] is IsEx or ToEx ? record.WithSource(4) : record)),
        ExcludeListsCountOnce(),
        JoinsOfKnownGroupsCountForNothing(),
        Gets("include-lists-lose-their-first-source", frame => frame.Records(record => record[0] is IsIn or ToIn or AllowNew
            ? record.WithoutFirstSource() : record)),
        Also("is-ex-asks", frame => OfType(frame, IsEx) is [var group, ..] ? [frame, frame.Report(ToIn, group)] : [frame]),
        Also("empty-is-in-creates-groups", frame => frame.Body is [0x22, _, _, _, _, _, _, 1, IsIn, 0, 0, 0, ..]
            ? [frame.Report(IsEx, OfType(frame, IsIn)[0])] : [frame]),
        Also("leaves-create-groups", frame => Leaves(frame) is [var group, ..] ? [frame.Report(IsEx, group), frame] : [frame]),
        Also("queries-create-groups", frame => IsSpecific(frame) ? [frame, frame.Report(IsEx, frame.Group)] : [frame]),
        Also("queries-wake-sources", frame => frame.IsV3Query && frame.Sources > 0
            ? [frame, frame.Report(AllowNew, frame.Group, frame.Body.AsSpan(12, 4))] : [frame]),
        Gets("unknown-records-are-joins", frame => frame.Records(record => record[0] is 0 or > 6 ? record.As(ToEx) : record)),
        Gets("auxiliary-data-stops-the-report", frame => frame.Records(UntilAuxiliaryData())),
        Ignores("ignores-reports-from-no-address", frame => frame.Source.IsUnspecified),
        Ignores("ignores-other-destinations", frame => !frame.Destination.IsMulticast),
        Ignores("ignores-version-1-reports-with-a-second-octet", frame => frame.Body is [0x12, not 0, ..]),
        Ignores("ignores-older-reports-to-all-routers", frame => frame.Body is [0x12 or 0x16, ..] && frame.Destination != frame.Group),
        Ignores("ignores-version-1-reports", frame => frame.Body is [0x12, ..]),
        Ignores("ignores-version-2-reports", frame => frame.Body is [0x16, ..]),
        Ignores("ignores-version-2-leaves", frame => frame.Body is [0x17, ..]),
        Ignores("ignores-leaves-to-the-group", frame => frame.Body is [0x17, ..] && frame.Destination == frame.Group),
        Ignores("ignores-queries", frame => frame.IsQuery),
        Ignores("ignores-general-queries", frame => frame.IsGeneral),
        Ignores("ignores-specific-queries", IsSpecific),
        Ignores("ignores-version-2-queries", frame => frame.IsQuery && !frame.IsV3Query),
        Ignores("ignores-queries-with-s", frame => frame.IsV3Query && (frame.Body[8] & 8) != 0),
        Ignores("ignores-unusual-flags", frame => frame.IsV3Query && (frame.Body[8] & 0xF0) != 0),
        Ignores("ignores-longer-messages", HasBytesAfterTheMessage),
        Gets("accepts-wrong-checksums", WithRightChecksum),
        Gets("takes-any-querier-for-lower", frame => frame.Source = Address.Parse("10.0.0.1"), frame => frame.IsGeneral),
        Gets(
            "takes-queries-from-no-address", frame => frame.Source = Address.Parse("10.0.0.1"),
            frame => frame.Source.IsUnspecified && frame.IsQuery),
        Gets("s-flag-not-seen", frame => frame.Body[8] &= 0xF7, frame => frame.IsV3Query),
        Gets("s-flag-always-seen", frame => frame.Body[8] |= 8, frame => frame.IsV3Query),
        Gets("qrv-not-taken-over", frame => frame.Body[8] = (byte)((frame.Body[8] & 0xF8) | 2), frame => frame.IsV3Query),
        Gets("qqic-not-taken-over", frame => frame.Body[9] = 125, frame => frame.IsV3Query),
        Gets("qqic-up-to-127", frame => frame.Body[9] = Math.Min(frame.Body[9], (byte)127), frame => frame.IsV3Query),
        Gets("takes-any-response-time-for-the-longest", frame => frame.Body[1] = 0xFF, frame => frame.IsV3Query),
        Gets("specific-queries-elect", AsGeneral, IsSpecific),
        Gets("queries-of-odd-lengths-accepted", frame => frame.Body = frame.Body[..8], frame => frame.Body is { Length: > 8 and < 12 }),

        // Its timers.
        Timed("last-member-queries-one-more", usual => usual with { LastMemberQueryCount = usual.LastMemberQueryCount + 1 }),
        Timed("last-member-query-interval-doubled", usual => usual with { LastMemberQueryInterval = 2 * usual.LastMemberQueryInterval }),
        Timed("query-interval-a-fifth-more", usual => usual with { QueryInterval = usual.QueryInterval * 1.2 }),
        Timed("query-interval-a-fifth-less", usual => usual with { QueryInterval = usual.QueryInterval * 0.8 }),
        Timed("query-response-interval-doubled", usual => usual with { QueryResponseInterval = 2 * usual.QueryResponseInterval }),
        Timed("robustness-one-more", usual => usual with { RobustnessVariable = usual.RobustnessVariable + 1 }),
        Timed("startup-interval-is-query-interval", usual => usual with { StartupQueryInterval = usual.QueryInterval }),
        Timed("startup-queries-one-less", usual => usual with { StartupQueryCount = Math.Max(1, usual.StartupQueryCount - 1) }),
        new("any-response-interval")
        {
            Timers = usual => usual with { QueryResponseInterval = TimeSpan.FromSeconds(1) },
            Sends = Changing(frame => frame.Body[1] = 0xFF, frame => frame.IsGeneral && frame.IsV3Query),
        },
        new("forwards-everything") { Floods = (_, _) => true },
        Forwarding("forwards-nothing-in-include-mode", (named, excluded, _, group) => excluded.Contains(group) || !named.Contains(group)),
        Forwarding("forwards-no-named-sources", (named, _, source, group) => !named[group].Contains(source)),
        Forwarding("forwards-named-sources-only", (named, _, source, group) => !named.Contains(group) || named[group].Contains(source)),
        StopsAtLeave(),
        AsksAsNonQuerier(),
        TakesOverWithQueriesToV3Routers(),
        Silenced("s-flag-silences-for-ever", (query, _) => query.IsV3Query && (query.Body[8] & 8) != 0),
        Silenced("router-between-silences-for-ever", (query, before) => before < query.Source),
        new("leaves-at-once") { Settings = how => how with { Options = [.. how.Options, "immediate-leave"] } },
        new("does-not-forward") { Settings = how => how with { Options = [.. how.Options.Where(each => each != "forward")] } },
        new("version-2-always") { Settings = how => how with { Version = 2 } },
        new("version-3-always") { Settings = how => how with { Version = 3 } },
    ];

    /// <summary>What it forwards depends on the sources that reports have named, and on the groups with a report that excludes.</summary>
    private static Mistake Forwarding(
        string name, Func<ILookup<Address, Address>, IReadOnlySet<Address>, Address, Address, bool> forwards)
    {
        var named = new HashSet<(Address Group, Address Source)>();
        var excluded = new HashSet<Address>();
        return new(name)
        {
            Gets = frame =>
            {
                excluded.UnionWith(OfType(frame, IsEx, ToEx));
                frame.Copy().Records(record =>
                {
                    for (var at = 8; at + 4 <= 8 + (4 * record[3]); at += 4)
                        named.Add((Address.Read(record.AsSpan(4, 4)), Address.Read(record.AsSpan(at, 4))));
                    return record;
                });
                return [frame];
            },
            Forwards = (source, group) =>
                forwards(named.ToLookup(each => each.Group, each => each.Source), excluded, source, group),
        };
    }

    /// <summary>From a leave or a block until the next report nothing is forwarded.</summary>
    private static Mistake StopsAtLeave()
    {
        var left = false;
        return new("stops-forwarding-at-a-leave")
        {
            Gets = frame =>
            {
                if (frame.Body is [0x12 or 0x16 or 0x17 or 0x22, ..])
                    left = Leaves(frame).Count > 0;
                return [frame];
            },
            Forwards = (_, _) => !left,
        };
    }

    /// <summary>Its General Queries after those of another go to the routers of version 3.</summary>
    private static Mistake TakesOverWithQueriesToV3Routers()
    {
        var heard = false;
        return new("takes-over-with-queries-to-v3-routers")
        {
            Gets = frame =>
            {
                heard |= frame.IsGeneral;
                return [frame];
            },
            Sends = frame =>
            {
                if (heard && frame.IsGeneral)
                    frame.Destination = V3Routers;
                return [frame];
            },
        };
    }

    /// <summary>It sends no General Queries after some of those that it gets, until it gets another one.</summary>
    /// <param name="name">What the mistake is called.</param>
    /// <param name="by">Which queries silence it, given each and the sender of the one before.</param>
    private static Mistake Silenced(string name, Func<IgmpFrame, Address?, bool> by)
    {
        var (silenced, before) = (false, (Address?)null);
        return new(name)
        {
            Gets = frame =>
            {
                if (frame.IsGeneral)
                    (silenced, before) = (by(frame, before), frame.Source);
                return [frame];
            },
            Sends = frame => silenced && frame.IsGeneral ? [] : [frame],
        };
    }

    /// <summary>It goes on as the querier, and shows another as such.</summary>
    private static Mistake AsksAsNonQuerier()
    {
        Address? other = null;
        return new("asks-as-nonquerier")
        {
            Gets = frame =>
            {
                if (frame.IsGeneral)
                    other = frame.Source;
                return frame.IsGeneral ? [] : [frame];
            },
            Sends = frame => frame.IsGeneral && other is not null ? [] : [frame],
            Shows = state => other is null ? state : state with { IsQuerier = false, Querier = other.Value },
        };
    }

    private static void Reversed(IgmpFrame frame)
    {
        var records = new List<byte[]>();
        frame.Copy().Records(record =>
        {
            records.Insert(0, record);
            return record;
        });
        frame.Records(_ => null);
        frame.Body = [.. frame.Body[..8], .. records.SelectMany(each => each), .. frame.Body[8..]];
        BinaryPrimitives.WriteUInt16BigEndian(frame.Body.AsSpan(6), (ushort)records.Count);
    }

    private static void WithOneSourceMore(IgmpFrame frame)
    {
        frame.Body = [.. frame.Body, 192, 0, 2, 99];
        frame.Body[11]++;
    }

    private static Mistake JoinsOfKnownGroupsCountForNothing()
    {
        var known = new HashSet<Address>();
        return new("joins-of-known-groups-count-for-nothing")
        {
            Gets = frame =>
            {
                frame.Records(record => !known.Add(Address.Read(record.AsSpan(4, 4))) && record[0] == ToEx ? null : record);
                return [frame];
            },
        };
    }

    private static Mistake ExcludeListsCountOnce()
    {
        var seen = new HashSet<Address>();
        return Mistakes(
            "exclude-lists-count-once", IsEx, record => seen.Add(Address.Read(record.AsSpan(4, 4))) ? record : record.WithoutSources());
    }

    private static Func<byte[], byte[]?> UntilAuxiliaryData()
    {
        var seen = false;
        return record =>
        {
            var before = !seen;
            seen |= record[1] > 0;
            return before ? record : null;
        };
    }

    private static Func<IgmpFrame, IEnumerable<IgmpFrame>> Once(Func<IgmpFrame, bool> which)
    {
        var seen = false;
        return frame =>
        {
            if (!which(frame))
                return [frame];
            var first = !seen;
            seen = true;
            return first ? [frame] : [];
        };
    }

    private static Mistake Also(string name, Func<IgmpFrame, IEnumerable<IgmpFrame>> gets) => new(name) { Gets = gets };

    private static Mistake Deaf(string name, byte type) =>
        Gets(name, frame => frame.Records(record => RecordEdit.TypeOf(record) == type ? null : record));

    private static Mistake Mistakes(string name, byte type, Func<byte[], byte[]> change) =>
        Gets(name, frame => frame.Records(record => RecordEdit.TypeOf(record) == type ? change(record) : record));
}
