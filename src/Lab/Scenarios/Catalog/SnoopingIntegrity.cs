using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Through a switch that snoops go a report with a wrong checksum, a message of a type that nobody knows, a report with bytes behind its
/// end and a report without a source address. The switch learns nothing from what is broken, learns from what is only odd, and alters
/// nothing that it passes on.
/// </summary>
[Scenario(
    "snooping-integrity", ScenarioTheme.Switches,
    "Broken, unknown and odd messages through a switch that snoops: what it learns from, and that it alters none.")]
[Covers("V3-N-2.1.1-03", "V3-N-2.1.1-04", "V3-N-2.1.1-05", "V3-N-2.1.1-07", "V3-R-6-02")]
public sealed class SnoopingIntegrity : Scenario
{
    private const int UnknownMessageType = 0x23;

    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address H = Address.Parse("239.1.1.2");
    private static readonly Address S = Address.Parse("10.0.0.100");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 30.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, sw) = (lab.Router("r1"), lab.Other("sw"));
        var (h1, h2, source) = (lab.Host("h1"), lab.Host("h2"), lab.Host("source"));
        var odd = lab.Play("odd", h1.Lan, Address.Parse("10.0.0.66"));
        // A host whose reports come from no address, as a proxy's do (RFC 4541 §2.1.1).
        var bare = lab.Station("bare", h1.Lan, new MacAddress(0x02_4D_4C_00_00_99), Address.AnyV4);
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, and a host joins");
        lab.ExpectDuties(r1, await r1.Start());
        await lab.PassQueryResponses();
        var first = await source.Stream(G, every: 50.Milliseconds(), S);
        var second = await source.Stream(H, every: 50.Milliseconds(), S);
        await lab.Pass(250.Milliseconds());
        var join = await h2.Join(G);
        lab.ExpectStateChange(h2, ToExclude(G), since: join);
        lab.Expect(first.At(h2).Starts(within: TimeSpan.Zero, of: join));
        lab.Expect(first.At(h1).IsSilent());
        await lab.PassRepetitions();

        await lab.Step("A report with a wrong checksum on the other port: nothing is learnt from it, by the switch nor by the router");
        lab.Expect(first.At(h1).IsSilent()).Shows("V3-N-2.1.1-07");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-N-2.1.1-07");
        await odd.Report(packet => packet with { ChecksumOff = 1 }, ToExclude(G), ToExclude(H));
        await lab.Pass(500.Milliseconds());
        await r1.Check(state => state.Knows(G));

        await lab.Step("A message of an unknown type: it goes to every port, as it is");
        var unknown = await odd.Send(
            new SendReport(new ReportContent([ToExclude(H)]), lab.Dialect.ReportDestination), "a message of an unknown type",
            packet => packet.With(bytes => bytes[0] = UnknownMessageType));
        lab.ExpectPassage(unknown, sw, [r1.Lan, h2.Lan, source.Lan], []).Shows("V3-N-2.1.1-04");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-N-2.1.1-04");
        await lab.Pass(500.Milliseconds());

        await lab.Step("A report with five bytes behind it: it comes to the router as it is, and its port becomes one of a member");
        join = await odd.Report(packet => packet.Followed(1, 2, 3, 4, 5), ToExclude(G));
        lab.ExpectPassage(join, sw, [r1.Lan], []).Shows("V3-N-2.1.1-05");
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.1-05");
        await lab.Pass(500.Milliseconds());

        await lab.Step("A report without a source address: the same");
        join = await bare.Report(ToExclude(H));
        lab.ExpectPassage(join, sw, [r1.Lan], []).Shows("V3-N-2.1.1-03");
        lab.Expect(second.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.1-03");
        await r1.Until(state => state.Knows(G, H), within: TimeSpan.Zero, shows: ["V3-N-2.1.1-03"]);
    }
}
