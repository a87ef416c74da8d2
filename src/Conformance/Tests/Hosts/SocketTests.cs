using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.HostTelling;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>What sockets ask for, and what a host makes of them together (RFC 9776 §2, §3).</summary>
internal static class SocketTests
{
    // RFC 9776 §2.
    private const int LeastSources = 64;

    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "join-is-to-ex-without-sources", ["V3-H-2-01"],
            "A join of a group without sources is reported as TO_EX without sources.",
            async lab =>
            {
                await lab.Start();
                var join = await lab.Device.Join(lab.G1);
                lab.ExpectReported(join, ToExclude(lab.G1));
                await lab.PassReports();
            }),
        new HostTest(
            "leave-is-to-in-without-sources", ["V3-H-2-02"],
            "A leave of a group joined without sources is reported as TO_IN without sources, and then nothing is left of it.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Join(lab.G1), ToExclude(lab.G1));

                await lab.Step("The group is left");
                var leave = await lab.Device.Leave(lab.G1);
                lab.ExpectReported(leave, ToInclude(lab.G1));
                await lab.PassReports();

                await lab.Step("The querier asks for all groups");
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                lab.ExpectNoneAfter(Naming(lab.G1), asked);
                await lab.Pass(query.MaxResponseTime);
            }),
        new HostTest(
            "filter-replaces-the-one-before", ["V3-H-2-03"],
            "A new filter of a socket replaces the one before: the sources that it does not name are no longer wanted.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Include(lab.G1, lab.S1, lab.S2), Allow(lab.G1, lab.S1, lab.S2));

                await lab.Step("The same socket includes another source");
                var change = await lab.Device.Include(lab.G1, lab.S3);
                lab.ExpectReported(change, Allow(lab.G1, lab.S3), Block(lab.G1, lab.S1, lab.S2));
                await lab.PassReports();

                await lab.Step("The querier asks for all groups");
                await ExpectState(lab, IsInclude(lab.G1, lab.S3));
            }),
        new HostTest(
            "list-of-64-sources-is-taken", ["V3-H-2-04"],
            "A socket's list may have 64 sources at least.",
            async lab =>
            {
                var sources = lab.Plan.ManySources(LeastSources);
                await lab.Start();
                var (include, refused) = await lab.Try(() => lab.Device.Include(lab.G1, sources));
                await lab.Check(Bench.DeviceName, "it takes a list of 64 sources", refused);
                if (refused is null)
                {
                    lab.ExpectSome(
                        Reporting(lab.G1, Allow(lab.G1, sources)).From(lab.Device), include, within: lab.Timing.UnsolicitedReportInterval);
                }

                await lab.PassReports();
            }),
        new HostTest(
            "list-that-is-too-long-changes-nothing", ["V3-H-2-04"],
            "A list that is longer than the device can hold is refused, and the filter before stays in force; or it can hold it.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Include(lab.G1, lab.S1), Allow(lab.G1, lab.S1));

                await lab.Hush(lab.G1);
                await lab.Step("The same socket includes a great many sources");
                var (change, refused) = await lab.Try(() => lab.Device.Include(lab.G1, lab.Plan.ManySources(2000)));
                if (refused is null)
                {
                    lab.ExpectSome(
                        lab.SentAbout(lab.G1).Where("that allows sources", frame => AllowsSources(frame, lab.G1)), change,
                        within: lab.Timing.UnsolicitedReportInterval);
                    return;
                }

                lab.ExpectNothing(lab.SentAbout(lab.G1), since: change);
                await lab.PassReports();
                await lab.Step("The querier asks for all groups");
                await ExpectState(lab, IsInclude(lab.G1, lab.S1));
            }),
        new HostTest(
            "leave-of-what-was-not-joined-is-silent", ["V3-H-3.1-01"],
            "A leave of a group that the socket is no member of says nothing, neither before a join nor after another leave.",
            async lab =>
            {
                await lab.Start();
                // Whether it is an error is left to the device.
                var (leave, _) = await lab.Try(() => lab.Device.Leave(lab.G1));
                lab.ExpectNothing(lab.SentAbout(lab.G1), since: leave);
                await lab.PassReports();

                await lab.Step("The group is joined, and left twice");
                await lab.Settled(lab.Device.Join(lab.G1), ToExclude(lab.G1));
                await lab.Settled(lab.Device.Leave(lab.G1), ToInclude(lab.G1));
                await lab.Hush(lab.G1);
                (leave, _) = await lab.Try(() => lab.Device.Leave(lab.G1));
                lab.ExpectNothing(lab.SentAbout(lab.G1), since: leave);
                await lab.PassReports();
            }),
        new HostTest(
            "sockets-in-exclude-mode-are-merged", ["V3-H-3.2-01"],
            "With any socket in EXCLUDE mode the host excludes what all those exclude and none in INCLUDE mode includes.",
            async lab =>
            {
                var (a, b, c, d, e, f) = (lab.S(1), lab.S(2), lab.S(3), lab.S(4), lab.S(5), lab.S(6));
                await lab.Start();
                var command = await lab.Device.Socket("s1").Exclude(lab.G1, a, b, c, d);
                lab.ExpectReported(command, ToExclude(lab.G1, a, b, c, d));
                await lab.PassReports();

                await lab.Step("Another socket excludes other sources");
                command = await lab.Device.Socket("s2").Exclude(lab.G1, b, c, d, e);
                lab.ExpectReported(command, Allow(lab.G1, a));
                await lab.PassReports();

                await lab.Step("A third socket includes some of them");
                command = await lab.Device.Socket("s3").Include(lab.G1, d, e, f);
                lab.ExpectReported(command, Allow(lab.G1, d));
                await lab.PassReports();

                await lab.Step("The querier asks for all groups");
                await ExpectState(lab, IsExclude(lab.G1, b, c));

                await lab.Step("A fourth socket excludes nothing");
                command = await lab.Device.Socket("s4").Join(lab.G1);
                lab.ExpectReported(command, Allow(lab.G1, b, c));
                await lab.PassReports();
            }),
        new HostTest(
            "sockets-in-include-mode-are-merged", ["V3-H-3.2-02"],
            "With all sockets in INCLUDE mode the host includes what any of them includes.",
            async lab =>
            {
                var (a, b, c, d, e, f) = (lab.S(1), lab.S(2), lab.S(3), lab.S(4), lab.S(5), lab.S(6));
                await lab.Start();
                var command = await lab.Device.Socket("s1").Include(lab.G1, a, b, c);
                lab.ExpectReported(command, Allow(lab.G1, a, b, c));
                await lab.PassReports();

                await lab.Step("Another socket includes one source more");
                command = await lab.Device.Socket("s2").Include(lab.G1, b, c, d);
                lab.ExpectReported(command, Allow(lab.G1, d));
                await lab.PassReports();

                await lab.Step("A third socket includes two others");
                command = await lab.Device.Socket("s3").Include(lab.G1, e, f);
                lab.ExpectReported(command, Allow(lab.G1, e, f));
                await lab.PassReports();

                await lab.Step("The querier asks for all groups");
                await ExpectState(lab, IsInclude(lab.G1, a, b, c, d, e, f));
            }),
        new HostTest(
            "sockets-that-include-are-never-reported-as-exclude", ["V3-H-3.2-03"],
            "However many sources sockets include, the host never says that it excludes some instead.",
            async lab =>
            {
                await lab.Start();
                var (taken, refused) = await IncludeMany(lab);
                if (taken == 0)
                    throw Bench.CannotBegin($"The device refuses the first sources: {refused}");
                lab.ExpectAlways(lab.SentAbout(lab.G1), "nothing that excludes", frame => !Excludes(frame, lab.G1));
                await lab.PassReports();
                var asked = await lab.Querier.Query(lab.General());
                lab.ExpectSome(
                    lab.SentAbout(lab.G1).Where("that includes", frame => AllowsSources(frame, lab.G1)), asked, within: lab.ResponseTime);
                await lab.Pass(lab.ResponseTime + lab.Tolerance);
            }),
        new HostTest(
            "more-sources-than-it-can-hold-are-refused", ["V3-H-3.2-04"],
            "Where the merged list would be longer than the device can hold, the socket is refused and the list before stays.",
            async lab =>
            {
                await lab.Start();
                var (taken, refused) = await IncludeMany(lab);
                if (refused is null)
                {
                    lab.Observe(string.Create(CultureInfo.InvariantCulture, $"takes {taken} sources of a group from several sockets"));
                    return;
                }

                await lab.Step("The querier asks for all groups");
                var asked = await lab.Querier.Query(lab.General());
                lab.ExpectSome(
                    lab.SentAbout(lab.G1).Where("that includes", frame => AllowsSources(frame, lab.G1)), asked,
                    within: lab.General().MaxResponseTime);
                lab.Observe(string.Create(CultureInfo.InvariantCulture, $"refuses more than {taken} sources of a group: {refused}"));
            }),
        new HostTest(
            "socket-that-changes-nothing-is-silent-in-exclude-mode", ["V3-H-3.2-05"],
            "Another socket that joins and leaves a group which is wanted from all sources changes nothing, and nothing is said.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Socket("s1").Join(lab.G1), ToExclude(lab.G1));
                await SilentlyDone(lab, () => lab.Device.Socket("s2").Join(lab.G1));
                await SilentlyDone(lab, () => lab.Device.Socket("s2").Leave(lab.G1));

                await lab.Step("The first socket leaves too");
                var leave = await lab.Device.Socket("s1").Leave(lab.G1);
                lab.ExpectReported(leave, ToInclude(lab.G1));
                await lab.PassReports();
            }),
        new HostTest(
            "socket-that-changes-nothing-is-silent-in-include-mode", ["V3-H-3.2-05"],
            "Another socket that includes what is included already changes nothing, and nothing is said.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Socket("s1").Include(lab.G1, lab.S1, lab.S2), Allow(lab.G1, lab.S1, lab.S2));
                await SilentlyDone(lab, () => lab.Device.Socket("s2").Include(lab.G1, lab.S1));
                await SilentlyDone(lab, () => lab.Device.Socket("s2").Include(lab.G1, lab.S2));
                await SilentlyDone(lab, () => lab.Device.Socket("s2").Include(lab.G1));

                await lab.Step("The first socket is closed too");
                var leave = await lab.Device.Socket("s1").Include(lab.G1);
                lab.ExpectReported(leave, Block(lab.G1, lab.S1, lab.S2));
                await lab.PassReports();
            }),
        new HostTest(
            "last-exclude-socket-leaves-what-others-include", ["V3-H-3.2-06"],
            "When the last socket in EXCLUDE mode is closed, the host says that it now includes what the others include.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Socket("s1").Join(lab.G1), ToExclude(lab.G1));
                await SilentlyDone(lab, () => lab.Device.Socket("s2").Include(lab.G1, lab.S1, lab.S2));

                await lab.Step("The socket in EXCLUDE mode is closed");
                var leave = await lab.Device.Socket("s1").Leave(lab.G1);
                lab.ExpectReported(leave, ToInclude(lab.G1, lab.S1, lab.S2));
                await lab.PassReports();
            }),
        new HostTest(
            "query-is-heard-whatever-sources-are-wanted", ["V3-H-3.2-09"],
            "A query of a group is answered although the group's filters let no other datagram of its sender pass.",
            async lab =>
            {
                await lab.Start();
                await lab.Settled(lab.Device.Include(lab.G1, lab.S1), Allow(lab.G1, lab.S1));
                await lab.Settled(lab.Device.Exclude(lab.G2, lab.Querier.Address), ToExclude(lab.G2, lab.Querier.Address));

                await lab.Step("The querier, which is not among the sources, asks for a group");
                await ExpectHeard(lab, lab.G1);

                await lab.Step("The querier, which is excluded, asks for a group");
                await ExpectHeard(lab, lab.G2);
            }),
    ];

    private static async Task ExpectState(HostBench lab, RecordContent record)
    {
        var query = lab.General();
        var asked = await lab.Querier.Query(query);
        lab.ExpectSome(Carrying(record).From(lab.Device), asked, within: query.MaxResponseTime);
        await lab.Pass(query.MaxResponseTime);
    }

    private static async Task ExpectHeard(HostBench lab, Address group)
    {
        var query = lab.Specific(group);
        var asked = await lab.Querier.Query(query);
        lab.ExpectSome(lab.SentAbout(group), asked, within: query.MaxResponseTime);
        await lab.Pass(query.MaxResponseTime);
    }

    private static async Task SilentlyDone(HostBench lab, Func<Task<Moment>> command)
    {
        await lab.Hush(lab.G1);
        await lab.Step("Another socket changes, and the host's state does not");
        var moment = await command();
        lab.ExpectNothing(lab.SentAbout(lab.G1), since: moment);
        await lab.PassReports();
    }

    /// <summary>
    /// Sockets include one part after the other of a list that is longer than most devices can hold; each as many as a socket may have.
    /// </summary>
    /// <returns>How many sources the device has taken, and why it has refused the next ones; null when it has not.</returns>
    private static async Task<(int Taken, string? Refused)> IncludeMany(HostBench lab)
    {
        const int MostSockets = 6;
        var sources = lab.Plan.ManySources(2000);
        int[] sizes = [300, LeastSources, 8];
        string? refused = null;
        foreach (var size in sizes)
        {
            var parts = sources.Chunk(size).Take(MostSockets).ToList();
            for (var i = 0; i < parts.Count; i++)
            {
                var socket = lab.Device.Socket(string.Create(CultureInfo.InvariantCulture, $"s{i + 1}"));
                (_, refused) = await lab.Try(() => socket.Include(lab.G1, parts[i]));
                if (refused is not null && i > 0)
                    return (i * size, refused);
                if (refused is not null)
                    break;
            }

            if (refused is null)
                return (parts.Count * size, null);
        }

        return (0, refused);
    }

    private static bool Excludes(SeenFrame frame, Address group) =>
        frame.GroupMessage is { Kind: GroupMessageKind.Report }
        || RecordsOf(frame, group) is { } records && records.Any(each => each.Type is RecordType.IsExclude or RecordType.ToExclude);

    private static bool AllowsSources(SeenFrame frame, Address group) =>
        RecordsOf(frame, group) is { } records
        && records.Any(each => each.Type is RecordType.IsInclude or RecordType.Allow or RecordType.ToInclude && each.Sources.Count > 0);
}
