using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Hosts block sources one by one, first in INCLUDE mode, then in EXCLUDE mode. The querier queries each source; one that nobody wants
/// stops after the Last Member Query Time, one that another host wants never stops, and is asked for with the S flag from then on. The
/// other router asks nothing and comes to the same state. In the end the querier restarts, and an answer drops a source that it does not
/// name.
/// </summary>
[Scenario(
    "block-old-sources", ScenarioTheme.Leaving,
    "Hosts block sources in INCLUDE and in EXCLUDE mode: asked for, kept while wanted, the second router in step.")]
[Covers(
    "V3-R-6-02", "V3-R-6.1-03", "V3-R-6.2.3-02", "V3-R-6.3-02", "V3-R-6.3-04", "V3-R-6.3-05", "V3-R-6.3-06", "V3-R-6.3-07", "V3-R-6.4.1-18",
    "V3-R-6.4.2-01", "V3-R-6.4.2-05", "V3-R-6.4.2-06", "V3-R-6.4.2-11", "V3-R-6.4.2-14", "V3-R-6.4.2-37", "V3-R-6.4.2-51", "V3-R-6.4.2-52",
    "V3-R-6.6.1-01", "V3-R-6.6.1-04", "V3-R-6.6.3.2-01", "V3-R-6.6.3.2-03", "V3-R-6.6.3.2-04", "V3-R-8.10-01", "V3-M-4-02", "V3-M-4-06")]
public sealed class BlockOldSources : Scenario
{
    private static readonly Address R1 = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");
    private static readonly Address S3 = Address.Parse("10.1.0.102");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, r2) = (lab.Router("r1"), lab.Router("r2"));
        var (h1, h2, source) = (lab.Host("h1"), lab.Host("h2"), lab.Host("source"));
        var t = lab.Timing;
        lab.ExpectAlways(AnyMessage(), "TTL 1 and Router Alert", message => message.Envelope is { TimeToLive: 1, RouterAlert: true })
            .Shows("V3-M-4-02", "V3-M-4-06");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);

        await lab.Step("Two routers start, the first becomes the querier; three sources send, and nobody listens");
        var start = await r2.Start();
        var queriesOfR2 = ExpectGeneralQueries(r2);
        ExpectMember(r2);
        start = await r1.Start();
        var queriesOfR1 = ExpectGeneralQueries(r1);
        var answersOfR1 = ExpectMember(r1);
        var lost = await r2.Until(state => state.Interfaces.All(each => !each.IsQuerier), within: TimeSpan.Zero);
        queriesOfR2.ForEach(each => each.Until(lost));
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var first = await source.Stream(G, every: 50.Milliseconds(), S1);
        var second = await source.Stream(G, every: 50.Milliseconds(), S2);
        var third = await source.Stream(G, every: 50.Milliseconds(), S3);
        lab.Expect(first.At(h1).IsSilent());
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();

        // One source per command: a kernel's hosts cannot add several at once, and may report them one by one or together.
        await lab.Step("Each of two hosts includes one source");
        var include = await h1.Include(G, S1);
        lab.ExpectStateChange(h1, Allow(G, S1), since: include);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: include)).Shows("V3-R-6.3-02");
        await r1.Until(state => state.Group(G).IsInclude(S1), within: TimeSpan.Zero, shows: ["V3-R-6.4.2-11"]);
        await r2.Until(state => state.Group(G).IsInclude(S1), within: TimeSpan.Zero, shows: ["V3-R-6.4.2-11"]);
        include = await h2.Include(G, S2);
        lab.ExpectStateChange(h2, Allow(G, S2), since: include);
        lab.Expect(second.At(h2).Starts(within: TimeSpan.Zero, of: include)).Shows("V3-R-6.3-02");
        lab.Expect(third.At(h1).IsSilent()).Shows("V3-R-6.3-04");

        await lab.Step("The first host blocks its source: nobody else wants it, and it stops");
        var block = await h1.Block(G, S1);
        lab.ExpectStateChange(h1, Block(G, S1), since: block);
        lab.Expect(
                Query(G, S1).WithoutSuppression().Announcing(t).From(r1),
                since: block,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.1-03", "V3-R-6.4.2-05", "V3-R-6.4.2-14", "V3-R-6.6.3.2-01");
        lab.ExpectNone(AnyQuery().From(r2), since: block).Shows("V3-R-6.4.2-06");
        lab.Expect(first.At(h1).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-R-6.2.3-02", "V3-R-8.10-01");
        lab.Expect(second.At(h2).HasNoGap()).Shows("V3-R-6.4.2-14");
        await r2.Until(state => state.Group(G).TimerOf(S1) <= t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.6.1-01"]);
        await r1.Until(state => state.Group(G).IsInclude(S2), within: t.LastMemberQueryTime, shows: ["V3-R-6.4.2-51"]);
        await r2.Until(state => state.Group(G).IsInclude(S2), within: TimeSpan.Zero, shows: ["V3-R-6.6.1-01"]);

        await lab.Step("The first host takes the third source");
        include = await h1.Include(G, S3);
        lab.ExpectStateChange(h1, Allow(G, S3), since: include);
        lab.Expect(third.At(h1).Starts(within: TimeSpan.Zero, of: include));
        await lab.PassRepetitions();

        await lab.Step("It takes the second one too, and blocks both: the source that the second host wants stays, the other stops");
        var allow = await h1.Allow(G, S2);
        // What is blocked before it was reported is not reported: a kernel waits a tick before it does, and then never repeats it (§5.1).
        lab.Expect(
            Report(Allow(G, S2)).From(h1), since: allow, times: Times.Between(0, t.RobustnessVariable),
            every: Spacing.UpTo(t.UnsolicitedReportInterval));
        block = await h1.Block(G, S2, S3);
        lab.ExpectStateChange(h1, Block(G, S2, S3), since: block);
        lab.ExpectSpecificQueries(
                r1,
                G,
                changes: Report(Block(G, S2, S3)).From(h1),
                answers: Report(IsInclude(G, S2)).From(h2),
                since: block)
            .Shows("V3-R-6.6.3.2-03", "V3-R-6.6.3.2-04");
        lab.ExpectAnswers(Report(IsInclude(G, S2)).From(h2), to: QueryAbout(G, S2).From(r1), since: block);
        lab.ExpectNone(AnyQuery().From(r2), since: block).Shows("V3-R-6.4.2-06");
        lab.Expect(second.At(h2).HasNoGap()).Shows("V3-R-6.4.2-01");
        lab.Expect(third.At(h1).Stops(after: t.LastMemberQueryTime, of: block));
        await r1.Until(state => state.Group(G).IsInclude(S2), within: t.LastMemberQueryTime, shows: ["V3-R-6.4.2-01"]);
        // Until the last query, with the S flag, and its answer.
        await lab.PassRepetitions();
        await lab.Pass(t.LastMemberQueryInterval);
        await r2.Check(
            state => state.Group(G).IsInclude(S2) && state.Group(G).TimerOf(S2) > t.LastMemberQueryTime, shows: ["V3-R-6.6.1-04"]);

        await lab.Step("The first host now takes every source");
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-R-6.3-07");
        lab.Expect(third.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-R-6.3-07");
        await lab.PassRepetitions();

        await lab.Step("It blocks the first source again, now in EXCLUDE mode: it stops, the others go on");
        block = await h1.Block(G, S1);
        lab.ExpectStateChange(h1, Block(G, S1), since: block);
        lab.Expect(
                Query(G, S1).WithoutSuppression().Announcing(t).From(r1),
                since: block,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-37", "V3-R-6.6.3.2-01");
        lab.Expect(first.At(h1).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-R-6.3-06", "V3-R-8.10-01");
        lab.Expect(second.At(h1).HasNoGap());
        lab.Expect(third.At(h1).HasNoGap()).Shows("V3-R-6.3-07");
        await r1.Until(state => state.Group(G).IsExclude(blocked: [S1]), within: t.LastMemberQueryTime, shows: ["V3-R-6.4.2-52"]);
        await r2.Until(state => state.Group(G).IsExclude(blocked: [S1]), within: TimeSpan.Zero, shows: ["V3-R-6.6.1-01"]);

        await lab.Step("It blocks the second source: the second host keeps it alive");
        block = await h1.Block(G, S2);
        lab.ExpectStateChange(h1, Block(G, S2), since: block);
        lab.ExpectSpecificQueries(r1, G, changes: Report(Block(G, S2)).From(h1), answers: Report(IsInclude(G, S2)).From(h2), since: block)
            .Shows("V3-R-6.6.3.2-03");
        lab.ExpectAnswers(Report(IsInclude(G, S2)).From(h2), to: QueryAbout(G, S2).From(r1), since: block);
        lab.Expect(second.At(h2).HasNoGap()).Shows("V3-R-6.3-05", "V3-R-6.4.2-01");
        lab.Expect(third.At(h1).HasNoGap());
        await lab.PassRepetitions();
        await lab.Pass(t.LastMemberQueryInterval);
        await r1.Check(state => state.Group(G).IsExclude(forwarded: [S2], blocked: [S1]), shows: ["V3-R-6.4.2-01"]);
        await r2.Check(
            state => state.Group(G).IsExclude(forwarded: [S2], blocked: [S1]) && state.Group(G).TimerOf(S2) > t.LastMemberQueryTime,
            shows: ["V3-R-6.6.1-04"]);

        await lab.Step(
            "It takes the first source again. The querier restarts and asks everybody: what the answer does not name, the other router "
                + "drops");
        await lab.EndStreams();
        var taken = await h1.Allow(G, S1);
        lab.ExpectStateChange(h1, Allow(G, S1), since: taken);
        await r2.Until(state => state.Group(G).IsExclude(forwarded: [S1, S2]), within: TimeSpan.Zero);
        await lab.PassRepetitions();
        var dies = await r1.Kill();
        queriesOfR1.ForEach(each => each.Until(dies));
        answersOfR1.ForEach(each => each.Until(dies));
        await lab.Pass(500.Milliseconds());
        start = await r1.Start();
        ExpectGeneralQueries(r1);
        ExpectMember(r1);
        lab.ExpectAnswers(Report(IsExclude(G, S2)).From(h1), to: GeneralQuery().On(h1.Lan), since: start);
        lab.ExpectAnswers(Report(IsInclude(G, S2)).From(h2), to: GeneralQuery().On(h2.Lan), since: start);
        await r2.Until(state => state.Group(G).IsExclude(forwarded: [S2]), within: t.QueryResponseInterval, shows: ["V3-R-6.4.1-18"]);
        await r1.Until(state => state.Group(G).IsExclude(forwarded: [S2]), within: t.QueryResponseInterval);
        // Until everybody has answered.
        await lab.Pass(t.QueryResponseInterval);

        List<Schedule> ExpectGeneralQueries(RouterNode router) =>
            [lab.ExpectGeneralQueries(router, h1.Lan, since: start), lab.ExpectGeneralQueries(router, source.Lan, since: start)];

        List<Answers> ExpectMember(RouterNode router) =>
        [
            lab.ExpectMember(router, h1.Lan, to: GeneralQuery().On(h1.Lan), start),
            lab.ExpectMember(router, source.Lan, to: GeneralQuery().On(source.Lan), start),
        ];
    }
}
