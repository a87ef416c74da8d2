using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host that has no address yet joins, answers and leaves: its reports come from 0.0.0.0. The querier accepts messages from its own
/// subnets only, the other router from anywhere; both have to accept these, and come to the same state.
/// </summary>
[Scenario(
    "zero-source-reports", ScenarioTheme.Robustness,
    "A host without an address joins, answers and leaves: routers accept it, whether they check addresses or not.")]
[Covers("V3-R-4.2.14-01", "V3-R-6-02", "V3-R-9.2-03")]
public sealed class ReportsWithoutAddress : Scenario
{
    private static readonly Address R1 = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 4.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        LastMemberQueryInterval = 1.Seconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, r2) = (lab.Router("r1"), lab.Router("r2"));
        var (h1, source) = (lab.Host("h1"), lab.Host("source"));
        var t = lab.Timing;
        lab.ExpectAlways(
            AnyMessage().From(h1), "no source address", message => message.Envelope.Source == lab.Dialect.Unspecified);
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);

        await lab.Step("Two routers start: the querier checks where messages come from, the other does not");
        var duties = lab.ExpectDuties(r2, await r2.Start());
        lab.ExpectDuties(r1, await r1.Start());
        var lost = await r2.Until(state => state.Interfaces.All(each => !each.IsQuerier), within: TimeSpan.Zero);
        foreach (var lan in r2.Lans)
            duties.NotQuerying(lan, since: lost);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var stream = await source.Stream(G, every: 50.Milliseconds(), S);
        lab.Expect(stream.At(h1).IsSilent());
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();

        await lab.Step("A host without an address joins");
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-R-9.2-03");
        await r1.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero, shows: ["V3-R-9.2-03"]);
        await r2.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero, shows: ["V3-R-4.2.14-01"]);
        await lab.PassRepetitions();

        await lab.Step("The querier asks, and the answer renews the group in both routers");
        await lab.EndStreams();
        // Whatever is left of the group timers, only an answer makes it as much as this.
        var renewed = t.GroupMembershipInterval - t.QueryResponseInterval;
        var asked = lab.Now;
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery().On(h1.Lan), since: asked);
        await r1.Until(state => state.Group(G)?.Expires < renewed, within: t.QueryInterval);
        await r1.Until(
            state => state.Group(G)?.Expires > renewed, within: t.QueryInterval + t.QueryResponseInterval, shows: ["V3-R-9.2-03"]);
        await r2.Until(state => state.Group(G)?.Expires > renewed, within: TimeSpan.Zero, shows: ["V3-R-4.2.14-01"]);

        await lab.Step("It leaves: the querier asks, and the stream stops");
        stream = await source.Stream(G, every: 50.Milliseconds(), S);
        await lab.Pass(500.Milliseconds());
        var leave = await h1.Leave(G);
        lab.ExpectStateChange(h1, ToInclude(G), since: leave);
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1), since: leave, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-9.2-03");
        lab.Expect(stream.At(h1).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-9.2-03");
        await r1.Until(state => state.Group(G) is null, within: t.LastMemberQueryTime, shows: ["V3-R-9.2-03"]);
        await r2.Until(state => state.Group(G) is null && state.Interfaces.All(each => !each.IsQuerier), within: TimeSpan.Zero);
        await r2.Check(state => state.On("eth1").Querier == R1);
    }
}
