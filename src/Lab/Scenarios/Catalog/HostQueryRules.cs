using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A second query reaches a host while its answer to a first one is pending. The rules of RFC 9776 §5.2 say what becomes of the answers:
/// one that is due soon for everything serves both; a sooner one takes the place of a later; what is asked about one group is answered
/// together, in the shorter time, about the sources of both queries or about the whole group. Once answered, what was asked is forgotten.
/// </summary>
[Scenario(
    "host-query-rules", ScenarioTheme.Hosts,
    "A second query comes while the answer to the first is pending: one answer, in the shorter time, about all that was asked.")]
[Covers(
    "V3-H-5.2-04", "V3-H-5.2-05", "V3-H-5.2-06", "V3-H-5.2-07", "V3-H-5.2-08", "V3-H-5.2-09", "V3-H-5.2-10", "V3-H-5.2-11",
    "V3-H-5.2-19")]
public sealed class HostQueryRules : Scenario
{
    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");
    private static readonly Address S3 = Address.Parse("10.1.0.102");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 200.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        // So long that the delay drawn for it is the longer one of two, but for once in a hundred runs; either way there is one answer.
        var (soon, late) = (t.LastMemberQueryInterval, 100 * t.LastMemberQueryInterval);
        var whole = Report(IsInclude(G, S1, S2, S3)).From(h1);
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("A host includes three sources");
        lab.ExpectStateChange(h1, Allow(G, S1), since: await h1.Include(G, S1));
        foreach (var source in (Address[])[S2, S3])
        {
            await lab.PassRepetitions();
            lab.ExpectStateChange(h1, Allow(G, source), since: await h1.Allow(G, source));
        }

        await lab.Step("Rule 2: another General Query grants less: one answer, by then");
        var asked = await Ask(lab.General(late), lab.General(soon));
        lab.Expect(whole, since: asked, within: soon).Shows("V3-H-5.2-05", "V3-H-5.2-11");

        await lab.Step("Rule 3: nothing is pending: a query about the group is answered");
        asked = await querier.Query(lab.Specific(G));
        lab.Expect(whole, since: asked, within: soon).Shows("V3-H-5.2-06");

        await lab.Step("Rule 3: and so is one about sources, with those");
        asked = await querier.Query(lab.Specific(G, S2, S3));
        lab.Expect(Report(IsInclude(G, S2, S3)).From(h1), since: asked, within: soon).Shows("V3-H-5.2-07");

        await lab.Step("The sources are forgotten then: the next query is about another one");
        asked = await querier.Query(lab.Specific(G, S1));
        lab.Expect(Report(IsInclude(G, S1)).From(h1), since: asked, within: soon).Shows("V3-H-5.2-19");

        await lab.Step("Rule 4: an answer about a source is pending when the group is asked for: one answer about the whole group");
        asked = await Ask(lab.Specific(G, S1) with { MaxResponseTime = late }, lab.Specific(G));
        lab.Expect(whole, since: asked, within: soon).Shows("V3-H-5.2-08", "V3-H-5.2-11");

        await lab.Step("Rule 4: an answer about the group is pending when a source is asked for: it stays one about the whole group");
        asked = await Ask(lab.Specific(G) with { MaxResponseTime = late }, lab.Specific(G, S1));
        lab.Expect(whole, since: asked, within: soon).Shows("V3-H-5.2-09", "V3-H-5.2-11");

        await lab.Step("Rule 5: an answer about a source is pending when another one is asked for: one answer about both");
        asked = await Ask(lab.Specific(G, S1) with { MaxResponseTime = late }, lab.Specific(G, S2));
        lab.Expect(Report(IsInclude(G, S1, S2)).From(h1), since: asked, within: soon).Shows("V3-H-5.2-10", "V3-H-5.2-11");

        await lab.Step("Nor are the sources of such an answer remembered");
        asked = await querier.Query(lab.Specific(G, S3));
        lab.Expect(Report(IsInclude(G, S3)).From(h1), since: asked, within: soon).Shows("V3-H-5.2-19");

        await lab.Step("Rule 1: the answer to a General Query is pending and due first: a query about the group needs none of its own");
        // At the same time, as the answer to the first may be due at once.
        var before = lab.Now;
        await querier.QueryEvery(lab.General(soon), 50.Milliseconds(), 50.Milliseconds());
        await querier.QueryEvery(lab.Specific(G) with { MaxResponseTime = late }, 50.Milliseconds(), 50.Milliseconds());
        await lab.Seen(Query(G).From(querier), before, within: 1.Seconds());
        asked = lab.Last(GeneralQuery().From(querier));
        // Where the delay drawn for the second was shorter all the same, it has an answer of its own, by then too.
        lab.Expect(whole, since: asked, within: soon, times: Times.Between(1, 2), every: Spacing.UpTo(soon)).Shows("V3-H-5.2-04");

        if (!await lab.StepInVirtualTime("Nothing more comes in all the time that was granted"))
            return;
        lab.ExpectNone(AnyReport().From(h1), since: lab.Now, atOnce: true).Shows("V3-H-5.2-04", "V3-H-5.2-11");
        await lab.Pass(late);

        async Task<Moment> Ask(QueryContent first, QueryContent second)
        {
            await querier.Query(first);
            return await querier.Query(second);
        }
    }
}
