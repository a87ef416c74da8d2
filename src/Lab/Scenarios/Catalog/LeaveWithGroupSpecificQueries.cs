using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Two hosts are members of a group. The first leaves: the querier asks for the group, the second answers, and the stream never stops.
/// The second leaves: nobody answers, and the stream stops after the Last Member Query Time, not before.
/// </summary>
[Scenario(
    "leave-with-gsq", ScenarioTheme.Leaving,
    "Two hosts leave one after the other: the querier asks before it stops forwarding, and stops when nobody answers.")]
[Covers(
    "V3-R-4.1.12-01", "V3-R-6-02", "V3-R-6-04", "V3-R-6.1-03", "V3-R-6.2.2-02", "V3-R-6.4.2-02", "V3-R-6.4.2-04", "V3-R-6.4.2-05",
    "V3-R-6.4.2-09", "V3-R-6.4.2-30", "V3-R-6.4.2-45", "V3-R-6.6.3.1-01", "V3-R-6.6.3.1-02", "V3-R-6.6.3.1-03", "V3-R-8.4-01",
    "V3-R-8.10-01", "V3-M-4-02", "V3-M-4-06")]
public sealed class LeaveWithGroupSpecificQueries : Scenario
{
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    /// <remarks>
    /// The Query Interval is longer than the run: no General Query comes between. The Last Member Query Interval is longer than the
    /// Unsolicited Report Interval, which a kernel's hosts do not change: a repeated leave meets pending queries, as with the defaults.
    /// </remarks>
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
        var r1 = lab.Router("r1");
        var (h1, h2, source) = (lab.Host("h1"), lab.Host("h2"), lab.Host("source"));
        var t = lab.Timing;
        lab.ExpectAlways(AnyMessage(), "TTL 1 and Router Alert", message => message.Envelope is { TimeToLive: 1, RouterAlert: true })
            .Shows("V3-M-4-02", "V3-M-4-06");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts; nobody is a member, and the stream stays on its own LAN");
        var start = await r1.Start();
        lab.ExpectGeneralQueries(r1, h1.Lan, since: start);
        lab.ExpectGeneralQueries(r1, source.Lan, since: start);
        lab.ExpectMember(r1, h1.Lan, to: GeneralQuery().On(h1.Lan), start);
        lab.ExpectMember(r1, source.Lan, to: GeneralQuery().On(source.Lan), start);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var stream = await source.Stream(G, every: 50.Milliseconds(), S);
        lab.Expect(stream.At(h1).IsSilent());
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();

        await lab.Step("The first host joins, and the stream flows");
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join));
        await r1.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero, shows: ["V3-R-6.4.2-30"]);
        await r1.Check(
            state =>
                state.Group(G)!.Expires.IsBetween(t.GroupMembershipInterval - (t.QueryResponseInterval / 2), t.GroupMembershipInterval),
            shows: ["V3-R-8.4-01"]);

        await lab.Step("The second host joins");
        join = await h2.Join(G);
        lab.ExpectStateChange(h2, ToExclude(G), since: join);
        lab.Expect(stream.At(h2).HasNoGap());
        await lab.PassRepetitions();

        await lab.Step("The first leaves: the second answers the query, and the stream never stops");
        var leave = await h1.Leave(G);
        lab.ExpectStateChange(h1, ToInclude(G), since: leave);
        lab.ExpectSpecificQueries(r1, G, changes: Report(ToInclude(G)).From(h1), answers: Report(IsExclude(G)).From(h2), since: leave)
            .Shows("V3-R-6.1-03", "V3-R-6.4.2-05", "V3-R-6.6.3.1-03");
        lab.ExpectAnswers(Report(IsExclude(G)).From(h2), to: Query(G), since: leave);
        lab.Expect(stream.At(h2).HasNoGap()).Shows("V3-R-6-04", "V3-R-6.4.2-02");
        await lab.Pass(t.LastMemberQueryTime + t.LastMemberQueryInterval);
        await r1.Check(state => state.Group(G).IsExclude() && state.Group(G)!.Expires > t.LastMemberQueryTime, shows: ["V3-R-6.4.2-02"]);

        await lab.Step("The second leaves: nobody answers, and the stream stops");
        leave = await h2.Leave(G);
        lab.ExpectStateChange(h2, ToInclude(G), since: leave);
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1).On(h2.Lan),
                since: leave,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-4.1.12-01", "V3-R-6.4.2-05", "V3-R-6.6.3.1-01", "V3-R-6.6.3.1-02");
        lab.Expect(stream.At(h2).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-6.4.2-04", "V3-R-6.4.2-09", "V3-R-8.10-01");
        await r1.Until(
            state => state.Group(G).IsExclude() && state.Group(G)!.Expires <= t.LastMemberQueryTime, within: TimeSpan.Zero,
            shows: ["V3-R-6.4.2-45"]);
        await r1.Until(state => state.Group(G) is null, within: t.LastMemberQueryTime, shows: ["V3-R-6.2.2-02"]);
    }
}
