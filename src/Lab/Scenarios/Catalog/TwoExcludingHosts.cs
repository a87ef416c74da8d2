using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Two hosts exclude two sources each, of which one is the same. After every General Query both answer, each naming what the other wants.
/// Only the common source is blocked; the two others never stop, though each answer drops one of them from the router's lists.
/// </summary>
[Scenario(
    "two-exclude-listeners", ScenarioTheme.Sources,
    "Two hosts exclude different sources: only the one that both exclude is blocked, query after query.")]
[Covers("V3-R-6-02", "V3-R-6.3-06", "V3-R-6.4.1-15", "V3-R-6.4.1-21")]
public sealed class TwoExcludingHosts : MemberLan
{
    private const int Rounds = 4;

    /// <inheritdoc/>
    public override Membership.Timing ShortTiming => base.ShortTiming with
    {
        QueryInterval = 1.Seconds(),
        QueryResponseInterval = 500.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (one, other) = (Member(lab, "one", 21), Member(lab, "other", 22));
        var r1 = await StartQuerier(lab);

        await lab.Step("Each host excludes two sources: the common one is blocked");
        await one.Report(IsExclude(G, S1, S2));
        await r1.Until(state => state.Group(G).IsExclude(blocked: [S1, S2]), within: TimeSpan.Zero);
        await other.Report(IsExclude(G, S2, S3));
        await r1.Until(state => state.Group(G).IsExclude(forwarded: [S3], blocked: [S2]), within: TimeSpan.Zero, shows: ["V3-R-6.4.1-15"]);

        await lab.Step("Both answer query after query: two sources flow all the time, the common one never");
        var first = await lab.Host("source").Stream(G, every: t.QueryInterval / 20, S1);
        var common = await lab.Host("source").Stream(G, every: t.QueryInterval / 20, S2);
        var third = await lab.Host("source").Stream(G, every: t.QueryInterval / 20, S3);
        lab.Expect(first.On(Members).HasNoGap()).Shows("V3-R-6.4.1-21");
        lab.Expect(common.On(Members).IsSilent()).Shows("V3-R-6.3-06", "V3-R-6.4.1-21");
        lab.Expect(third.On(Members).HasNoGap()).Shows("V3-R-6.4.1-21");
        var asked = lab.Now;
        for (var round = 0; round < Rounds; round++)
        {
            if (await lab.Seen(GeneralQuery().From(r1).On(Members), since: asked, within: t.QueryInterval) is null)
                throw new ScenarioAbortedException("There was no General Query for a whole Query Interval.");
            await lab.Pass(t.QueryResponseInterval * 0.3);
            await one.Report(IsExclude(G, S1, S2));
            await r1.Until(
                state => state.Group(G).IsExclude(forwarded: [S1], blocked: [S2]), within: TimeSpan.Zero, shows: ["V3-R-6.4.1-15"]);
            await other.Report(IsExclude(G, S2, S3));
            await r1.Until(
                state => state.Group(G).IsExclude(forwarded: [S3], blocked: [S2]), within: TimeSpan.Zero, shows: ["V3-R-6.4.1-15"]);
            asked = lab.Now;
        }
    }
}
