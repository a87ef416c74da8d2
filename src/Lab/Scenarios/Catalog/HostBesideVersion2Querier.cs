using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A querier of version 2 asks. From that query on the host speaks version 2: it forgets what it had to say in version 3, answers for each
/// group by itself, to the group, joins and leaves in version 2, and answers queries of version 3 in it too. When no querier of version 2
/// was heard for the Older Version Querier Present Interval, it speaks version 3 again.
/// </summary>
[Scenario(
    "v2-router-on-lan-host-side", ScenarioTheme.Versions,
    "A querier of version 2 makes a host speak version 2, at once, and until it was not heard for long enough.")]
[Covers(
    "V3-H-8.12-01", "V3-X-3-01", "V3-X-4.2.15-01", "V3-X-7.2.1-03", "V3-X-7.2.1-06", "V3-X-7.2.1-07", "V3-X-7.2.1-08", "V3-X-7.2.1-12")]
public sealed class HostBesideVersion2Querier : Scenario
{
    // RFC 2236 §2: behind the Ethernet and IP headers.
    private const int PacketAt = 14;
    private const int MessageLength = 8;
    private const byte ReportType = 0x16;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");
    private static readonly Address S1 = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        lab.ExpectAlways(
                AnyOlderMessage().From(h1).Where("that reports", frame => frame.GroupMessage!.Value.Kind == GroupMessageKind.Report),
                "type 0x16, 8 octets, the group as destination, TTL 1 and Router Alert", IsVersion2Report)
            .Shows("V3-X-4.2.15-01");
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("The host joins a group: in version 3");
        lab.ExpectStateChange(h1, ToExclude(G1), since: await h1.Join(G1));

        await lab.Step("It joins another; its report is still to be repeated, and an answer is due, when a querier of version 2 asks");
        var granted = 10 * t.QueryResponseInterval;
        // About the group: Linux still gives the answer to a General Query of version 3 that is pending, in version 3.
        var asked = await querier.Query(lab.Specific(G1) with { MaxResponseTime = granted });
        var join = await h1.Join(G2);
        await lab.Seen(Report(ToExclude(G2)).From(h1), join, within: TimeSpan.Zero);
        var older = await querier.Query(lab.OlderGeneral(Generation.Leaves));
        // Chance may have been quicker than the querier.
        lab.Expect(
            Report(ToExclude(G2)).From(h1), since: join, times: Times.Between(1, t.RobustnessVariable),
            every: Spacing.UpTo(t.UnsolicitedReportInterval));
        lab.ExpectTimes(Times.Between(0, 1), AnyReport().From(h1).Where("that answers", IsAnswer), since: asked);
        lab.ExpectNone(AnyReport().From(h1), since: older).Shows("V3-X-7.2.1-08");
        ExpectAnswer(G1, older).Shows("V3-X-7.2.1-03", "V3-X-7.2.1-07");
        ExpectAnswer(G2, older).Shows("V3-X-7.2.1-03", "V3-X-7.2.1-07");
        await lab.Pass(granted);

        // What is due to be repeated within 10 s (RFC 2236 §8.10) the querier's next query calls for sooner, instead (§3).
        await lab.Step("The host joins a third, for one source: version 2 can only report the group");
        join = await h1.Include(G3, S1);
        lab.Expect(
                OlderReport(Generation.Leaves, G3).From(h1), since: join, times: 2, every: Spacing.UpTo(t.QueryResponseInterval))
            .Shows("V3-X-7.2.1-03");
        await lab.Seen(OlderReport(Generation.Leaves, G3).From(h1), join, within: TimeSpan.Zero);
        older = await querier.Query(lab.OlderGeneral(Generation.Leaves));
        ExpectAnswer(G1, older);
        ExpectAnswer(G2, older);

        await lab.Step("It leaves it, by a leave to all routers");
        var leave = await h1.Leave(G3);
        lab.Expect(OlderLeave(G3).From(h1), since: leave).Shows("V3-X-3-01");

        await lab.Step("A query of version 3 changes nothing: it is answered in version 2");
        asked = await querier.Query(lab.General());
        ExpectAnswer(G1, asked).Shows("V3-X-7.2.1-06");
        ExpectAnswer(G2, asked).Shows("V3-X-7.2.1-06");
        lab.ExpectNone(AnyReport().From(h1), since: asked, atOnce: true).Shows("V3-X-7.2.1-06");
        await lab.Pass(t.QueryResponseInterval);

        if (!await lab.StepInVirtualTime("Nobody asks in version 2 any more: until the interval is over the host answers in it"))
            return;
        // RFC 9776 §8.12 has ten times the Max Response Time of the last query, where RFC 3376 had one Query Response Interval.
        var forgotten = older.At + (t.RobustnessVariable * t.QueryInterval) + (10 * t.QueryResponseInterval);
        await lab.Pass(forgotten - t.QueryResponseInterval - 1.Seconds() - lab.Now.At);
        asked = await querier.Query(lab.General());
        ExpectAnswer(G1, asked).Shows("V3-H-8.12-01");
        ExpectAnswer(G2, asked).Shows("V3-H-8.12-01");

        if (!await lab.StepInVirtualTime("Just after, in version 3; and what it joins next it reports in version 3"))
            return;
        await lab.Pass(forgotten + 1.Milliseconds() - lab.Now.At);
        asked = await querier.Query(lab.General());
        lab.Expect(Report(IsExclude(G1), IsExclude(G2)).From(h1), since: asked, within: t.QueryResponseInterval)
            .Shows("V3-H-8.12-01", "V3-X-7.2.1-12");
        await lab.Pass(t.QueryResponseInterval);
        lab.ExpectStateChange(h1, Allow(G3, S1), since: await h1.Include(G3, S1)).Shows("V3-X-7.2.1-12");

        Series ExpectAnswer(Address group, Moment since) =>
            lab.Expect(OlderReport(Generation.Leaves, group).From(h1), since, within: t.QueryResponseInterval);
    }

    private static bool IsAnswer(SeenFrame frame) => AnyAnswer().Matches(frame);

    private static bool IsVersion2Report(SeenFrame frame)
    {
        var packet = frame.Frame.Bytes.Span[PacketAt..];
        var header = (packet[0] & 0xF) * 4;
        return packet[header] == ReportType
            && ((packet[2] << 8) | packet[3]) == header + MessageLength
            && frame.Envelope is { TimeToLive: 1, RouterAlert: true }
            && frame.Envelope.Destination == frame.GroupMessage!.Value.Group;
    }
}
