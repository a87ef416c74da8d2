using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A station sends broken messages of every kind beside a member that is served: reports, leaves and queries with wrong checksums, cut off,
/// with counts beyond their end, of unknown types. None changes anything. Then it sends messages that are odd but valid, with bytes behind
/// their end, options in the IP header or padding behind the packet: each takes effect as if the oddity were not there.
/// </summary>
[Scenario(
    "checksum-and-truncation-fuzz", ScenarioTheme.Robustness,
    "Broken reports, leaves and queries change nothing; messages that are only odd take effect.")]
[Covers(
    "V3-M-4.1.2-02", "V3-M-4.1.8-03", "V3-M-4.1.10-01", "V3-M-4.1.10-02", "V3-M-4.1.10-03", "V3-M-4.2.2-01", "V3-M-4.2.4-03",
    "V3-M-4.2.11-02", "V3-M-4.2.12-01", "V3-M-4.2.13-02", "V3-M-4-08", "V3-M-4-09", "V3-R-6-02")]
public sealed class MalformedMessages : Scenario
{
    // RFC 9776 §4.1.8, §4.2.13.
    private const int SourceCountAt = 10;
    private const int ToExcludeType = 4;
    private const int UnknownRecordType = 7;
    private const int UnknownMessageType = 0x23;

    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Unheard = Address.Parse("239.1.1.2");
    private static readonly Address S = Address.Parse("10.1.0.100");

    // The valid ones join a group each.
    private static readonly Address Odd = Address.Parse("239.1.2.1");
    private static readonly Address Optioned = Address.Parse("239.1.2.2");
    private static readonly Address Padded = Address.Parse("239.1.2.3");
    private static readonly Address BehindAuxiliary = Address.Parse("239.1.2.4");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 30.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, h1, source) = (lab.Router("r1"), lab.Host("h1"), lab.Host("source"));
        var fuzzer = lab.Play("fuzzer", h1.Lan, Address.Parse("10.0.0.66"));
        var low = lab.Play("low", h1.Lan, Low);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, a host joins, and the stream flows");
        var duties = lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var stream = await source.Stream(G, every: 50.Milliseconds(), S);
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join));
        await lab.PassRepetitions();

        await lab.Step("Broken reports would join another group");
        lab.ExpectNone(AnyQuery().From(r1), since: lab.Now);
        var joins = new SendReport(new ReportContent([ToExclude(Unheard)]), lab.Dialect.ReportDestination);
        await Ignored("a report with a wrong checksum", joins, packet => packet with { ChecksumOff = 1 }, "V3-M-4.2.2-01");
        await Ignored(
            "a report whose checksum is left out", joins, packet => packet with { Damage = bytes => bytes.AsSpan(2, 2).Clear() },
            "V3-M-4.2.2-01");
        await Ignored(
            "a report that ends before its records do", joins, packet => packet with { Body = bytes => bytes[..^4] }, "V3-M-4.2.4-03");
        await Ignored("the first seven bytes of a report", joins, packet => packet with { Body = bytes => bytes[..7] }, "V3-M-4-09");
        await Ignored(
            "a record of 1000 sources that has none", joins,
            packet => packet with { Body = _ => new WireReport().With(ToExcludeType, Unheard, saysSources: 1000).ToBytes() },
            "V3-M-4.2.4-03");
        await Ignored(
            "a record with auxiliary data that are not there", joins,
            packet => packet with { Body = _ => new WireReport().With(ToExcludeType, Unheard, saysAuxiliary: 255).ToBytes() },
            "V3-M-4.2.4-03");
        await Ignored(
            "a message of an unknown type", joins, packet => packet.With(bytes => bytes[0] = UnknownMessageType), "V3-M-4-08");
        await Ignored(
            "a report of version 2 with a wrong checksum", new SendOlderReport(Generation.Leaves, Unheard),
            packet => packet with { ChecksumOff = 0x8000 }, "V3-M-4.2.2-01");

        await lab.Step("Broken leaves and blocks would end the membership");
        lab.ExpectNone(AnyQuery().From(r1), since: lab.Now);
        lab.Expect(stream.At(h1).HasNoGap()).Shows("V3-M-4-09", "V3-M-4.2.2-01", "V3-M-4.2.4-03");
        var leaves = new SendReport(new ReportContent([ToInclude(G)]), lab.Dialect.ReportDestination);
        await Ignored("a leave with a wrong checksum", leaves, packet => packet with { ChecksumOff = 0x0100 }, "V3-M-4.2.2-01");
        await Ignored("a leave that is too short", leaves, packet => packet with { Body = bytes => bytes[..12] }, "V3-M-4.2.4-03");
        await Ignored(
            "a leave of version 2 with a wrong checksum", new SendLeave(G, lab.Dialect.AllRouters),
            packet => packet with { ChecksumOff = 1 }, "V3-M-4.2.2-01");
        await Ignored(
            "a leave of version 2 that is too short", new SendLeave(G, lab.Dialect.AllRouters),
            packet => packet with { Body = bytes => bytes[..6] }, "V3-M-4-09");
        await Ignored(
            "a block of two sources that has one", new SendReport(new ReportContent([Block(G, S)]), lab.Dialect.ReportDestination),
            packet => packet.With(bytes => bytes[11] = 2), "V3-M-4.2.4-03");

        await lab.Step("Broken queries from a lower address: the router goes on as the querier, and the host does not answer");
        lab.ExpectNone(AnyMessage().From(h1), since: lab.Now).Shows("V3-M-4.1.2-02", "V3-M-4.1.8-03");
        var query = new SendQuery(lab.General(), lab.Dialect.AllSystems);
        await StaysQuerier("a General Query with a wrong checksum", query, packet => packet with { ChecksumOff = 1 }, "V3-M-4.1.2-02");
        await StaysQuerier(
            "a General Query of ten sources that has none", query, packet => packet.With(bytes => bytes[SourceCountAt + 1] = 10),
            "V3-M-4.1.8-03");
        await StaysQuerier(
            "a Group-Specific Query of ten sources that has two",
            new SendQuery(lab.Specific(G, S, Low), G), packet => packet.With(bytes => bytes[SourceCountAt + 1] = 10), "V3-M-4.1.8-03");
        await StaysQuerier("the first seven bytes of a query", query, packet => packet with { Body = bytes => bytes[..7] }, "V3-M-4-09");
        // Whoever is to answer would have done so by then.
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("Reports that are odd, and valid");
        await lab.EndStreams();
        lab.ExpectNone(AnyQuery().From(r1), since: lab.Now);
        Address[] known = [G];
        await Learns(Odd, "three bytes behind the last record", packet => packet.Followed(1, 2, 3), "V3-M-4.2.12-01", "V3-M-4.1.10-02");
        await Learns(
            Optioned, "Router Alert among other options of the IP header",
            packet => packet with { Options = new byte[] { 0x01, 0x01, 0x01, 0x01, 0x94, 0x04, 0x00, 0x00 } }, "V3-M-4.1.10-01");
        await Learns(
            Padded, "bytes behind the packet, as Ethernet pads short frames", packet => packet with { Trailer = new byte[10] },
            "V3-M-4.1.10-01");
        await Learns(
            BehindAuxiliary, "a record of an unknown type with auxiliary data before it",
            packet => packet with
            {
                Body = _ => new WireReport()
                    .With(UnknownRecordType, Unheard, [S], auxiliary: [1, 2, 3, 4, 5, 6, 7, 8])
                    .With(ToExcludeType, BehindAuxiliary)
                    .ToBytes(),
            },
            "V3-M-4.2.11-02", "V3-M-4.2.13-02");

        await lab.Step("A query with five bytes behind it: the router gives way, and the host answers");
        var asked = await low.Send(query, "a General Query and five bytes", packet => packet.Followed(9, 8, 7, 6, 5));
        var lost = await r1.Until(state => state.On("eth1").Querier == Low, within: TimeSpan.Zero, shows: ["V3-M-4.1.10-03"]);
        duties.NotQuerying(h1.Lan, since: lost);
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery().From(low), since: asked).Shows("V3-M-4.1.10-03");
        await lab.Pass(t.QueryResponseInterval);

        async Task Ignored(string what, SendMessage message, Func<TesterPacket, TesterPacket> change, string shows)
        {
            await fuzzer.Send(message, what, change);
            await lab.Pass(lab.Tolerance);
            await r1.Check(state => state.Knows(G) && state.Group(G).IsExclude(), [shows], $"only {G}, unchanged, after {what}");
        }

        async Task StaysQuerier(string what, SendMessage message, Func<TesterPacket, TesterPacket> change, string shows)
        {
            await low.Send(message, what, change);
            await lab.Pass(lab.Tolerance);
            await r1.Check(
                state => state.IsQuerier() && state.Group(G)?.Expires > t.LastMemberQueryTime, [shows],
                $"the querier, and {G} unchanged, after {what}");
        }

        async Task Learns(Address group, string what, Func<TesterPacket, TesterPacket> change, params string[] shows)
        {
            var report = new SendReport(new ReportContent([ToExclude(group)]), lab.Dialect.ReportDestination);
            await fuzzer.Send(report, $"a report with {what}", change);
            known = [.. known, group];
            await r1.Until(state => state.Knows(known), within: TimeSpan.Zero, shows, $"{group} too, by a report with {what}");
        }
    }
}
