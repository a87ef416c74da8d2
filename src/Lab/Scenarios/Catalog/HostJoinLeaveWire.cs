using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host joins and leaves, for all sources and for some. Each change is reported at once to 224.0.0.22, and again at random within the
/// Unsolicited Report Interval until it was sent as often as the Robustness Variable says: first its own, then that of a querier. All six
/// record types are seen, by their numbers.
/// </summary>
[Scenario(
    "host-join-leave-wire", ScenarioTheme.Hosts,
    "A host joins and leaves: the records, where they are sent, at once and as often as the Robustness Variable says.")]
[Covers(
    "V3-H-2-01", "V3-H-2-02", "V3-H-4.2.15-01", "V3-H-5.1-01", "V3-H-5.1-03", "V3-H-5.1-04", "V3-H-5.1-09", "V3-H-5.1-10", "V3-M-4-02",
    "V3-M-4-06", "V3-M-4.2.13-01")]
public sealed class HostJoinLeaveWire : Scenario
{
    // RFC 791 §3.1; RFC 9776 §4.2.
    private const int PacketAt = 14;
    private const int FirstRecordAt = 8;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");

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
                AnyMessage().From(h1), "TTL 1 and Router Alert", message => message.Envelope is { TimeToLive: 1, RouterAlert: true })
            .Shows("V3-M-4-02", "V3-M-4-06");
        lab.ExpectAlways(AnyReport().From(h1), "the destination 224.0.0.22, and the Ethernet address of that", GoesToAllReportingRouters)
            .Shows("V3-H-4.2.15-01");
        lab.ExpectAlways(AnyReport().From(h1), "the numbers of its record types", HasTheNumbersOfItsTypes).Shows("V3-M-4.2.13-01");
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("The host joins a group for all sources");
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join).Shows("V3-H-2-01", "V3-H-5.1-01", "V3-H-5.1-09", "V3-H-5.1-10");

        await lab.Step("It leaves");
        var leave = await h1.Leave(G);
        lab.ExpectStateChange(h1, ToInclude(G), since: leave).Shows("V3-H-2-02", "V3-H-5.1-01", "V3-H-5.1-09", "V3-H-5.1-10");

        await lab.Step("It joins for one source");
        var include = await h1.Include(G, S1);
        lab.ExpectStateChange(h1, Allow(G, S1), since: include).Shows("V3-H-5.1-01", "V3-H-5.1-03");

        await lab.Step("For a second one too");
        var allow = await h1.Allow(G, S2);
        lab.ExpectStateChange(h1, Allow(G, S2), since: allow).Shows("V3-H-5.1-01");

        await lab.Step("A querier asks for the group, and announces a Robustness Variable of 3");
        var query = lab.Specific(G) with { RobustnessVariable = 3 };
        var asked = await querier.Query(query);
        lab.Expect(Report(IsInclude(G, S1, S2)).From(h1), since: asked, within: query.MaxResponseTime);

        await lab.Step("The host no longer wants the first source: said three times from now on");
        var block = await h1.Block(G, S1);
        ExpectThreeTimes(Block(G, S1), block);

        await lab.Step("Nor the second, the last one");
        leave = await h1.Leave(G);
        ExpectThreeTimes(Block(G, S2), leave).Shows("V3-H-5.1-04");

        await lab.Step("It joins for all sources again");
        join = await h1.Join(G);
        ExpectThreeTimes(ToExclude(G), join).Shows("V3-H-2-01");

        await lab.Step("The querier asks for the group, and announces a Robustness Variable of 1");
        asked = await querier.Query(query with { RobustnessVariable = 1 });
        lab.Expect(Report(IsExclude(G)).From(h1), since: asked, within: query.MaxResponseTime);

        await lab.Step("The host leaves: said once");
        leave = await h1.Leave(G);
        lab.Expect(Report(ToInclude(G)).From(h1), since: leave).Shows("V3-H-2-02", "V3-H-5.1-09");
        await lab.Pass(2 * t.UnsolicitedReportInterval);

        Series ExpectThreeTimes(RecordContent record, Moment since) =>
            lab.Expect(Report(record).From(h1), since, times: 3, every: Spacing.UpTo(t.UnsolicitedReportInterval))
                .Shows("V3-H-5.1-09", "V3-H-5.1-10");
    }

    private static bool GoesToAllReportingRouters(SeenFrame frame) =>
        frame.Envelope.Destination == frame.Dialect.ReportDestination
        && MacAddress.Read(frame.Frame.Bytes.Span) == MacAddress.ForGroup(frame.Dialect.ReportDestination);

    // The numbers as RFC 9776 §4.2.13 has them, and not as the reader of packets does.
    private static bool HasTheNumbersOfItsTypes(SeenFrame frame)
    {
        var packet = frame.Frame.Bytes.Span[PacketAt..];
        return packet[((packet[0] & 0xF) * 4) + FirstRecordAt] == frame.Report!.Records[0].Type switch
        {
            RecordType.IsInclude => 1,
            RecordType.IsExclude => 2,
            RecordType.ToInclude => 3,
            RecordType.ToExclude => 4,
            RecordType.Allow => 5,
            RecordType.Block => 6,
        };
    }
}
