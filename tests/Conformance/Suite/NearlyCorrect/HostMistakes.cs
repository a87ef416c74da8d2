using MulticastLab.Packets;
using static MulticastLab.Conformance.Suite.NearlyCorrect.MistakeShapes;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>Mistakes of hosts, each alone.</summary>
internal static class HostMistakes
{
    private static readonly Address AllSystems = Address.Parse("224.0.0.1");
    private static readonly Address AllRouters = Address.Parse("224.0.0.2");

    /// <summary>The mistakes, made anew: some count.</summary>
    internal static IReadOnlyList<Mistake> All =>
    [
        // What it sends.
        .. OfPackets,
        Sends("reserved-bytes-set", frame => (frame.Body[1], frame.Body[4]) = (1, 1), frame => frame.IsReport),
        Sends("bytes-after-the-report", frame => frame.Body = [.. frame.Body, 0, 0, 0, 0], frame => frame.IsReport),
        Sends("auxiliary-data-in-reports", WithAuxiliaryData, frame => frame.IsReport),
        Sends("reports-to-all-systems", frame => frame.Destination = AllSystems, frame => frame.IsReport),
        Sends("reports-to-the-group", frame => frame.Destination = Address.Parse("239.1.1.1"), frame => frame.IsReport),
        Sends("older-reports-to-all-routers", frame => frame.Destination = AllRouters, frame => frame.Body is [0x12 or 0x16, ..]),
        Sends("leaves-to-the-group", frame => frame.Destination = frame.Group, IsLeave),
        Sends("older-messages-with-a-response-code", frame => frame.Body[1] = 100, IsOlder),
        Sends("older-messages-with-bytes-after", frame => frame.Body = [.. frame.Body, 0, 0, 0, 0], IsOlder),
        Sends("version-1-reports-of-version-2", frame => frame.Body[0] = 0x16, frame => frame.Body is [0x12, ..]),
        Sends("version-2-reports-of-version-1", frame => frame.Body[0] = 0x12, frame => frame.Body is [0x16, ..]),
        Sends("from-no-address", frame => frame.Source = Address.AnyV4),
        Drops("no-reports", frame => frame.IsReport),
        Drops("no-older-reports", frame => frame.Body is [0x12 or 0x16, ..]),
        Drops("no-leaves", IsLeave),
        Drops("no-state-changes", frame => OfType(frame, ToIn, ToEx, AllowNew, BlockOld).Count > 0),
        Drops("no-answers", frame => OfType(frame, IsIn, IsEx).Count > 0),
        new("everything-once") { Sends = EverySecond(frame => frame.Body.Length > 0, keepFirst: true) },
        new("everything-twice") { Sends = frame => [frame, frame.Copy()] },
        new("answers-twice") { Sends = frame => OfType(frame, IsIn, IsEx).Count > 0 ? [frame, frame.Copy()] : [frame] },
        .. from sent in (byte[])[IsIn, IsEx, ToIn, ToEx, AllowNew, BlockOld]
           select Tells($"no-record-of-type-{sent}", sent, _ => null),
        .. from sent in (byte[])[IsIn, IsEx, ToIn, ToEx, AllowNew, BlockOld]
           from instead in (byte[])[IsIn, IsEx, ToIn, ToEx, AllowNew, BlockOld]
           where instead != sent
           select Tells($"type-{instead}-for-{sent}", sent, record => record.As(instead)),
        .. from sent in (byte[])[IsIn, IsEx, ToIn, ToEx, AllowNew, BlockOld]
           select Tells($"no-sources-of-type-{sent}", sent, RecordEdit.WithoutSources),
        .. from sent in (byte[])[IsIn, IsEx, ToIn, ToEx, AllowNew, BlockOld]
           select Tells($"one-source-less-of-type-{sent}", sent, RecordEdit.WithoutFirstSource),
        .. from sent in (byte[])[IsIn, IsEx, ToIn, ToEx, AllowNew, BlockOld]
           select Tells($"one-source-more-of-type-{sent}", sent, record => record.WithSource(9)),
        Sends("first-record-only", frame => frame.Records(First())),
        new("a-report-for-each-record") { Sends = EachRecord },
        new("says-it-is-in-all-systems") { Sends = frame => frame.IsReport ? [frame, frame.Report(IsEx, AllSystems)] : [frame] },
        new("old-version-beside")
        {
            Sends = frame => OfType(frame, ToEx, IsEx) is [var group, ..] ? [frame, frame.Older(0x16, group)] : [frame],
        },
        new("new-version-beside")
        {
            Sends = frame => frame.Body is [0x12 or 0x16, ..] ? [frame, frame.Report(IsEx, frame.Group)] : [frame],
        },

        Sends("wrong-checksum-in-answers", frame => frame.ChecksumOff = 0x0100, frame => OfType(frame, IsIn, IsEx).Count > 0),
        Sends(
            "wrong-header-checksum-in-answers", frame => frame.HeaderChecksumOff = 0x0100,
            frame => OfType(frame, IsIn, IsEx).Count > 0),
        new("later-sources-are-not-said") { Sends = EachRecordOf(FirstSources()) },
        new("excludes-in-the-ssm-range")
        {
            Sends = frame => OfType(frame, ToEx).Count > 0 ? [frame, frame.Report(ToEx, Address.Parse("232.1.1.1"))] : [frame],
        },
        new("old-report-of-all-systems")
        {
            Sends = frame => frame.Body is [0x12 or 0x16, ..] ? [frame, frame.Older(0x16, AllSystems)] : [frame],
        },
        AnswersWhatItHasLeft(),
        new("answers-for-any-group") { Answers = frame => IsSpecific(frame) ? [frame.Report(IsEx, frame.Group)] : [] },
        new("answers-without-groups")
        {
            Answers = frame => frame.IsGeneral && frame.Source != Address.AnyV4 ? [frame.Report(IsEx, Address.Parse("239.9.9.9"))] : [],
        },
        new("answers-without-records") { Answers = frame => frame.IsGeneral ? [frame.Report()] : [] },
        new("leaves-what-was-not-joined") { Listens = filter => filter.IsNone ? [SourceFilter.AnySource, filter] : [filter] },

        // What it understands.
        Ignores("ignores-queries", frame => frame.IsQuery),
        Ignores("ignores-general-queries", frame => frame.IsGeneral),
        Ignores("ignores-group-queries", frame => IsSpecific(frame) && (!frame.IsV3Query || frame.Sources == 0)),
        Ignores("ignores-source-queries", frame => frame.IsV3Query && frame.Sources > 0),
        Ignores("ignores-older-queries", frame => frame.IsQuery && !frame.IsV3Query),
        Ignores("ignores-version-1-queries", frame => frame.IsQuery && !frame.IsV3Query && frame.Body[1] == 0),
        Ignores("ignores-version-2-queries", frame => frame.IsQuery && !frame.IsV3Query && frame.Body[1] != 0),
        Ignores("ignores-queries-from-no-address", frame => frame.IsQuery && frame.Source.IsUnspecified),
        Ignores("ignores-queries-to-itself", frame => frame.IsQuery && !frame.Destination.IsMulticast),
        Ignores("ignores-longer-messages", HasBytesAfterTheMessage),
        Ignores("ignores-unusual-flags", frame => frame.IsV3Query && (frame.Body[8] & 0xF0) != 0),
        Ignores("ignores-queries-with-s", frame => frame.IsV3Query && (frame.Body[8] & 8) != 0),
        Ignores("ignores-other-members", frame => frame.IsReport || IsOlder(frame)),
        Gets("accepts-wrong-checksums", WithRightChecksum),
        Gets("accepts-queries-without-router-alert", WithRouterAlert, frame => frame.IsQuery),
        Gets(
            "accepts-queries-to-any-group", frame => frame.Destination = AllSystems,
            frame => frame.IsGeneral && frame.Destination.IsMulticast),
        new("accepts-other-protocols") { Reads = bytes => bytes[23] = 2 },
        Gets("queries-of-odd-lengths-accepted", frame => frame.Body = frame.Body[..8], frame => frame.Body is { Length: > 8 and < 12 }),
        Gets("short-queries-accepted", frame => frame.Body = [.. frame.Body, .. new byte[8 - frame.Body.Length]], IsShort),
        Gets("group-queries-for-general-ones", AsGeneral, IsSpecific),
        Gets("source-queries-for-group-ones", WithoutSources, frame => frame.IsV3Query && frame.Sources > 0),
        Gets("first-source-of-queries-only", WithFirstSource, frame => frame.IsV3Query && frame.Sources > 1),
        Gets("version-3-queries-for-version-2", frame => frame.Body = frame.Body[..8], frame => frame.IsV3Query && frame.Sources == 0),
        Gets("version-2-queries-for-version-3", frame => frame.Body = [.. frame.Body, 2, 125, 0, 0], IsOlderQuery),
        Gets("version-1-queries-for-version-2", frame => frame.Body[1] = 100, frame => IsOlderQuery(frame) && frame.Body[1] == 0),
        Gets("version-2-queries-for-version-1", frame => frame.Body[1] = 0, frame => IsOlderQuery(frame) && frame.Body[1] != 0),
        Gets("answers-at-once", frame => frame.Body[1] = frame.IsV3Query ? (byte)0 : (byte)1, frame => frame.IsQuery),
        Gets(
            "answers-late", frame => frame.Body[1] = (byte)Math.Min(127, 3 * frame.Body[1]),
            frame => frame.IsQuery && frame.Body[1] < 128),
        Gets("response-code-up-to-127", frame => frame.Body[1] = 127, frame => frame.IsV3Query && frame.Body[1] > 127),
        Gets("longest-response-time-for-any-code", frame => frame.Body[1] = 0xFF, frame => frame.IsV3Query && frame.Body[1] > 127),
        Gets("response-code-of-10-s", frame => frame.Body[1] = 100, frame => frame.IsQuery),

        // Its timers.
        Timed("robustness-one-more", usual => usual with { RobustnessVariable = usual.RobustnessVariable + 1 }),
        Timed("robustness-one", usual => usual with { RobustnessVariable = 1 }),
        Timed("unsolicited-reports-far-apart", usual => usual with { UnsolicitedReportInterval = 3 * usual.UnsolicitedReportInterval }),
        new("version-2-always") { Settings = how => how with { Version = 2 } },
        new("version-1-always") { Settings = how => how with { Version = 1 } },
        new("version-3-always") { Settings = how => how with { Version = 3 } },
    ];

    private static bool IsLeave(IgmpFrame frame) => frame.Body is [0x17, ..];

    private static bool IsOlder(IgmpFrame frame) => frame.Body is [0x12 or 0x16 or 0x17, ..];

    private static bool IsOlderQuery(IgmpFrame frame) => frame.IsQuery && !frame.IsV3Query && frame.IsGeneral;

    private static bool IsShort(IgmpFrame frame) => frame.Body is [0x11, ..] and { Length: < 8 };

    /// <summary>What it tells by records of a type.</summary>
    private static Mistake Tells(string name, byte type, Func<byte[], byte[]?> change) => new(name)
    {
        Sends = frame =>
        {
            frame.Records(record => record[0] == type ? change(record) : record);
            return frame.IsReport && frame.Body[6] == 0 && frame.Body[7] == 0 ? [] : [frame];
        },
    };

    private static Func<IgmpFrame, IEnumerable<IgmpFrame>> EachRecordOf(Func<byte[], byte[]?> change) => frame =>
    {
        frame.Records(change);
        return frame.IsReport && frame.Body[7] == 0 ? [] : [frame];
    };

    /// <summary>A second report of a leave is followed by one that it is a member.</summary>
    private static Mistake AnswersWhatItHasLeft()
    {
        var left = new HashSet<Address>();
        return new("answers-what-it-has-left")
        {
            Sends = frame => OfType(frame, ToIn) is [var group, ..] && !left.Add(group) ? [frame, frame.Report(IsEx, group)] : [frame],
        };
    }

    /// <summary>Of the sources that a group's records allow, those of the first record.</summary>
    private static Func<byte[], byte[]?> FirstSources()
    {
        var first = new Dictionary<Address, string>();
        return record =>
        {
            if (record[0] != AllowNew)
                return record;
            var (group, sources) = (Address.Read(record.AsSpan(4, 4)), Convert.ToHexString(record.AsSpan(8)));
            first.TryAdd(group, sources);
            return first[group] == sources ? record : null;
        };
    }

    private static List<IgmpFrame> EachRecord(IgmpFrame frame)
    {
        if (!frame.IsReport)
            return [frame];
        var frames = new List<IgmpFrame>();
        frame.Copy().Records(record =>
        {
            var one = frame.Copy();
            one.Body = [.. frame.Body[..6], 0, 1, .. record];
            frames.Add(one);
            return record;
        });
        return frames;
    }

    private static void WithRouterAlert(IgmpFrame frame)
    {
        if (frame.Header.Length == 20)
            frame.Header = [.. frame.Header, 0x94, 0x04, 0, 0];
    }
}
