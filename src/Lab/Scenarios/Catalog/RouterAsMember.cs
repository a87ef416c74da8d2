using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A router is itself a member of a group on one of its LANs. It reports the group there as a host does, and keeps state of it as if
/// another host had reported it; it answers its own queries and those of another querier. Of the group of all systems, which every host is
/// in, it never speaks.
/// </summary>
[Scenario(
    "router-as-member", ScenarioTheme.Hosts,
    "A router joins a group itself: it reports it, keeps it in its own state, and answers its own queries and those of others.")]
[Covers("V3-H-5-03", "V3-R-5-02", "V3-R-6-02")]
public sealed class RouterAsMember : Scenario
{
    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query of the router comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        LastMemberQueryInterval = 1200.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, h1, source) = (lab.Router("r1"), lab.Host("h1"), lab.Host("source"));
        var low = lab.Play("low", h1.Lan, Low);
        var t = lab.Timing;
        var routers = lab.Dialect.ReportDestination;
        lab.ExpectAlways(
                AnyReport(), "nothing about all systems",
                message => message.Report!.Records.All(each => each.Group != lab.Dialect.AllSystems))
            .Shows("V3-H-5-03");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);
        var stream = await source.Stream(G, every: 50.Milliseconds(), S);
        await lab.Pass(250.Milliseconds());

        await lab.Step("The router starts, and joins its group: it has it in its own state, and the stream flows without any host");
        var start = await r1.Start();
        var queries = lab.ExpectGeneralQueries(r1, h1.Lan, since: start);
        lab.ExpectGeneralQueries(r1, source.Lan, since: start);
        lab.ExpectMember(r1, source.Lan, to: GeneralQuery().On(source.Lan), start);
        foreach (var group in (Address[])[routers, G])
        {
            lab.Expect(
                    Report(ToExclude(group)).From(r1).On(h1.Lan), since: start, times: t.RobustnessVariable,
                    every: Spacing.UpTo(t.UnsolicitedReportInterval))
                .Shows(group == G ? "V3-R-5-02" : "V3-R-6-02");
        }

        lab.ExpectAnswers(Report(IsExclude(routers), IsExclude(G)).From(r1).On(h1.Lan), to: GeneralQuery().On(h1.Lan), since: start)
            .InAllSteps()
            .Shows("V3-R-5-02", "V3-R-6-02");
        await r1.Until(state => state.Knows(G) && state.Group(G).IsExclude(), within: TimeSpan.Zero, shows: ["V3-R-5-02"]);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: start)).Shows("V3-R-5-02");
        await lab.Pass((t.StartupQueryInterval * t.StartupQueryCount) + t.QueryResponseInterval);
        await lab.PassAnswersOfKernels();

        await lab.Step("A host joins the group as well, and leaves: the router asks, and answers itself");
        lab.Expect(stream.At(h1).HasNoGap()).Shows("V3-R-5-02");
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        await lab.PassRepetitions();
        var leave = await h1.Leave(G);
        lab.ExpectStateChange(h1, ToInclude(G), since: leave);
        lab.ExpectSpecificQueries(r1, G, changes: Report(ToInclude(G)).From(h1), answers: Report(IsExclude(G)).From(r1), since: leave);
        lab.ExpectAnswers(Report(IsExclude(G)).From(r1), to: Query(G).From(r1), since: leave).Shows("V3-R-5-02");
        await lab.Pass(t.LastMemberQueryTime + t.LastMemberQueryInterval);
        await r1.Check(state => state.Group(G).IsExclude() && state.Group(G)!.Expires > t.LastMemberQueryTime, shows: ["V3-R-5-02"]);

        await lab.Step("Another router with a lower address queries: this one gives way, and answers as a member of both groups");
        await low.Query(lab.General());
        queries.Until(await r1.Until(state => state.On("eth1").Querier == Low, within: TimeSpan.Zero));
        await lab.Pass(t.QueryResponseInterval + lab.Tolerance);

        await lab.Step("It asks about the group: it is answered");
        var asked = await low.Query(lab.Specific(G));
        lab.Expect(Report(IsExclude(G)).From(r1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-R-5-02");
        lab.Expect(stream.At(h1).HasNoGap());
        await lab.Pass(t.LastMemberQueryTime);
        await r1.Check(state => state.Group(G).IsExclude() && state.Group(G)!.Expires > t.LastMemberQueryTime, shows: ["V3-R-5-02"]);
    }
}
