using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Three routers on LANs of their own are set to versions 3, 2 and 1, and query in the form of each. Beside the first one a querier of
/// version 2 is heard, which administration should not have let happen: at a higher address it is only counted; at a lower one the
/// router follows it, as the election is by address whatever the version is. So it does with a querier of version 1.
/// </summary>
[Scenario(
    "older-querier-on-router-lan", ScenarioTheme.Versions,
    "Routers set to versions 1 and 2, and older queriers beside a router of version 3: forms of queries, election, a count of them.")]
[Covers(
    "V3-X-6.6.2-01", "V3-X-7.3.1-01", "V3-X-7.3.1-02", "V3-X-7.3.1-04", "V3-X-7.3.1-06")]
public sealed class OlderQueriersBesideRouters : Scenario
{
    // RFC 2236 §2.
    private const int PacketAt = 14;
    private const int CodeAt = 1;
    private const int MessageLength = 8;

    // As the startup file of r2 says, 20 s: in version 3 the code 200 would mean 307.2 s.
    private const byte CodeOf20Seconds = 200;

    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address High = Address.Parse("10.0.0.3");
    private static readonly Address Member = Address.Parse("10.0.0.12");
    private static readonly Address G = Address.Parse("239.1.1.1");

    /// <inheritdoc/>
    /// <remarks>
    /// The Query Response Interval is what a query of version 1 grants; the Query Interval is longer than that, and than the run.
    /// </remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 30.Seconds(),
        QueryResponseInterval = 10.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, r2, r3) = (lab.Router("r1"), lab.Router("r2"), lab.Router("r3"));
        var (low, high) = (lab.Play("low", r1.Lan, Low), lab.Play("high", r1.Lan, High));
        var t = lab.Timing;
        lab.ExpectNothingElse();

        await lab.Step("The routers start: their queries have the forms of versions 3, 2 and 1");
        var start = await lab.StartAllBut();
        lab.Expect(
            GeneralQuery().From(r1).Announcing(t), since: start, times: t.StartupQueryCount, every: t.StartupQueryInterval);
        lab.Expect(
                AnyGeneralQuery().From(r2).Where("of 8 octets with code 200", frame => Is(frame, CodeOf20Seconds)), since: start,
                times: t.StartupQueryCount, every: t.StartupQueryInterval)
            .Shows("V3-X-7.3.1-01", "V3-X-7.3.1-04");
        lab.Expect(
                AnyGeneralQuery().From(r3).Where("of 8 octets with code 0", frame => Is(frame, 0)), since: start,
                times: t.StartupQueryCount, every: t.StartupQueryInterval)
            .Shows("V3-X-7.3.1-01", "V3-X-7.3.1-02");

        await lab.Step("A host of version 2 leaves a group on each LAN: asked about in version 3, in version 2, and not at all");
        foreach (var router in new[] { r1, r2, r3 })
        {
            var member = lab.Play($"member beside {router}", router.Lan, Member);
            await member.OlderReport(Generation.Leaves, G);
            var leave = await member.OlderLeave(G);
            if (router == r1)
                lab.Expect(Query(G).From(router), since: leave, times: t.LastMemberQueryCount, every: t.LastMemberQueryInterval);
            else if (router == r2)
                lab.Expect(
                        QueriesAbout(G).From(router).Where("of version 2", frame => frame.Query!.Generation == Generation.Leaves),
                        since: leave, times: t.LastMemberQueryCount, every: t.LastMemberQueryInterval)
                    .Shows("V3-X-7.3.1-04");
            else
                lab.ExpectNone(AnyQuery().From(router), since: leave).Shows("V3-X-7.3.1-02");
        }

        await lab.Pass(t.LastMemberQueryTime);
        await r2.Until(state => state.Group(G) is null, within: TimeSpan.Zero, shows: ["V3-X-7.3.1-04"]);
        await r3.Check(state => state.Group(G)?.CompatibilityMode == 1, shows: ["V3-X-7.3.1-02"]);

        await lab.Step("Beside the first router a querier of version 2 with a higher address asks: counted, nothing else");
        await high.Query(lab.OlderGeneral(Generation.Leaves));
        await r1.Until(state => OfOtherVersions(state) == 1, within: TimeSpan.Zero, shows: ["V3-X-7.3.1-06"]);
        await r1.Check(state => state.IsQuerier(), shows: ["V3-X-6.6.2-01"]);

        await lab.Step("One with a lower address: the router follows it");
        await low.Query(lab.OlderGeneral(Generation.Leaves));
        await r1.Until(state => state.Follows(Low), within: TimeSpan.Zero, shows: ["V3-X-6.6.2-01"]);
        await r1.Check(state => OfOtherVersions(state) == 2, shows: ["V3-X-7.3.1-06"]);

        await lab.Step("It asks in version 1");
        await low.Query(lab.OlderGeneral(Generation.Reports), packet => packet.WithoutRouterAlert());
        await r1.Until(state => OfOtherVersions(state) == 3, within: TimeSpan.Zero, shows: ["V3-X-7.3.1-06"]);
        await r1.Check(state => state.Follows(Low), shows: ["V3-X-6.6.2-01"]);
    }

    private static long OfOtherVersions(RouterState state) => state.Statistics.Received["query-of-other-version"];

    private static bool Is(SeenFrame frame, byte code)
    {
        var packet = frame.Frame.Bytes.Span[PacketAt..];
        var header = (packet[0] & 0xF) * 4;
        return ((packet[2] << 8) | packet[3]) == header + MessageLength && packet[header + CodeAt] == code;
    }
}
