using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>
/// How a host of version 2 or 1 behaves (RFC 2236 §3, RFC 1112 Appendix I): one of version 3 that follows an older querier (RFC 9776
/// §7.2.1), and one that is started for that version.
/// </summary>
internal static class OlderVersionTests
{
    // RFC 2236 §8.10: the Unsolicited Report Interval of version 2, which cannot be set where that of version 3 can.
    private static readonly TimeSpan OlderUnsolicitedReportInterval = 10.Seconds();

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. Configured(null),
        .. Configured(2),
        new HostTest(
            "version-1-report-form", ["V3-X-4.2.15-01"],
            "A report of version 1 goes to the group that it reports, with a TTL of 1 and Router Alert, and is 8 bytes long.",
            lab => PlayForm(lab, Generation.Reports, 0x12)),
        new HostTest(
            "version-1-host-report-form", ["V3-X-App.I-01"],
            "A host that is of version 1 joins by a report of 8 bytes to the group, the second of them zero.",
            lab => PlayForm(lab, Generation.Reports, 0x12, withOptions: false)) { Version = 1 },
        new HostTest(
            "version-1-leave", ["V3-X-4-01"], "Whether a host sends a leave to a querier of version 1, which knows none.",
            async lab =>
            {
                await lab.StartOlder(Generation.Reports, IsExclude(lab.G1));

                await lab.Step("The group is left");
                var leave = await lab.Device.Leave(lab.G1);
                var said = await lab.Seen(Naming(lab.G1).From(lab.Device), leave, lab.Timing.UnsolicitedReportInterval);
                lab.Observe(said is null ? "is silent when it leaves a group in version 1" : $"says in version 1 that it leaves: {said}");
            }),
        new HostTest(
            "version-1-report-with-unused-byte-suppresses", ["V3-X-App.I-01"],
            "The second byte of a report of version 1 is ignored: the report of another host suppresses whatever it is.",
            lab => PlaySuppressed(
                lab, Generation.Reports,
                () => lab.Host1.OlderReport(Generation.Reports, lab.G1, packet => packet.With(bytes => bytes[1] = 0x55)))),
        new HostTest(
            "source-specific-report-is-not-suppressed", ["V3-X-7.2.2-02", "V3-S-2.2-02"],
            "In version 3 a report of version 2 for a source-specific group does not take the place of a host's own.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.Ssm, lab.S1));
                await lab.RequireAnswer(lab.Ssm);

                await lab.Step("The querier asks, and another host answers in version 2");
                var (asked, _) = await lab.AskAnd(
                    lab.General(), () => lab.Host1.OlderReport(Generation.Leaves, lab.Ssm), lab.ResponseTime);
                lab.ExpectAnswered(lab.Ssm, asked);
            }),
        new HostTest(
            "source-specific-group-answer-is-not-suppressed", ["V3-X-7.2.2-02", "V3-S-2.2-02"],
            "In version 3 the answer to a query for a source-specific group is not suppressed by a report of version 2.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.Ssm, lab.S1));
                await lab.RequireAnswer(lab.Ssm, lab.Specific(lab.Ssm));

                await lab.Step("The querier asks for the group, and another host answers in version 2");
                var (asked, _) = await lab.AskAnd(
                    lab.Specific(lab.Ssm), () => lab.Host1.OlderReport(Generation.Leaves, lab.Ssm), lab.ResponseTime);
                lab.ExpectAnswered(lab.Ssm, asked);
            }),
        new HostTest(
            "source-specific-report-is-not-suppressed-in-version-2", ["V3-S-2.2-02"],
            "In version 2 a report of another host for a source-specific group does not take the place of a host's own.",
            async lab =>
            {
                await lab.StartOlder(Generation.Leaves, IsInclude(lab.Ssm, lab.S1));

                await lab.Step("An older querier asks, and another host answers");
                var (asked, _) = await lab.AskAnd(
                    lab.OlderGeneral(Generation.Leaves), () => lab.Host1.OlderReport(Generation.Leaves, lab.Ssm), lab.ResponseTime);
                lab.ExpectOlderAnswered(Generation.Leaves, lab.Ssm, asked);
            }),
        new HostTest(
            "older-report-may-suppress", ["V3-X-7.2.2-01"],
            "Whether a host lets a report of version 2 take the place of its own in version 3.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step("The querier asks, and another host answers in version 2");
                var (asked, _) = await lab.AskAnd(
                    lab.General(), () => lab.Host1.OlderReport(Generation.Leaves, lab.G1), lab.ResponseTime);
                var answer = await lab.Seen(CurrentState(lab.G1).From(lab.Device), asked, lab.ResponseTime);
                lab.Observe($"{(answer is null ? "lets" : "does not let")} a report of version 2 take the place of its own in version 3");
            }),
        new HostTest(
            "sources-are-not-told-in-version-2", ["V3-X-7.2.1-11"],
            "In version 2 only whole groups are reported: a change of the sources is silent, and the end of the last one a leave.",
            async lab =>
            {
                await lab.StartOlder(Generation.Leaves, IsInclude(lab.G1, lab.S1));

                await lab.Step("A source is added");
                var change = await lab.Device.Include(lab.G1, lab.S1, lab.S2);
                lab.ExpectNoneFrom(AnyMessage(), change);
                await lab.Pass(lab.Timing.UnsolicitedReportInterval + lab.Tolerance);

                await lab.Step("The last source goes");
                var leave = await lab.Device.Leave(lab.G1);
                lab.ExpectSome(OlderLeave(lab.G1).From(lab.Device), leave, TimeSpan.Zero);
            }),
        new HostTest(
            "included-sources-join-in-version-2", ["V3-X-7.2.1-11"],
            "In version 2 a host that listens to some sources of a group joins by a report of the whole group.",
            async lab =>
            {
                await lab.StartOlder(Generation.Leaves, IsExclude(lab.G2));

                await lab.Step("Sources of another group are listened to");
                var join = await lab.Device.Include(lab.G1, lab.S1);
                lab.ExpectSome(OlderReport(Generation.Leaves, lab.G1).From(lab.Device), join, TimeSpan.Zero);
                lab.ExpectNoneFrom(AnyReport(), join);
                await lab.Pass(lab.Timing.UnsolicitedReportInterval);
            }),
    ];

    /// <summary>What binds a host of version 2 as such: one that follows an older querier, or one that was started so.</summary>
    private static IEnumerable<ConformanceTest> Configured(int? version)
    {
        var prefix = version is null ? "version-2-" : "version-2-host-";
        return
        [
            Test(
                "report-form", "V3-X-4.2.15-01",
                "A report of version 2 goes to the group that it reports, with a TTL of 1 and Router Alert, and is 8 bytes long.",
                lab => PlayForm(lab, Generation.Leaves, 0x16)),
            Test(
                "leave", "V3-X-3-01", "The host that was the last to report a group says to all routers that it leaves.",
                async lab =>
                {
                    await lab.StartOlder(Generation.Leaves, IsExclude(lab.G1));

                    await lab.Step("The group is left");
                    var leave = await lab.Device.Leave(lab.G1);
                    lab.ExpectSome(OlderLeave(lab.G1).From(lab.Device), leave, TimeSpan.Zero);
                }),
            Test(
                "join-is-repeated", "V3-X-3-02", "A join is reported at once, and once or twice again within 10 s each.",
                async lab =>
                {
                    await lab.Start();
                    await lab.Querier.Query(lab.OlderGeneral(Generation.Leaves));
                    await lab.Pass(lab.Tolerance);

                    await lab.Step("A group is joined");
                    var join = await lab.Device.Join(lab.G1);
                    var report = OlderReport(Generation.Leaves, lab.G1).From(lab.Device);
                    lab.ExpectSome(report, join, TimeSpan.Zero);
                    lab.ExpectTogether(
                        report, join, OlderUnsolicitedReportInterval, "comes again",
                        frames => frames.Count > 1 ? null : FormattableString.Invariant($"it came {frames.Count} times"));
                    lab.ExpectTogether(
                        report, join, 2 * OlderUnsolicitedReportInterval, "comes twice or three times",
                        frames => frames.Count is 2 or 3 ? null : FormattableString.Invariant($"it came {frames.Count} times"));
                }),
            Test(
                "report-suppresses", "V3-X-3-03", "A report of another host takes the place of a pending one of the same group.",
                lab => PlaySuppressed(lab, Generation.Leaves, () => lab.Host1.OlderReport(Generation.Leaves, lab.G1))),
            Test(
                "is-suppressed-by-version-1", "V3-X-3-03",
                "A report of version 1 of another host takes the place of a pending one too.",
                lab => PlaySuppressed(lab, Generation.Leaves, () => lab.Host1.OlderReport(Generation.Reports, lab.G1))),
            Test(
                "shorter-query-hastens-report", "V3-X-3-04",
                "A query that grants less time than is left until the pending report has it sent within its own time.",
                async lab =>
                {
                    var (first, second) = (4 * lab.ResponseTime, lab.ResponseTime / 2);
                    var (_, asked) = await AskTwice(lab, first, second);
                    PlayOnce(lab, asked, second, first);
                }),
            Test(
                "longer-query-does-not-delay-report", "V3-X-3-04",
                "A query that grants more time than is left until the pending report does not delay it.",
                async lab =>
                {
                    var (first, second) = (lab.ResponseTime / 2, 5 * lab.ResponseTime);
                    var (asked, _) = await AskTwice(lab, first, second);
                    PlayOnce(lab, asked, first, second);
                }),
        ];

        HostTest Test(string name, string requirement, string purpose, Func<HostBench, Task> play) =>
            new(prefix + name, [requirement], purpose, play) { Version = version };
    }

    /// <summary>
    /// Two General Queries, one right after the other. Each of four groups has a timer of its own: that all of them come in the time of the
    /// other query by chance is out of the question.
    /// </summary>
    private static async Task<(Moment First, Moment Second)> AskTwice(HostBench lab, TimeSpan first, TimeSpan second)
    {
        await lab.StartOlder(Generation.Leaves, [.. Four(lab).Select(each => IsExclude(each))]);

        await lab.Step("An older querier asks, and asks again granting another time");
        return await lab.AskAnd(
            lab.OlderGeneral(Generation.Leaves, first), () => lab.Querier.Query(lab.OlderGeneral(Generation.Leaves, second)),
            first > second ? first : second);
    }

    /// <summary>One report of each of the groups, within a time, and no other for longer.</summary>
    private static void PlayOnce(HostBench lab, Moment asked, TimeSpan within, TimeSpan lasting)
    {
        foreach (var group in Four(lab))
        {
            var report = OlderReport(Generation.Leaves, group).From(lab.Device);
            lab.Expect(report, asked, within: within);
            lab.Expect(report, asked, within: lasting);
        }
    }

    private static IEnumerable<Address> Four(HostBench lab) => Enumerable.Range(1, 4).Select(lab.G);

    private static async Task PlayForm(HostBench lab, Generation generation, int type, bool withOptions = true)
    {
        await lab.StartOlder(generation, IsExclude(lab.G2));

        await lab.Step("A group is joined");
        var join = await lab.Device.Join(lab.G1);
        lab.ExpectTogether(
            AnyMessage().From(lab.Device), join, TimeSpan.Zero, "is a report of the group as it should be",
            frames => frames.Count == 0 ? "nothing was sent" : frames.Select(Wrong).FirstOrDefault(each => each is not null));

        string? Wrong(SeenFrame frame)
        {
            var message = WireMessage.Of(frame);
            return message.At(0) != type ? $"its type is 0x{message.At(0):X2}"
                : message.Body.Length != 8 ? FormattableString.Invariant($"it is {message.Body.Length} bytes long")
                : message.At(1) != 0 ? $"its second byte is 0x{message.At(1):X2}"
                : message.Group != lab.G1 ? $"its group is {message.Group}"
                : message.Destination != lab.G1 ? $"it goes to {message.Destination}"
                : withOptions && message.TimeToLive != 1 ? FormattableString.Invariant($"its TTL is {message.TimeToLive}")
                : withOptions && !frame.Envelope.RouterAlert ? "it has no Router Alert"
                : null;
        }
    }

    /// <summary>A query, an answer of another host, and none of the device; then a query that nobody else answers.</summary>
    private static async Task PlaySuppressed(HostBench lab, Generation generation, Func<Task<Moment>> report)
    {
        await lab.StartOlder(generation, IsExclude(lab.G1));

        await lab.Step("An older querier asks, and another host answers");
        var query = lab.OlderGeneral(generation);
        var (_, answer) = await lab.AskAnd(query, report, query.MaxResponseTime);
        lab.ExpectNoneSoonAfter(Naming(lab.G1), answer);
        await lab.Pass(query.MaxResponseTime + lab.Tolerance);

        await lab.Step("It asks again, and nobody else answers");
        var asked = await lab.Querier.Query(query);
        lab.ExpectOlderAnswered(generation, lab.G1, asked, query.MaxResponseTime);
    }
}
