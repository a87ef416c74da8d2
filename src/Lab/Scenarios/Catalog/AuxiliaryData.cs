using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host of a later protocol reports: a record of a type that nobody knows, with auxiliary data, before records that everybody knows, one
/// of them with auxiliary data too. The router skips what it does not know and acts on the rest, in joins and in leaves. The number of
/// records counts, not the length of the message.
/// </summary>
[Scenario(
    "aux-data-and-unknown-record", ScenarioTheme.Robustness,
    "A report with auxiliary data and a record of an unknown type: the other records take effect.")]
[Covers("V3-M-4.2.4-01", "V3-M-4.2.11-02", "V3-M-4.2.13-02", "V3-R-6-02")]
public sealed class AuxiliaryData : Scenario
{
    // RFC 9776 §4.2.13: 1 to 6 are known.
    private const int ToIncludeType = 3;
    private const int ToExcludeType = 4;
    private const int UnknownType = 99;

    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");
    private static readonly Address Unheard = Address.Parse("239.1.1.9");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, h1, source) = (lab.Router("r1"), lab.Host("h1"), lab.Host("source"));
        var later = lab.Play("later", h1.Lan, Address.Parse("10.0.0.66"));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts; two streams stay on their own LAN");
        lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var first = await source.Stream(G1, every: 50.Milliseconds(), S);
        var second = await source.Stream(G2, every: 50.Milliseconds(), S);
        lab.Expect(first.At(h1).IsSilent());
        lab.Expect(second.At(h1).IsSilent());
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();

        await lab.Step("A report joins both groups, behind a record of an unknown type and with auxiliary data");
        var join = await Send(
            "a record of an unknown type, and two joins",
            new WireReport()
                .With(UnknownType, Unheard, [S], auxiliary: [1, 2, 3, 4, 5, 6, 7, 8])
                // Whoever does not skip these four bytes takes them for a record of another group, or finds no end.
                .With(ToExcludeType, G1, auxiliary: [0x06, 0xFF, 0x00, 0x01])
                .With(ToExcludeType, G2)
                .ToBytes());
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-M-4.2.13-02");
        lab.Expect(second.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-M-4.2.11-02");
        await r1.Until(
            state => state.Knows(G1, G2) && state.Group(G1).IsExclude() && state.Group(G2).IsExclude(), within: TimeSpan.Zero,
            shows: ["V3-M-4.2.11-02", "V3-M-4.2.13-02"]);

        await lab.Step("A report says that it has one record, and a second one follows: that one does not count");
        await Send(
            "one join, and another one behind the last record",
            new WireReport().With(ToExcludeType, G3).With(ToExcludeType, Unheard).ToBytes(says: 1));
        await r1.Until(state => state.Knows(G1, G2, G3), within: TimeSpan.Zero, shows: ["V3-M-4.2.4-01"]);
        await lab.Pass(500.Milliseconds());
        await r1.Check(state => state.Knows(G1, G2, G3), shows: ["V3-M-4.2.4-01"]);

        await lab.Step("A report leaves the first group, with auxiliary data, before a record of an unknown type for the second");
        var leave = await Send(
            "a leave, and a record of an unknown type",
            new WireReport().With(ToIncludeType, G1, auxiliary: [1, 2, 3, 4]).With(UnknownType, G2, [S]).ToBytes());
        lab.Expect(
                Query(G1).WithoutSuppression().Announcing(t).From(r1), since: leave, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-M-4.2.11-02");
        lab.Expect(first.At(h1).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-M-4.2.11-02");
        lab.Expect(second.At(h1).HasNoGap()).Shows("V3-M-4.2.13-02");
        await r1.Until(state => state.Knows(G2, G3), within: t.LastMemberQueryTime, shows: ["V3-M-4.2.11-02", "V3-M-4.2.13-02"]);

        Task<Moment> Send(string what, byte[] report) => later.Send(
            new SendReport(new ReportContent([]), lab.Dialect.ReportDestination), what, packet => packet with { Body = _ => report });
    }
}
