using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// The router as a member of the routers' own group (RFC 9776 §5, §6): the reports that it sends, and how it answers queries.
/// </summary>
internal static class RouterMemberTests
{
    // Max Resp Codes and what they mean, in tenths of a second (V3-M-4.1.1-01, V3-M-4.1.1-02): those that can be waited for.
    private static readonly (int Code, int Tenths, string Requirement)[] ResponseTimes =
    [
        (1, 1, "V3-M-4.1.1-01"), (10, 10, "V3-M-4.1.1-01"), (100, 100, "V3-M-4.1.1-01"), (127, 127, "V3-M-4.1.1-01"),
        (0x80, 128, "V3-M-4.1.1-02"), (0x8F, 248, "V3-M-4.1.1-02"), (0x90, 256, "V3-M-4.1.1-02"),
    ];

    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "router-reports-its-own-group", ["V3-R-6-02"],
            "A router is a member of the routers' own group: it reports that it has joined, and answers a General Query.",
            async lab =>
            {
                var t = lab.Timing;
                var start = await lab.Start();
                await lab.FirstQuery(start);
                lab.ExpectSome(Joining(lab), start, within: t.UnsolicitedReportInterval);

                await lab.Step("Another router queries");
                var query = await lab.High.Query(lab.General);
                lab.ExpectSome(Answering(lab), query, within: t.QueryResponseInterval);
            }),
        new RouterTest(
            "router-answers-itself", ["V3-R-5-02"],
            "A router that is a member answers its own General Queries too.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
                var other = await lab.High.Query(lab.General);
                if (await lab.Seen(Answering(lab), other, t.QueryResponseInterval) is null)
                    throw Bench.CannotBegin("The device does not answer General Queries");
                await lab.Pass(t.QueryResponseInterval);
                if (await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, t.QueryInterval) is null)
                    throw Bench.CannotBegin("The device does not query any more");
                var own = lab.Last(AnyGeneralQuery().From(lab.Device).On(Bench.Lan));

                await lab.Step("It has queried itself");
                lab.ExpectSome(Answering(lab), own, within: t.QueryResponseInterval);
            }),
        .. ResponseTimes.Select(each => AnswersInTime(each.Code, each.Tenths, each.Requirement)),
        Format(
            "sent-report-reserved-is-zero", "The reserved bytes and the flags of a report are zero.", MessageFormats.OfReports[0]),
        Format("sent-report-has-no-auxiliary-data", "The records of a report have no auxiliary data.", MessageFormats.OfReports[1]),
        Format("sent-report-has-nothing-behind-it", "A report ends with its last record.", MessageFormats.OfReports[2]),
    ];

    private static RouterTest AnswersInTime(int code, int tenths, string requirement) => new(
        FormattableString.Invariant($"router-answers-within-max-resp-code-{code}"), [requirement],
        FormattableString.Invariant($"A router that is a member answers a Max Resp Code of {code} within {tenths} tenths of a second."),
        async lab =>
        {
            var start = await lab.StartQuerier();
            // One that runs already may have answered its last query before this.
            if (await lab.Seen(Answering(lab), start, lab.Timing.QueryInterval + lab.Timing.QueryResponseInterval) is null
                && await lab.Seen(Joining(lab), start, TimeSpan.Zero) is null)
            {
                throw Bench.CannotBegin("The device does not report the routers' own group");
            }

            // What its own queries have called for is over by then.
            await lab.Pass(lab.Timing.QueryResponseInterval + lab.Timing.UnsolicitedReportInterval);
            await lab.Step("A router with a lower address queries");
            var query = await lab.Low.Query(lab.General, packet => packet.With(bytes => bytes[1] = (byte)code));
            lab.ExpectSome(Answering(lab), query, within: (100 * tenths).Milliseconds());
        })
    {
        // Neither does it query again meanwhile.
        Timing = usual => usual with
        {
            QueryInterval = usual.QueryInterval > 30.Seconds() ? usual.QueryInterval : 30.Seconds(),
        },
    };

    private static RouterTest Format(string name, string purpose, MessageFormat format) =>
        new(
            name, [format.Requirement], purpose,
            async lab =>
            {
                var start = await lab.StartSending();
                var reports = lab.Sent("every report", message => message.IsReport);
                var query = await lab.High.Query(lab.General);
                if (await lab.Seen(reports, query, lab.Timing.QueryResponseInterval) is null
                    && await lab.Seen(reports, start, TimeSpan.Zero) is null)
                {
                    throw Bench.CannotBegin("The device sends no reports");
                }

                lab.ExpectAlways(reports, format.What, frame => format.Wrong(WireMessage.Of(frame), lab.Dialect));
            });

    private static FramePattern Joining(RouterBench lab) => Reporting(lab, RecordType.ToExclude);

    private static FramePattern Answering(RouterBench lab) => Reporting(lab, RecordType.IsExclude);

    private static FramePattern Reporting(RouterBench lab, RecordType type)
    {
        var group = lab.Dialect.ReportDestination;
        return AnyMessage()
            .Where(
                $"with {type.ShortName()}({group}, {{}})",
                frame => frame.Report?.Records.Any(each => each.Type == type && each.Group == group && each.Sources.Count == 0) == true)
            .From(lab.Device)
            .On(Bench.Lan);
    }
}
