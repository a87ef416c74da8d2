using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host asks for 400 sources in two reports, and gives all of them up in one. The router asks for all of them, in as many queries as it
/// takes for none to be larger than a packet. Another host still wants one of them: from then on it is asked for with the S flag, apart
/// from the others, and goes on; the others end.
/// </summary>
[Scenario(
    "mtu-query-split", ScenarioTheme.Scale,
    "A router asks for more sources than fit into a packet: in several queries, all of them, each time.")]
[Covers("V3-R-4.1.8-01", "V3-R-6-02", "V3-R-6.4.2-01", "V3-R-6.6.3.2-01", "V3-R-6.6.3.2-03")]
public sealed class QueriesBeyondTheMtu : Scenario
{
    private const int PacketAt = 14;
    private const int Mtu = 1500;

    // (1500 - 24 of the IP header with Router Alert - 12 of the query) / 4: RFC 9776 §4.1.8.
    private const int MostSources = 366;
    private const int PerReport = 365;

    private static readonly Address Member = Address.Parse("10.0.0.12");
    private static readonly Address Other = Address.Parse("10.0.0.13");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Wanted = Address.Parse("10.1.0.100");
    private static readonly Address Unwanted = Address.Parse("10.1.0.101");

    private static readonly Address[] Sources =
        [Wanted, Unwanted, .. Enumerable.Range(0, 398).Select(i => Address.FromV4(0x0A02_0000 + (uint)i))];

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 1.Seconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var r1 = lab.Router("r1");
        var (h1, source) = (lab.Host("h1"), lab.Host("source"));
        var (member, other) = (lab.Play("member", h1.Lan, Member), lab.Play("other", h1.Lan, Other));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, and two sources send");
        var start = await r1.Start();
        foreach (var lan in (string[])[h1.Lan, source.Lan])
        {
            lab.ExpectGeneralQueries(r1, lan, since: start);
            lab.ExpectMember(r1, lan, to: GeneralQuery().On(lan), start);
        }

        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var wanted = await source.Stream(G, every: 50.Milliseconds(), Wanted);
        var unwanted = await source.Stream(G, every: 50.Milliseconds(), Unwanted);
        lab.Expect(wanted.At(h1).IsSilent());
        await lab.Pass(500.Milliseconds());

        await lab.Step("A host asks for 400 sources, in two reports");
        var allow = await member.Report(Allow(G, Sources[..PerReport]));
        await member.Report(Allow(G, Sources[PerReport..]));
        lab.Expect(wanted.At(h1).Starts(within: TimeSpan.Zero, of: allow));
        lab.Expect(unwanted.At(h1).Starts(within: TimeSpan.Zero, of: allow));
        await r1.Until(state => state.Group(G).IsInclude(Sources), within: TimeSpan.Zero);
        await lab.Pass(1.Seconds());

        await lab.Step("It gives all of them up in one report: all are asked for at once, in queries that fit into a packet");
        var leave = await member.Report(ToInclude(G));
        lab.ExpectTogether(
                AnyQueryOf(G).From(r1), since: leave, within: TimeSpan.Zero, "ask for all 400 sources without the S flag",
                frames => Wrong(frames, Sources, suppressed: false))
            .Shows("V3-R-4.1.8-01", "V3-R-6.6.3.2-01");
        await r1.Until(
            state => state.Group(G) is { } group && group.Sources.All(each => each.Expires <= t.LastMemberQueryTime), within: TimeSpan.Zero,
            shows: ["V3-R-6.6.3.2-01"]);
        await lab.Pass(t.LastMemberQueryInterval / 2);
        await other.Report(IsInclude(G, Wanted));
        var again = t.LastMemberQueryInterval - (t.LastMemberQueryInterval / 4);
        var window = t.LastMemberQueryInterval / 4;
        lab.ExpectTogether(
                AnyQueryOf(G).WithoutSuppression().From(r1), since: leave, within: window, after: again,
                what: "ask again for the 399 that nobody has reported",
                wrong: frames => Wrong(frames, [.. Sources.Where(each => each != Wanted)], suppressed: false))
            .Shows("V3-R-4.1.8-01", "V3-R-6.6.3.2-01", "V3-R-6.6.3.2-03");
        lab.Expect(Query(G, Wanted).WithSuppression().Announcing(t).From(r1), since: leave, after: t.LastMemberQueryInterval)
            .Shows("V3-R-6.6.3.2-03");
        lab.Expect(wanted.At(h1).HasNoGap()).Shows("V3-R-6.4.2-01");
        lab.Expect(unwanted.At(h1).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-6.6.3.2-01");
        await r1.Until(state => state.Group(G).IsInclude(Wanted), within: t.LastMemberQueryTime, shows: ["V3-R-6.4.2-01"]);
    }

    private static string? Wrong(IReadOnlyList<SeenFrame> frames, IReadOnlyList<Address> sources, bool suppressed)
    {
        var asked = frames.SelectMany(each => each.Query!.Sources).ToList();
        return frames.Any(each => each.Query!.Sources.Count > MostSources) ? "one asks for more sources than a packet has room for"
            : frames.Any(each => !FitsIntoOnePacket(each)) ? "one does not fit into a packet"
            : frames.Any(each => each.Query!.SuppressRouterSideProcessing != suppressed) ? "the S flag is wrong"
            : asked.Order().SequenceEqual(sources.Order()) ? null
            : $"{asked.Count} sources are asked for, {asked.Distinct().Count()} of them different";
    }

    private static bool FitsIntoOnePacket(SeenFrame frame)
    {
        var packet = frame.Frame.Bytes.Span[PacketAt..];
        // More Fragments and the offset (RFC 791 §3.1).
        return ((packet[2] << 8) | packet[3]) <= Mtu && (((packet[6] << 8) | packet[7]) & 0x3FFF) == 0;
    }
}
